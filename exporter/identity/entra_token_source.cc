#include "exporter/identity/entra_token_source.h"

#include <string>
#include <utility>

#include "exporter/base/file_stamp.h"
#include "exporter/telemetry/log.h"

namespace pce {

EntraTokenSource::EntraTokenSource(TokenEndpoint::Parts parts, ClientCredential& credential,
                                   Account account)
    : telemetry_(parts.telemetry),
      credential_(credential),
      account_(std::move(account)),
      endpoint_(parts, account_.login, account_.tenant_id, account_.timeout),
      file_(account_.refresh_token_file) {}

Result<Secret> EntraTokenSource::refresh_token() {
  auto read = file_.read();
  if (!unwritten_.empty() && (!read || *read == in_file_)) return unwritten_;
  if (!read)
    return read;  // nothing newer in memory, and what we once read may have been taken away on
                  // purpose
  unwritten_ = Secret();  // a human signed in: that token is newer still
  in_file_ = *read;
  return read;
}

std::optional<Error> EntraTokenSource::keep(const Secret& renewed, const Secret& redeemed) {
  const Secret& newest = renewed.empty() ? redeemed : renewed;
  const auto now_in_file = file_.read();
  if (now_in_file && !(*now_in_file == in_file_))
    return std::nullopt;  // somebody signed in while we were asking
  if (newest == in_file_) return std::nullopt;
  const Status written = file_.write(newest);
  if (written) {
    in_file_ = newest;
    unwritten_ = Secret();
    return std::nullopt;
  }
  unwritten_ = newest;
  log_warn("the new refresh token is kept in memory only, it could not be stored",
           {{"error", written.error().message}});
  return written.error();
}

Result<IssuedToken> EntraTokenSource::redeem(const Secret& refresh_token, std::stop_token stop) {
  const std::string scope = account_.resource + "/user_impersonation offline_access";
  auto answer = endpoint_.ask({{"client_id", Secret(account_.client_id)},
                               {"grant_type", Secret("refresh_token")},
                               {"refresh_token", refresh_token, true},
                               {"scope", Secret(scope)}},
                              credential_, std::move(stop));
  if (!answer) return answer.error();
  IssuedToken issued{.access_token = std::move(answer->access_token), .lifetime = answer->lifetime};
  issued.warning = keep(answer->refresh_token, refresh_token);
  return issued;
}

std::string EntraTokenSource::inputs() const {
  return file_stamp(file_.path()) + credential_.stamp();
}

CredentialEnds EntraTokenSource::ends() const {
  return {.client_certificate = credential_.certificate_end()};
}

Result<IssuedToken> EntraTokenSource::issue(std::stop_token stop) {
  const auto attempt = [&]() -> Result<IssuedToken> {
    const auto refresh = refresh_token();
    if (!refresh) return refresh.error();
    return redeem(*refresh, stop);
  };
  auto issued = attempt();
  if (issued || issued.error().kind != ErrorKind::kCancelled)
    telemetry_.token_refresh(issued.has_value());
  return issued;
}

}  // namespace pce
