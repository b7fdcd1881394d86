#pragma once
// The simulated gateway's allowance per partner tenant, and the bookkeeping of who came back too
// early. Any thread.
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "tests/simulator/clock.h"

namespace simulator {

class Throttle {
 public:
  explicit Throttle(const Clock& clock) : clock_(clock) {}

  // Takes one call from the tenant's bucket, which holds and regains `per_minute` (simulated). When
  // it is empty, the seconds, as real clients count them, that the caller has to stay away; all
  // calls before that are refused too.
  std::optional<std::chrono::seconds> refuse(const std::string& tenant,
                                             std::optional<unsigned> per_minute);

  // A window opens when a 429 with Retry-After has been handed to the client; a call that arrives
  // before it ends counts as one inside the window. Calls that were on their way already are
  // forgiven: the client had no chance to know. Windows are real time.
  using Real = std::chrono::steady_clock;
  void told_to_wait(const std::string& tenant, Real::time_point sent, std::chrono::seconds wait);
  bool inside_window(const std::string& tenant, Real::time_point arrived) const;

  void reset();

 private:
  struct Bucket {
    double calls = 0;
    Instant counted;
    std::optional<Real::time_point> shut_until;
  };
  struct Window {
    Real::time_point from, until;
  };
  static constexpr std::chrono::milliseconds kOnTheWay{100};

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
  std::map<std::string, Window> windows_;
};

}  // namespace simulator
