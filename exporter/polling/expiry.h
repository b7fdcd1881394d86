#pragma once
// Nothing is shown that is older than insights.stale_after.
#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/wake_call.h"
#include "exporter/polling/publisher.h"

namespace pce {

class Expiry {
 public:
  // `dropped` hears of each slice that goes, on any thread and under the store's lock.
  Expiry(Publisher& publisher, Clock& clock, std::string partner,
         std::chrono::milliseconds stale_after, std::function<void(const Slice&)> dropped = {})
      : publisher_(publisher),
        clock_(clock),
        partner_(std::move(partner)),
        stale_after_(stale_after),
        dropped_(std::move(dropped)) {}

  // From now on; whoever waits in run() looks again. Any thread.
  void stale_after_is(std::chrono::milliseconds stale_after);

  // Takes away what is too old now; returns when the next slice will be, or could be.
  SteadyTime drop();
  // Does so at the right moments until `stop` is requested: a thread of its own, because a reading
  // may take longer than its predecessor's rows have left. It waits by `clock`, so that its waits
  // are not taken for the poller's.
  void run(Clock& clock, std::stop_token stop);

 private:
  Publisher& publisher_;
  Clock& clock_;
  const std::string partner_;
  std::atomic<std::chrono::milliseconds> stale_after_;
  WakeCall shortened_;
  const std::function<void(const Slice&)> dropped_;
};

}  // namespace pce
