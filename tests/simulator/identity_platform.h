#pragma once
// The identity platform: everything below /{tenant}/oauth2, and /devicelogin. Any thread.
#include <string>

#include "tests/simulator/access_tokens.h"
#include "tests/simulator/authorization_codes.h"
#include "tests/simulator/authorize_endpoint.h"
#include "tests/simulator/client_authentication.h"
#include "tests/simulator/device_codes.h"
#include "tests/simulator/device_endpoint.h"
#include "tests/simulator/refresh_tokens.h"
#include "tests/simulator/registration.h"
#include "tests/simulator/route.h"
#include "tests/simulator/token_endpoint.h"

namespace simulator {

class IdentityPlatform {
 public:
  IdentityPlatform(Registration registration, std::string refresh_token, const Clock& clock);

  Response answer(const Request& request, const Route& route, const Settings& settings);
  // A fault's refusal in the shape this route tells refusals in.
  Response refuse(const Request& request, const Route& route, const Refusal& refusal) const;

  AccessTokens& access_tokens() { return access_; }
  RefreshTokens& refresh_tokens() { return refresh_; }
  // Forgets revocations, codes, and what was counted.
  void reset();

 private:
  const Registration registration_;
  const Clock& clock_;
  AccessTokens access_;
  RefreshTokens refresh_;
  AuthorizationCodes codes_;
  DeviceCodes devices_;
  ClientAuthentication clients_;
  AuthorizeEndpoint authorize_;
  DeviceEndpoint device_;
  TokenEndpoint token_;
};

}  // namespace simulator
