#pragma once
// Refresh tokens. Each carries its grant and is closed by a checksum; nothing but revocations is
// stored, so tokens outlive the simulator. Source: authentication.md 3.1 to 3.3. Any thread.
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/simulator/clock.h"
#include "tests/simulator/grant.h"

namespace simulator {

struct RefreshToken {
  enum class State { kGood, kUnknown, kRevoked, kExpired };
  State state = State::kUnknown;
  bool issued_here = false;
  Grant grant;
  Instant issued;
};
std::string_view name_of(RefreshToken::State state);

class RefreshTokens {
 public:
  // `initial`: the one token of elsewhere that is accepted; empty: any is. It counts as issued now.
  RefreshTokens(std::string initial, const Clock& clock);

  std::string issue(const Grant& grant) { return issue(grant, clock_.now()); }
  std::string issue(const Grant& grant, Instant issued);
  // `lifetime` counts from the issue of this very token. `asking` is the kind of the client that
  // presents it, in case the token does not know: a changed password ends all but those of
  // confidential clients.
  RefreshToken inspect(std::string_view token, std::chrono::milliseconds lifetime,
                       ClientKind asking) const;

  void revoke();           // all that were issued so far, and the initial one
  void change_password();  // what that revokes
  void reset();            // forgets revocations; the initial one counts as issued now

 private:
  std::string checksum(std::string_view payload) const;

  const std::string initial_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Instant started_;
  std::uint64_t generation_ = 0, passwords_ = 0, issued_ = 0;
};

}  // namespace simulator
