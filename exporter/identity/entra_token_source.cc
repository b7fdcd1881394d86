#include "exporter/identity/entra_token_source.h"

#include <string>
#include <utility>
#include <vector>

#include "exporter/base/file_stamp.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

TokenOwner owner_of(const EntraTokenSource::Account& account, const TokenEndpoint& endpoint,
                    const ClientCredential& credential) {
  return {.authority = endpoint.login(),
          .tenant_id = account.tenant_id,
          .client_id = account.client_id,
          .has_proof = credential.is_confidential()};
}

// The throttle in the disguise of invalid_grant (AADSTS50196) has another kind.
bool says_the_token_is_no_good(const Error& error) {
  return error.kind == ErrorKind::kUnauthorized && error.api_word == "invalid_grant";
}

}  // namespace

EntraTokenSource::EntraTokenSource(TokenEndpoint::Parts parts, ClientCredential& credential,
                                   Account account)
    : clock_(parts.clock),
      telemetry_(parts.telemetry),
      credential_(credential),
      account_(std::move(account)),
      file_(account_.refresh_token_file),
      endpoint_(parts, account_.login, account_.tenant_id, account_.timeout),
      owner_(owner_of(account_, endpoint_, credential_)),
      custody_(clock_, TokenFile(file_), owner_) {}

void EntraTokenSource::refresh_token_file_is(std::filesystem::path file) {
  if (file == this->file()) return;
  custody_.file_is(TokenFile(file));
  const std::scoped_lock lock(file_mutex_);
  file_ = std::move(file);
}

std::filesystem::path EntraTokenSource::file() const {
  const std::scoped_lock lock(file_mutex_);
  return file_;
}

Result<IssuedToken> EntraTokenSource::issue(std::stop_token stop) {
  const SteadyTime began = clock_.steady();
  const auto lock = custody_.lock(stop);
  if (!lock) return lock.error();
  auto issued = issue_under_lock(began, stop);
  if (issued || issued.error().kind != ErrorKind::kCancelled)
    telemetry_.token_refresh(issued.has_value());
  return issued;
}

Result<IssuedToken> EntraTokenSource::issue_under_lock(SteadyTime began, std::stop_token stop) {
  const auto record = custody_.newest();
  if (!record) return record.error();
  auto redeemed = redeem(*record, std::move(stop));
  if (!redeemed) return std::move(redeemed).error();
  TokenAnswer& answer = redeemed->answer;
  if (answer.refresh_token.empty()) telemetry_.token_not_rotated();
  // Counted from `began`, as our caller does; what came before the request is no part of its life.
  const auto before = std::chrono::floor<std::chrono::seconds>(redeemed->asked - began);
  IssuedToken issued{.access_token = std::move(answer.access_token),
                     .lifetime = answer.lifetime + before};
  if (answer.refresh_in) issued.renew_after = *answer.refresh_in + before;
  issued.warning = custody_.keep(after_redemption(*record,
                                                  {.used = std::move(redeemed->used),
                                                   .renewed = std::move(answer.refresh_token),
                                                   .scope = std::move(answer.scope)},
                                                  owner_, clock_.wall()));
  return issued;
}

bool EntraTokenSource::proves_itself_with(const TokenRecord& record) {
  if (!owner_.has_proof) return false;
  if (client_type_of(record, owner_) == ClientType::kConfidential) return true;
  if (!std::exchange(said_without_proof_, true)) {
    log_warn(
        "the refresh token is a public client's, which must not prove itself: the configured "
        "proof is not used",
        {{"file", file().string()}});
  }
  return false;
}

Result<EntraTokenSource::Redeemed> EntraTokenSource::redeem(const TokenRecord& record,
                                                            std::stop_token stop) {
  const bool with_proof = proves_itself_with(record);
  auto first = ask(record.refresh_token, with_proof, stop);
  if (first || !says_the_token_is_no_good(first.error()) || record.previous.empty() ||
      record.previous == refused_) {
    return first;
  }
  auto second = ask(record.previous, with_proof, stop);
  if (second) {
    log_warn("the newest refresh token was refused, the one before it still works",
             {{"error", first.error().message}});
    return second;
  }
  if (!says_the_token_is_no_good(second.error())) return second;
  refused_ = record.previous;  // asking for it again and again would only look like a loop
  return first;
}

Result<EntraTokenSource::Redeemed> EntraTokenSource::ask(const Secret& refresh_token,
                                                         bool with_proof, std::stop_token stop) {
  const SteadyTime asked = clock_.steady();
  const std::string scope = account_.resource + "/user_impersonation offline_access";
  std::vector<FormField> fields{{"client_id", Secret(account_.client_id)},
                                {"grant_type", Secret("refresh_token")},
                                {"refresh_token", refresh_token, true},
                                {"scope", Secret(scope)}};
  auto answer = with_proof ? endpoint_.ask(std::move(fields), credential_, std::move(stop))
                           : endpoint_.ask(std::move(fields), std::move(stop));
  if (!answer) return std::move(answer).error();
  return Redeemed{.answer = std::move(*answer), .used = refresh_token, .asked = asked};
}

std::string EntraTokenSource::inputs() const { return file_stamp(file()) + credential_.stamp(); }

CredentialEnds EntraTokenSource::ends() const {
  CredentialEnds ends = custody_.ends();
  ends.client_certificate = credential_.certificate_end();
  return ends;
}

}  // namespace pce
