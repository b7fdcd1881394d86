#include "exporter/identity/token_endpoint.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/base/foreign_text.h"
#include "exporter/base/guid.h"
#include "exporter/identity/entra_error.h"
#include "exporter/json/json_document.h"

namespace pce {
namespace {

using std::chrono::seconds;

constexpr std::string_view kOperation = "token";
constexpr std::size_t kAnswerBytesMax = 1024U * 1024;
constexpr std::size_t kScopeBytesMax = 1000;
constexpr seconds kLifetimeUnsaid{600};
constexpr seconds kBelievedMax{7 * 24 * 3600};
constexpr seconds kUsedMax{24 * 3600};

std::string without_slash(std::string address) {
  while (address.ends_with('/')) address.pop_back();
  return address;
}

// A number, or digits in a text. What cannot be true, or is not there, counts as ten minutes.
seconds lifetime_of(const JsonDocument& answer) {
  const JsonValue* value = answer.find("expires_in");
  const auto said = value != nullptr ? value->real() : std::nullopt;
  if (!said || *said < 1 || *said > static_cast<double>(kBelievedMax.count()))
    return kLifetimeUnsaid;
  return std::min(seconds(static_cast<seconds::rep>(*said)), kUsedMax);
}

// nullopt: the service proposes none that makes sense.
std::optional<seconds> refresh_in(const JsonDocument& answer, seconds lifetime) {
  const JsonValue* value = answer.find("refresh_in");
  const auto said = value != nullptr ? value->real() : std::nullopt;
  if (!said || *said < 1 || *said >= static_cast<double>(lifetime.count())) return std::nullopt;
  return seconds(static_cast<seconds::rep>(*said));
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool says_bearer(std::string_view type) { return type.empty() || same_key(type, "Bearer"); }

Error malformed(std::string message) {
  return {.kind = ErrorKind::kMalformed, .message = std::move(message), .http_status = 200};
}

}  // namespace

TokenEndpoint::TokenEndpoint(Parts parts, std::string login, const std::string& tenant_id,
                             std::chrono::milliseconds timeout)
    : parts_(parts),
      login_(without_slash(std::move(login))),
      url_(login_ + "/" + tenant_id + "/oauth2/v2.0/token"),
      device_code_url_(login_ + "/" + tenant_id + "/oauth2/v2.0/devicecode"),
      timeout_(timeout) {}

Error TokenEndpoint::refused(Error error) const {
  parts_.telemetry.api_failure(kOperation, error.kind);
  return with_context(std::move(error), "sign-in at " + login_);
}

Result<TokenEndpoint::Posted> TokenEndpoint::post(const std::string& url,
                                                  std::vector<FormField> fields,
                                                  ClientCredential* credential,
                                                  std::stop_token stop) {
  const auto permit = parts_.governor.admit(stop);
  if (!permit) return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
  if (credential != nullptr) {
    auto proof = credential->proof(url_, parts_.clock.wall());
    if (!proof) return proof.error();
    std::ranges::move(*proof, std::back_inserter(fields));
  }
  const HttpRequest request{
      .method = "POST",
      .url = url,
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                  {"Accept", "application/json"},
                  {"client-request-id", new_guid()}},
      .body = form_body(fields),
      .timeout = timeout_,
      .body_bytes_max = kAnswerBytesMax,
  };
  const SteadyTime sent = parts_.clock.steady();
  auto answer = parts_.transport.send(request, std::move(stop));
  if (!answer && answer.error().kind == ErrorKind::kCancelled)
    return answer.error();  // ours, not the service's doing
  const std::chrono::duration<double> took = parts_.clock.steady() - sent;
  parts_.telemetry.api_call(kOperation, answer ? answer->status : 0, took);
  if (!answer) return refused(answer.error());
  if (answer->status != 200) {
    Error error = entra_error(*answer, parts_.clock.wall());
    const bool repeats = std::ranges::any_of(fields, [&](const FormField& field) {
      return field.secret && mentions(error.message, field.value);
    });
    if (repeats) {
      error.message = "HTTP " + std::to_string(answer->status) + ", " + error.api_code +
                      ", in words that repeat a secret and are not shown";
    }
    if (error.retry_after) parts_.governor.pause_for(*error.retry_after);
    return refused(std::move(error));
  }
  std::string form = foreign_line(answer->header("Content-Type").value_or("none")) + ", " +
                     std::to_string(answer->body.size()) + " bytes";
  return Posted{.body = Secret(std::move(answer->body)), .form = std::move(form), .sent = sent};
}

Result<TokenAnswer> TokenEndpoint::ask(std::vector<FormField> fields, std::stop_token stop) {
  return ask_for_tokens(std::move(fields), nullptr, std::move(stop));
}

Result<TokenAnswer> TokenEndpoint::ask(std::vector<FormField> fields, ClientCredential& credential,
                                       std::stop_token stop) {
  return ask_for_tokens(std::move(fields), &credential, std::move(stop));
}

Result<TokenAnswer> TokenEndpoint::ask_for_tokens(std::vector<FormField> fields,
                                                  ClientCredential* credential,
                                                  std::stop_token stop) {
  const SteadyTime asked = parts_.clock.steady();
  auto posted = post(url_, std::move(fields), credential, std::move(stop));
  if (!posted) return std::move(posted).error();
  auto tokens = read(std::move(posted->body));
  if (!tokens) {
    Error error = std::move(tokens).error();
    error.message += " (content type " + posted->form + ")";
    return refused(std::move(error));
  }
  const auto waited = std::chrono::floor<seconds>(posted->sent - asked);  // for the governor
  tokens->lifetime += waited;
  if (tokens->refresh_in) *tokens->refresh_in += waited;
  return tokens;
}

Result<Secret> TokenEndpoint::ask_device_code(const std::vector<FormField>& fields,
                                              std::stop_token stop) {
  auto posted = post(device_code_url_, fields, nullptr, std::move(stop));
  if (!posted) return std::move(posted).error();
  return std::move(posted->body);
}

Result<TokenAnswer> TokenEndpoint::read(Secret body) const {
  const auto document = parse_json(body.reveal());
  if (!document) return malformed(document.error().message);
  const std::string_view access = document->text_of("access_token");
  if (!is_token(access)) return malformed("the answer has no access_token that could be used");
  if (!says_bearer(document->text_of("token_type")))
    return malformed("the answer's token_type is not Bearer");
  const std::string_view refresh = document->text_of("refresh_token");
  const seconds lifetime = lifetime_of(*document);
  return TokenAnswer{.access_token = Secret(std::string(access)),
                     .lifetime = lifetime,
                     .refresh_token = Secret(is_token(refresh) ? std::string(refresh) : ""),
                     .refresh_in = refresh_in(*document, lifetime),
                     .scope = foreign_words(document->text_of("scope"), kScopeBytesMax)};
}

}  // namespace pce
