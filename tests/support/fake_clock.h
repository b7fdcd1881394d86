#pragma once
// A clock that jumps: wait_until() sets it to the time waited for and returns at once. After
// `waits_allowed` waits it asks for the stop it was given, so that a loop can be run on one thread.
#include <algorithm>
#include <limits>
#include <mutex>

#include "exporter/base/clock.h"

namespace pce {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime wall = WallTime(std::chrono::seconds(1'700'000'000)))
      : start_(wall) {}

  WallTime wall() const override {
    const std::scoped_lock lock(mutex_);
    return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(elapsed_);
  }
  SteadyTime steady() const override {
    const std::scoped_lock lock(mutex_);
    return SteadyTime(std::chrono::hours(1)) + elapsed_;
  }
  bool wait_until(SteadyTime when, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    const std::scoped_lock lock(mutex_);
    if (when > stop_at_) {
      elapsed_ = std::max(elapsed_, stop_at_ - SteadyTime(std::chrono::hours(1)));
      stop_then_.request_stop();
      return false;
    }
    const auto to = when - SteadyTime(std::chrono::hours(1));
    const auto wait = to > elapsed_ ? to - elapsed_ : std::chrono::nanoseconds(0);
    elapsed_ += wait;
    waited_ += wait;
    if (wait >= counted_from_ && waits_allowed_-- <= 0) stop_after_.request_stop();
    return true;
  }

  void advance(std::chrono::nanoseconds by) {
    const std::scoped_lock lock(mutex_);
    elapsed_ += by;
  }
  // Somebody sets the wall clock.
  void step_wall(std::chrono::milliseconds by) {
    const std::scoped_lock lock(mutex_);
    start_ += by;
  }
  // After `waits` more calls of wait_until, request this stop; waits shorter than `counted_from` do
  // not count.
  void stop_after(int waits, std::stop_source stop, std::chrono::nanoseconds counted_from = {}) {
    const std::scoped_lock lock(mutex_);
    counted_from_ = counted_from;
    waits_allowed_ = waits;
    stop_after_ = std::move(stop);
  }
  // A wait that would go beyond `when` ends there and requests this stop.
  void stop_at(SteadyTime when, std::stop_source stop) {
    const std::scoped_lock lock(mutex_);
    stop_at_ = when;
    stop_then_ = std::move(stop);
  }
  // The sum of all waits.
  std::chrono::nanoseconds waited() const {
    const std::scoped_lock lock(mutex_);
    return waited_;
  }

 private:
  mutable std::mutex mutex_;
  WallTime start_;
  std::chrono::nanoseconds elapsed_{0};
  std::chrono::nanoseconds waited_{0};
  std::chrono::nanoseconds counted_from_{0};
  int waits_allowed_ = std::numeric_limits<int>::max();
  std::stop_source stop_after_{std::nostopstate};
  SteadyTime stop_at_ = SteadyTime::max();
  std::stop_source stop_then_{std::nostopstate};
};

}  // namespace pce
