#include "tests/simulator/clock.h"

#include <algorithm>
#include <cmath>

namespace simulator {

using std::chrono::milliseconds;

Clock::Clock(double speed)
    : simulated_anchor_(std::chrono::floor<milliseconds>(std::chrono::system_clock::now())),
      real_anchor_(Real::now()),
      speed_(speed) {}

Instant Clock::now_locked() const {
  const std::chrono::duration<double, std::milli> real = Real::now() - real_anchor_;
  return simulated_anchor_ + milliseconds(std::llround(real.count() * speed_));
}

Instant Clock::now() const {
  const std::scoped_lock lock(mutex_);
  return now_locked();
}

double Clock::speed() const {
  const std::scoped_lock lock(mutex_);
  return speed_;
}

void Clock::advance(milliseconds by) {
  const std::scoped_lock lock(mutex_);
  simulated_anchor_ += by;
}

void Clock::set_speed(double speed) {
  const std::scoped_lock lock(mutex_);
  simulated_anchor_ = now_locked();
  real_anchor_ = Real::now();
  speed_ = speed;
}

std::chrono::seconds Clock::as_seen_by_clients(milliseconds simulated) const {
  const double real = std::ceil(static_cast<double>(simulated.count()) / 1000 / speed());
  return std::chrono::seconds(std::max<std::int64_t>(1, std::llround(real)));
}

}  // namespace simulator
