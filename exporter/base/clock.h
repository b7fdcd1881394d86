#pragma once
// Time as a dependency. Wall time is for data, steady time for waiting; they do not convert into
// each other.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace pce {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

// One moment on both clocks.
struct Moment {
  WallTime wall{};
  SteadyTime steady{};
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;
  virtual SteadyTime steady() const = 0;
  // Returns true when `when` has come, false as soon as `stop` is requested.
  virtual bool wait_until(SteadyTime when, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime wall() const override;
  SteadyTime steady() const override;
  bool wait_until(SteadyTime when, std::stop_token stop) override;
};

}  // namespace pce
