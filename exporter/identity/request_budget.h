#pragma once
// Guards against loops: whatever goes wrong, so many requests in so much time and no more. Not
// thread-safe.
#include <algorithm>
#include <cstddef>
#include <deque>

#include "exporter/base/clock.h"

namespace pce {

class RequestBudget {
 public:
  RequestBudget(std::size_t requests, SteadyTime::duration within)
      : requests_(requests), within_(within) {}

  void spend(SteadyTime now) {
    spent_.push_back(now);
    if (spent_.size() > requests_) spent_.pop_front();
  }
  // The earliest moment, from `now` on, at which one more may be made.
  SteadyTime opens(SteadyTime now) const {
    if (spent_.size() < requests_) return now;
    return std::max(now, spent_.front() + within_);
  }

 private:
  const std::size_t requests_;
  const SteadyTime::duration within_;
  std::deque<SteadyTime> spent_;  // the last ones
};

}  // namespace pce
