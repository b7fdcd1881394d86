#pragma once
// Says in the log how an account's sign-in stands: one line when that changes, and once a day while
// somebody is waited for. Not thread-safe.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/identity/token_source.h"

namespace pce {

class TokenReport {
 public:
  explicit TokenReport(std::string partner) : partner_(std::move(partner)) {}

  // `now` is the moment of `status`; next_try and access_token_ends are told relative to it.
  void write(const TokenStatus& status, WallTime now);

 private:
  const std::string partner_;
  TokenState state_ = TokenState::kStarting;
  std::string reason_;
  WallTime since_{};    // when it stopped being kOk
  WallTime written_{};  // the last line
};

}  // namespace pce
