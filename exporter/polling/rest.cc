#include "exporter/polling/rest.h"

#include <algorithm>

namespace pce {
namespace {

using std::chrono::milliseconds;

// Readings that fall due close together make one pass.
constexpr milliseconds kLongestPause = std::chrono::minutes(1);
constexpr int kPausesAnInterval = 360;
// Somebody who has signed in again need not wait longer than this.
constexpr milliseconds kLookForAToken = std::chrono::seconds(5);
constexpr milliseconds kShortestLook{100};

}  // namespace

bool Rest::until_something_is_due(bool token_refused, std::stop_token stop,
                                  std::stop_token enough) {
  const SteadyTime earliest =
      parts_.clock.steady() + std::min(kLongestPause, interval_ / kPausesAnInterval);
  while (!enough.stop_requested()) {
    // Renews it when it is time, whether or not anybody reads.
    const bool token = parts_.tokens.access_token(stop).has_value();
    if (!token && token_refused) return until_there_is_a_token(stop, enough);
    // Where the token was lost since, a round that fails at once says so.
    const SteadyTime now = parts_.clock.steady();
    const SteadyTime due = std::max(parts_.readings.next(now + interval_), earliest);
    if (now >= due) return true;
    const SteadyTime wake = std::max(std::min(due, parts_.expiry.drop()), earliest);
    const SteadyTime look = std::max(parts_.tokens.next_look(), now + kShortestLook);
    if (!parts_.clock.wait_until(std::min(wake, look), enough)) return false;
  }
  return false;
}

bool Rest::until_there_is_a_token(std::stop_token stop, std::stop_token enough) {
  bool for_a_human = false;
  do {
    for_a_human = for_a_human || needs_a_human(parts_.tokens.status().state);
    const SteadyTime now = parts_.clock.steady();
    const SteadyTime look = std::max(parts_.tokens.next_look(), now + kShortestLook);
    if (!parts_.clock.wait_until(std::min(look, now + kLookForAToken), enough)) return false;
  } while (!parts_.tokens.access_token(stop));
  // What was tried in vain meanwhile is not to wait any longer.
  if (for_a_human) parts_.readings.schedule().retry_failed(parts_.clock.steady());
  return true;
}

}  // namespace pce
