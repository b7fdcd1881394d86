#include "exporter/identity/entra_token_source.h"

#include <string>
#include <utility>

#include "exporter/base/file_stamp.h"
#include "exporter/telemetry/log.h"

namespace pce {

EntraTokenSource::EntraTokenSource(TokenEndpoint::Parts parts, Account account)
    : telemetry_(parts.telemetry),
      account_(std::move(account)),
      endpoint_(parts, account_.login, account_.tenant_id, account_.timeout),
      file_(account_.refresh_token_file) {}

Result<TokenRecord> EntraTokenSource::record() {
  auto read = file_.read();
  if (!unwritten_.refresh_token.empty() && (!read || *read == in_file_)) return unwritten_;
  if (!read)
    return read;  // nothing newer in memory, and what we once read may have been taken away on
                  // purpose
  unwritten_ = TokenRecord();  // a human signed in: that token is newer still
  in_file_ = *read;
  return read;
}

std::optional<Error> EntraTokenSource::keep(TokenRecord record) {
  const auto now_in_file = file_.read();
  if (now_in_file && !(*now_in_file == in_file_))
    return std::nullopt;  // somebody signed in while we were asking
  if (record == in_file_) return std::nullopt;
  const Status written = file_.write(record);
  if (written) {
    in_file_ = std::move(record);
    unwritten_ = TokenRecord();
    return std::nullopt;
  }
  unwritten_ = std::move(record);
  log_warn("the new refresh token is kept in memory only, it could not be stored",
           {{"error", written.error().message}});
  return written.error();
}

Result<IssuedToken> EntraTokenSource::redeem(const TokenRecord& record, const Secret& client_secret,
                                             std::stop_token stop) {
  const std::string scope = account_.resource + "/user_impersonation offline_access";
  auto answer = endpoint_.ask({{"client_id", Secret(account_.client_id)},
                               {"grant_type", Secret("refresh_token")},
                               {"refresh_token", record.refresh_token, true},
                               {"scope", Secret(scope)},
                               {"client_secret", client_secret, true}},
                              std::move(stop));
  if (!answer) return answer.error();
  IssuedToken issued{.access_token = std::move(answer->access_token), .lifetime = answer->lifetime};
  TokenRecord newest = record;
  if (!answer->refresh_token.empty()) newest.refresh_token = std::move(answer->refresh_token);
  issued.warning = keep(std::move(newest));
  return issued;
}

std::string EntraTokenSource::inputs() const { return file_stamp(file_.path()); }

Result<IssuedToken> EntraTokenSource::issue(std::stop_token stop) {
  const auto attempt = [&]() -> Result<IssuedToken> {
    const auto stored = record();
    if (!stored) return stored.error();
    Secret client_secret;
    if (account_.client_secret) {
      auto secret = account_.client_secret();
      if (!secret) return secret.error();
      client_secret = std::move(*secret);
      if (client_secret.empty()) {
        return Error{.kind = ErrorKind::kSettings, .message = "the client secret is empty"};
      }
    }
    return redeem(*stored, client_secret, stop);
  };
  auto issued = attempt();
  if (issued || issued.error().kind != ErrorKind::kCancelled)
    telemetry_.token_refresh(issued.has_value());
  return issued;
}

}  // namespace pce
