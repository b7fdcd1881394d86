#pragma once
// Access and refresh tokens. An access token looks like a JWT and carries everything the simulator
// wants to know when it comes back, closed by a checksum; nothing is stored. It protects nothing
// and must not be used elsewhere.
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/simulator/dates.h"

namespace simulator {

struct AccessToken {
  bool user = true;  // App+User; false: app-only
  std::string tenant;
  std::string audience;
  std::string client;
  bool mfa = true;
  Instant expires;
};

enum class TokenState { kNone, kForeign, kRevoked, kExpired, kGood };
std::string_view name_of(TokenState state);

class TokenMint {
 public:
  // `initial_refresh_token` empty: any refresh token is accepted that was not revoked.
  explicit TokenMint(std::string initial_refresh_token);

  std::string issue(const AccessToken& token, Instant now);
  // Who signed in, for the client; no call accepts it.
  std::string identify(const AccessToken& token, Instant now) const;
  // Reads an Authorization value ("Bearer …").
  std::pair<TokenState, AccessToken> inspect(std::string_view authorization, Instant now) const;

  std::string next_refresh_token();
  enum class Refresh { kGood, kUnknown, kRevoked };
  Refresh check_refresh_token(std::string_view token) const;

  void revoke_access_tokens();   // all that were issued so far
  void revoke_refresh_tokens();  // all that were issued so far, and the initial one
  void reset();                  // forgets revocations

 private:
  std::string refresh_prefix(std::uint64_t generation) const;

  const std::string initial_;
  mutable std::mutex mutex_;
  std::uint64_t access_generation_ = 0, refresh_generation_ = 0;
  std::uint64_t issued_ = 0;
};

}  // namespace simulator
