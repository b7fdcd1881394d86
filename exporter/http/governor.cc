#include "exporter/http/governor.h"

#include <algorithm>

namespace pce {

using std::chrono::milliseconds;

Governor::Permit::~Permit() {
  if (governor_ != nullptr) governor_->leave();
}

Governor::Governor(Clock& clock, Limits limits)
    : clock_(clock),
      concurrency_(std::max(limits.concurrency, 1)),
      // Rounded up: a nanosecond too long is kept, one too short is not.
      interval_(SteadyTime::duration(std::chrono::minutes(1)) /
                    std::max(limits.requests_per_minute, 1) +
                SteadyTime::duration(1)),
      bucket_full_at_(clock.steady()),
      paused_until_(bucket_full_at_) {}

SteadyTime Governor::next_start() const {
  return std::max(bucket_full_at_ - (concurrency_ - 1) * interval_, paused_until_);
}

std::optional<Governor::Permit> Governor::admit(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (!place_free_.wait(lock, stop, [this] { return running_ < concurrency_; }))
      return std::nullopt;
    if (stop.stop_requested()) return std::nullopt;
    const SteadyTime now = clock_.steady();
    const SteadyTime start = next_start();
    if (start <= now) {
      bucket_full_at_ = std::max(bucket_full_at_, now) + interval_;
      ++running_;
      return Permit(this);
    }
    // Others may take this start, or lengthen the pause, meanwhile: look again afterwards.
    lock.unlock();
    if (!clock_.wait_until(start, stop)) return std::nullopt;
    lock.lock();
  }
}

void Governor::leave() {
  {
    const std::scoped_lock lock(mutex_);
    --running_;
  }
  place_free_.notify_all();  // one who only waits for the bucket must not keep the news to itself
}

void Governor::pause_for(milliseconds duration) {
  const SteadyTime until =
      clock_.steady() + std::min(duration, milliseconds(std::chrono::hours(24)));
  const std::scoped_lock lock(mutex_);
  paused_until_ = std::max(paused_until_, until);
}

double Governor::tokens() const {
  const SteadyTime now = clock_.steady();
  const std::scoped_lock lock(mutex_);
  const auto missing = std::max(bucket_full_at_ - now, SteadyTime::duration(0));
  return static_cast<double>(concurrency_) -
         static_cast<double>(missing.count()) / static_cast<double>(interval_.count());
}

milliseconds Governor::paused_for() const {
  const SteadyTime now = clock_.steady();
  const std::scoped_lock lock(mutex_);
  if (paused_until_ <= now) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(paused_until_ - now);
}

int Governor::calls_running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

}  // namespace pce
