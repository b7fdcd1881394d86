#pragma once
// Codes between the authorize page and the token endpoint: short-lived, for one use. Source:
// authentication.md 2.5. Any thread.
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "tests/simulator/grant.h"

namespace simulator {

struct AuthorizationRequest {
  std::string redirect_uri{};
  std::string scope{};     // version 2, as sent
  std::string resource{};  // version 1
  std::string nonce{};
  std::string challenge{};  // empty: no PKCE
  bool s256 = true;         // false: the challenge is the verifier itself
};

class AuthorizationCodes {
 public:
  std::string issue(const Grant& grant, const AuthorizationRequest& asked, Instant now);

  struct Redemption {
    std::string client, tenant, redirect_uri, verifier;
  };
  struct Outcome {
    int refused = 0;  // AADSTS; 0: redeemed
    Grant grant;
    AuthorizationRequest asked;
  };
  // A refused code can still be redeemed rightly, as long as it lives.
  Outcome redeem(const std::string& code, const Redemption& redemption,
                 std::chrono::milliseconds lifetime, Instant now);
  void reset();

 private:
  struct Code {
    Grant grant;
    AuthorizationRequest asked;
    Instant issued;
    bool used = false;
  };
  std::mutex mutex_;
  std::map<std::string, Code> codes_;
};

// Whether the verifier is the one whose challenge was announced (RFC 7636).
bool proves_possession(const AuthorizationRequest& asked, const std::string& verifier);

}  // namespace simulator
