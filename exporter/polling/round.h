#pragma once
// Reads many answers of one account in parallel. Knows nothing of schedules, sources or customers.
#include <functional>
#include <stop_token>
#include <vector>

#include "exporter/polling/reading.h"

namespace pce {

// `read` makes one reading, on any thread, and gives up soon when its token says so. Hands each
// outcome to `take` as soon as it is there, one at a time and on any thread. When it says false the
// round ends: the readings left are not made. Returns when all is done.
void run_round(const std::vector<Reading>& readings, int concurrency,
               const std::function<Outcome(const Reading&, std::stop_token)>& read,
               const std::function<bool(const Reading&, Outcome)>& take, std::stop_token stop);

}  // namespace pce
