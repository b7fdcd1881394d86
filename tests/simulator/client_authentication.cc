#include "tests/simulator/client_authentication.h"

namespace simulator {
namespace {

Refusal with_text(int number, std::string text) {
  Refusal refusal = refusal_of(number);
  refusal.text = std::move(text);
  return refusal;
}

}  // namespace

std::optional<Refusal> ClientAuthentication::refuse_unknown(const std::string& client) const {
  if (client.empty()) return with_text(900144, "The request must contain client_id.");
  if (registration_.client_id && !same_text(client, *registration_.client_id))
    return refusal_of(700016);
  return std::nullopt;
}

std::optional<Refusal> ClientAuthentication::refuse_secret(const std::string& secret,
                                                           const Settings& settings) const {
  // An application that registered other proofs only has no right secret.
  if (registration_.proves_itself() && secret != registration_.client_secret)
    return refusal_of(7000215);
  if (settings.client_credential == "expired") return refusal_of(7000222);
  return std::nullopt;
}

std::optional<Refusal> ClientAuthentication::refuse_assertion(const Request& request,
                                                              const Fields& form,
                                                              const std::string& client,
                                                              const Settings& settings) {
  const std::string assertion = find_field(form, "client_assertion").value_or("");
  const bool checked = registration_.certificate || registration_.federated_token;
  if (checked && find_field(form, "client_assertion_type") != kAssertionType)
    return with_text(900144, "The request must contain client_assertion_type jwt-bearer.");
  if (settings.client_credential == "expired")
    return with_text(700027, "The certificate of the client assertion has expired.");
  if (registration_.federated_token && assertion == *registration_.federated_token)
    return std::nullopt;
  if (!registration_.certificate) return checked ? std::optional(refusal_of(700213)) : std::nullopt;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string jti;
  if (const auto problem =
          judge_assertion(assertion, *registration_.certificate, client, request.path, now, jti)) {
    return with_text(problem->number, problem->text);
  }
  if (!seen_.add(jti, now)) return with_text(50012, "Client assertion's jti was used before.");
  return std::nullopt;
}

ClientVerdict ClientAuthentication::judge(const Request& request, const Fields& form,
                                          ClientKind kind, const Settings& settings) {
  ClientVerdict verdict;
  verdict.client = find_field(form, "client_id").value_or("");
  std::optional<std::string> secret = find_field(form, "client_secret");
  const std::string authorization = request.header("Authorization").value_or("");
  if (authorization.starts_with("Basic ")) {
    const std::string pair = base64_decode(authorization.substr(6)).value_or("");
    const auto colon = std::min(pair.find(':'), pair.size());
    verdict.client = url_decode(pair.substr(0, colon));
    secret = url_decode(pair.substr(std::min(colon + 1, pair.size())));
  }
  const bool assertion = !find_field(form, "client_assertion").value_or("").empty();
  if (assertion) {
    verdict.proof = Proof::kAssertion;
  } else if (secret && !secret->empty()) {
    verdict.proof = Proof::kSecret;
  }
  verdict.refusal = refuse_unknown(verdict.client);
  if (verdict.refusal) return verdict;
  const bool is_public =
      kind == ClientKind::kPublic || (kind == ClientKind::kUnknown && registration_.public_client);
  const bool must_prove = kind == ClientKind::kConfidential ||
                          (kind == ClientKind::kUnknown && registration_.proves_itself());
  // An empty secret is one, too: a public client sends none at all.
  if (is_public && (secret || assertion)) {
    verdict.refusal = refusal_of(700025);
  } else if (must_prove && !is_public && verdict.proof == Proof::kNone) {
    verdict.refusal = refusal_of(7000218);
  } else if (verdict.proof == Proof::kAssertion) {
    verdict.refusal = refuse_assertion(request, form, verdict.client, settings);
  } else if (verdict.proof == Proof::kSecret) {
    verdict.refusal = refuse_secret(*secret, settings);
  }
  return verdict;
}

}  // namespace simulator
