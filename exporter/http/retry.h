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
  int attempts = 3;                            // the first try included
  std::chrono::milliseconds first_wait{500};   // doubles each time
  std::chrono::milliseconds longest_wait{60'000};
};

// Wait this long before try number `attempt` (2, 3, …); nullopt: give up. Full jitter: `random01` in [0,1) scales the
// wait. A Retry-After is a floor: we never come back earlier than asked.
std::optional<std::chrono::milliseconds> wait_before(int attempt, const Error& last, const RetryPolicy& policy,
                                                     double random01);

// What a 429 or 503 asks for: the Retry-After header in seconds or as an HTTP date, else the number of seconds in the
// message of the body ("Try again in 57 seconds."), else 60 s for a 429; within 1 s … 1 h. nullopt for other statuses
// without the header.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response, WallTime now);

}  // namespace pce
