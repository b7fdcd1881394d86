#include "exporter/identity/sign_in_check.h"

#include <utility>

#include "exporter/base/units.h"

namespace pce {
namespace {

constexpr std::string_view kPermission = "user_impersonation";

Error flaw(std::string message) {
  return {.kind = ErrorKind::kUnauthorized, .message = std::move(message)};
}

bool has_word(const std::string& words, const std::string& word) {
  return (" " + words + " ").find(" " + word + " ") != std::string::npos;
}

std::string methods_text(const AccessTokenClaims& claims) {
  if (claims.methods.empty()) return "the token names no method at all";
  std::string text = "the token says";
  for (const std::string& method : claims.methods) text += " " + method;
  return text;
}

}  // namespace

Result<AccessTokenClaims> check_sign_in(const TokenAnswer& answer, const WantedSignIn& wanted) {
  if (answer.refresh_token.empty()) {
    return flaw(
        "The identity platform gave no refresh token, so the exporter could not go on when the "
        "access token ends. Check that the permission offline_access is not withheld from the "
        "application.");
  }
  const auto read = access_token_claims(answer.access_token);
  if (!read && wanted.mfa) {
    return flaw(
        "The access token cannot be read, so nobody can tell whether the sign-in was by "
        "multi-factor authentication. --allow-no-mfa stores it all the same.");
  }
  const AccessTokenClaims claims = read.value_or(AccessTokenClaims{});
  const auto tenant = TenantId::parse(claims.tenant_id);
  if (read && (!tenant || tenant->text() != wanted.tenant_id)) {
    return flaw("The sign-in was to tenant " +
                (claims.tenant_id.empty() ? "(none named)" : claims.tenant_id) +
                ", and the configuration wants " + wanted.tenant_id +
                ". Sign in with a user of that tenant, or correct tenant_id.");
  }
  if (!claims.has_scope(kPermission) &&
      !has_word(answer.scope, wanted.resource + "/" + std::string(kPermission))) {
    return flaw(
        "The sign-in was not granted user_impersonation. Add the delegated permission "
        "user_impersonation of Microsoft Partner Center to the application, and let an "
        "administrator consent to it.");
  }
  if (wanted.mfa && !claims.mfa()) {
    return flaw(
        "The sign-in was without multi-factor authentication (" + methods_text(claims) +
        "), and Partner Center refuses such tokens (401, code 900421). Register the user for MFA, "
        "let security defaults or a Conditional Access policy ask for it, and sign in again in a "
        "private window: a session of before brings no second factor along. --allow-no-mfa stores "
        "the token all the same.");
  }
  return claims;
}

}  // namespace pce
