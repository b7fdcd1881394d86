#pragma once
// Access tokens and id tokens. An access token looks like a JWT and carries everything the
// simulator wants to know when it comes back, closed by a checksum; nothing is stored. It protects
// nothing and must not be used elsewhere.
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/simulator/dates.h"

namespace simulator {

struct AccessToken {
  bool user_token = true;  // App+User; false: app-only
  std::string tenant;
  std::string audience;
  std::string client;
  std::string user;  // a sign-in name
  int proof = 0;     // appidacr: 0 a public client, 1 a secret, 2 an assertion
  bool mfa = true;
  Instant expires;
};

enum class TokenState { kNone, kForeign, kRevoked, kExpired, kGood };
std::string_view name_of(TokenState state);

class AccessTokens {
 public:
  std::string issue(const AccessToken& token, Instant now);
  // Who signed in, for the client; no call accepts it. `version` is that of the endpoint; an empty
  // nonce is left out.
  std::string identify(const AccessToken& token, int version, const std::string& nonce,
                       Instant now) const;
  // Reads an Authorization value ("Bearer …").
  std::pair<TokenState, AccessToken> inspect(std::string_view authorization, Instant now) const;

  void revoke();  // all that were issued so far
  void reset();   // forgets revocations

 private:
  mutable std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::uint64_t issued_ = 0;
};

}  // namespace simulator
