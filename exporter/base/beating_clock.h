#pragma once
// A clock whose waits are signs of life. A long wait is many short ones, so that a sleeper that
// nobody will ever wake is noticed before its time would be over.
#include "exporter/base/clock.h"
#include "exporter/base/heart.h"

namespace pce {

class BeatingClock final : public Clock {
 public:
  // The references must outlive it.
  BeatingClock(Clock& clock, Heart& heart) : clock_(clock), heart_(heart) {}

  WallTime wall() const override { return clock_.wall(); }
  SteadyTime steady() const override { return clock_.steady(); }
  bool wait_until(SteadyTime when, std::stop_token stop) override;

 private:
  Clock& clock_;
  Heart& heart_;
};

}  // namespace pce
