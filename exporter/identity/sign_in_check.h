#pragma once
// Whether what a sign-in gave us is something the exporter can live on. Pure.
#include <string>

#include "exporter/base/result.h"
#include "exporter/identity/access_token_claims.h"
#include "exporter/identity/token_endpoint.h"

namespace pce {

struct WantedSignIn {
  std::string tenant_id;  // lower case
  std::string resource;
  bool mfa = true;  // false: a token without evidence of MFA will do
};

// What the access token says of the sign-in; of a token that cannot be read, where none of it is
// wanted, nothing. Errors: kUnauthorized, one sentence or two about the first of these that is
// wrong and what to do: a refresh token, the tenant, the permission user_impersonation, MFA.
Result<AccessTokenClaims> check_sign_in(const TokenAnswer& answer, const WantedSignIn& wanted);

}  // namespace pce
