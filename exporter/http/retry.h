#pragma once
// Decides whether a failed call is worth repeating, and when. Pure: nothing here sleeps.
// Source: reference of Partner Center's errors and throttling, "API throttling guidance".
#include <chrono>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http/transport.h"

namespace pce {

struct RetryPolicy {
  int attempts = 3;                           // the first try included
  std::chrono::milliseconds first_wait{500};  // doubles each time
  std::chrono::milliseconds longest_wait{60'000};
};

// Wait this long before try number `attempt` (2, 3, …); nullopt: give up. Full jitter: `random01`
// in [0,1) scales the wait. What Error::retry_after asks for is a floor on top of which the
// jittered wait comes: never earlier than asked, and not everybody at once.
std::optional<std::chrono::milliseconds> wait_before(int attempt, const Error& last,
                                                     const RetryPolicy& policy, double random01);

// What a refusal asks for: the longest readable Retry-After header in seconds or as an HTTP date
// (read against the answer's own Date), else, for 429 and 503, the number of seconds in the text of
// the body ("Try again in 57 seconds."), else 60 s for a 429; within 1 s … 1 h. nullopt for other
// statuses without a readable header.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response, WallTime now);

}  // namespace pce
