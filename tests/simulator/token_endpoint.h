#pragma once
// POST /{tenant}/oauth2/token and /{tenant}/oauth2/v2.0/token. Source: authentication.md 2.1
// to 2.5, 3, 5.2.
#include <optional>
#include <string>

#include "tests/simulator/access_tokens.h"
#include "tests/simulator/authorization_codes.h"
#include "tests/simulator/client_authentication.h"
#include "tests/simulator/clock.h"
#include "tests/simulator/device_codes.h"
#include "tests/simulator/loop_guard.h"
#include "tests/simulator/refresh_tokens.h"

namespace simulator {

// What the endpoint redeems and issues.
struct TokenStores {
  AccessTokens& access;
  RefreshTokens& refresh;
  AuthorizationCodes& codes;
  DeviceCodes& devices;
};

class TokenEndpoint {
 public:
  TokenEndpoint(const Registration& registration, ClientAuthentication& clients, TokenStores stores,
                const Clock& clock)
      : registration_(registration), clients_(clients), stores_(stores), clock_(clock) {}

  // `version` is 1 or 2.
  Response answer(const Request& request, const std::string& tenant, int version,
                  const Settings& settings);
  void reset() { loops_.reset(); }

 private:
  struct Asked {
    const Request& request;
    const Fields& form;
    std::string tenant;
    int version;
    const Settings& settings;
  };
  // What is to be written into the answer.
  struct Granted {
    std::string client;
    Proof proof = Proof::kNone;
    Grant grant{};
    bool user = true;      // false: app-only
    bool renewal = false;  // by refresh token
    std::string scope{};   // of the sign-in, and of this request
    std::string audience{};
    std::string nonce{};
  };
  Response redeem_refresh_token(const Asked& asked);
  Response redeem_code(const Asked& asked);
  Response redeem_device_code(const Asked& asked);
  Response app_only(const Asked& asked);
  // Whether a policy of the tenant forbids the grant; otherwise the tokens.
  Response grant(const Asked& asked, Granted granted);
  Response issue(const Asked& asked, const Granted& granted);

  const Registration& registration_;
  ClientAuthentication& clients_;
  const TokenStores stores_;
  const Clock& clock_;
  LoopGuard loops_;
};

}  // namespace simulator
