#include "exporter/identity/token_report.h"

#include <algorithm>

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

constexpr std::chrono::hours kReminder{24};

const char* headline(const TokenStatus& status) {
  switch (status.state) {
    case TokenState::kNeedsLogin:
      return "This account needs somebody to sign in";
    case TokenState::kMisconfigured:
      return "This account needs its configuration corrected";
    case TokenState::kStarting:
    case TokenState::kOk:
    case TokenState::kDegraded:
      return status.next_try ? "The sign-in fails; it is tried again by itself"
                             : "The sign-in works, but not much longer";
  }
  return "";
}

double seconds_until(const std::optional<WallTime>& when, WallTime now) {
  return when ? std::max(std::chrono::duration<double>(*when - now).count(), 0.0) : 0;
}

}  // namespace

void TokenReport::write(const TokenStatus& status, WallTime now) {
  const bool changed = status.state != state_ || status.reason != reason_;
  const bool reminder = needs_a_human(status.state) && now - written_ >= kReminder;
  if (!changed && !reminder) return;
  const TokenState before = state_;
  state_ = status.state;
  reason_ = status.reason;
  if (status.state == TokenState::kOk) {
    if (before == TokenState::kStarting) return;
    log_info("The account is signed in again",
             {{"partner", partner_},
              {"was", name_of(before)},
              {"for_seconds", std::chrono::duration<double>(now - since_).count()}});
    return;
  }
  if (before == TokenState::kStarting || before == TokenState::kOk) since_ = now;
  written_ = now;
  log(needs_a_human(status.state) ? LogLevel::kError : LogLevel::kWarn, headline(status),
      {{"partner", partner_},
       {"state", name_of(status.state)},
       {"reason", status.reason},
       {"error", status.message},
       {"run", status.command},
       {"code", status.api_code},
       {"correlation_id", status.correlation_id},
       {"next_try_seconds", seconds_until(status.next_try, now)},
       {"token_lasts_seconds",
        status.served ? seconds_until(status.access_token_ends, now) : 0.0}});
}

}  // namespace pce
