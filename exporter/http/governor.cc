#include "exporter/http/governor.h"

#include <algorithm>
#include <cmath>

namespace pce {
namespace {

using std::chrono::milliseconds;

constexpr double kSlowestPace = 1.0 / 16;
constexpr double kCreepPerSecond = 0.1 / 60;
constexpr std::chrono::minutes kBetweenLooks{1};
constexpr int kRetryTenthsMax = 100;

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Governor::Permit::~Permit() {
  if (governor_ != nullptr) governor_->leave();
}

Governor::Governor(Clock& clock, Limits limits)
    : clock_(clock),
      concurrency_(std::max(limits.concurrency, 1)),
      interval_(60.0 / std::max(limits.requests_per_minute, 1)),
      settled_at_(clock.steady()),
      tokens_(concurrency_),
      paused_until_(settled_at_),
      retry_tenths_(kRetryTenthsMax) {}

void Governor::limits_are(Limits limits) {
  {
    const std::scoped_lock lock(mutex_);
    settle(clock_.steady());
    concurrency_ = std::max(limits.concurrency, 1);
    interval_ = 60.0 / std::max(limits.requests_per_minute, 1);
    tokens_ = std::min(tokens_, static_cast<double>(concurrency_));
  }
  place_free_.notify_all();
}

Governor::Flow Governor::flow(SteadyTime now) const {
  // The pace stands still during a pause, then rises in a straight line, then is whole. What the
  // bucket gains is the area below.
  now = std::max(now, settled_at_);
  const SteadyTime rising_from = std::clamp(paused_until_, settled_at_, now);
  const double still = seconds_between(settled_at_, rising_from);
  const double after = seconds_between(rising_from, now);
  const double to_whole = (1 - pace_) / kCreepPerSecond;
  const double rising = std::min(after, to_whole);
  const double pace = after < to_whole ? pace_ + rising * kCreepPerSecond : 1.0;
  const double area = still * pace_ + rising * (pace_ + pace) / 2 + (after - rising);
  return {.pace = pace,
          .tokens = std::min(tokens_ + area / interval_, static_cast<double>(concurrency_))};
}

void Governor::settle(SteadyTime now) {
  const Flow flowed = flow(now);
  pace_ = flowed.pace;
  tokens_ = flowed.tokens;
  settled_at_ = std::max(now, settled_at_);
}

int Governor::places(SteadyTime now) const {
  constexpr double kRounding = 1e-9;  // half of 4 places are 2, not 1.999…
  return std::max(static_cast<int>(concurrency_ * flow(now).pace + kRounding), 1);
}

SteadyTime Governor::next_look(SteadyTime now) const {
  // As if the pace stayed: while it rises the bucket fills sooner, hence a look every minute.
  const double wait = std::max(1 - tokens_, 0.0) * interval_ / pace_;
  const double seconds_max = std::chrono::duration<double>(kBetweenLooks).count();
  const std::chrono::duration<double> capped(std::min(wait, seconds_max));
  return std::max(now + std::chrono::ceil<SteadyTime::duration>(capped), paused_until_);
}

std::optional<Governor::Permit> Governor::admit(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (!place_free_.wait(lock, stop, [this] { return running_ < places(clock_.steady()); }))
      return std::nullopt;
    if (stop.stop_requested()) return std::nullopt;
    const SteadyTime now = clock_.steady();
    settle(now);
    const SteadyTime look = next_look(now);
    if (look <= now) {
      tokens_ -= 1;
      ++running_;
      if (retries_not_started_ > 0) {
        --retries_not_started_;
      } else {
        retry_tenths_ = std::min(retry_tenths_ + 1, kRetryTenthsMax);
      }
      return Permit(this, halvings_);
    }
    // Others may take this start, or lengthen the pause, meanwhile: look again afterwards.
    lock.unlock();
    if (!clock_.wait_until(look, stop)) return std::nullopt;
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
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  settle(now);  // up to here the pace rose
  const SteadyTime until = now + std::min(duration, milliseconds(std::chrono::hours(24)));
  paused_until_ = std::max(paused_until_, until);
}

void Governor::throttled(const Permit& refused) {
  const std::scoped_lock lock(mutex_);
  if (refused.halvings_ != halvings_) return;
  ++halvings_;
  settle(clock_.steady());
  pace_ = std::max(pace_ / 2, kSlowestPace);
}

bool Governor::take_retry() {
  const std::scoped_lock lock(mutex_);
  if (retry_tenths_ < 10) return false;
  retry_tenths_ -= 10;
  ++retries_not_started_;
  return true;
}

double Governor::tokens() const {
  const std::scoped_lock lock(mutex_);
  return flow(clock_.steady()).tokens;
}

milliseconds Governor::paused_for() const {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  if (paused_until_ <= now) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(paused_until_ - now);
}

int Governor::calls_running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

double Governor::pace() const {
  const std::scoped_lock lock(mutex_);
  return flow(clock_.steady()).pace;
}

double Governor::retries_left() const {
  const std::scoped_lock lock(mutex_);
  return retry_tenths_ / 10.0;
}

}  // namespace pce
