#pragma once
// The simulated clock: real time that can be stepped forward and run faster. Token lifetimes and
// throttle windows follow it; latencies and delays are real. Any thread.
#include <chrono>
#include <mutex>

#include "tests/simulator/dates.h"

namespace simulator {

class Clock {
 public:
  explicit Clock(double speed = 1);
  Instant now() const;
  double speed() const;
  void advance(std::chrono::milliseconds by);
  void set_speed(double speed);  // simulated seconds per real second, above 0
  // What a client that lives in real time has to be told about a simulated duration: rounded up, at
  // least 1 s.
  std::chrono::seconds as_seen_by_clients(std::chrono::milliseconds simulated) const;

 private:
  using Real = std::chrono::steady_clock;
  Instant now_locked() const;

  mutable std::mutex mutex_;
  Instant simulated_anchor_;
  Real::time_point real_anchor_;
  double speed_;
};

}  // namespace simulator
