#include "exporter/identity/cached_token_source.h"

#include <algorithm>
#include <utility>

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kBetweenDrops{1};

milliseconds pause_after(const Error& error, int failures) {
  constexpr milliseconds kFirst{10'000};
  constexpr milliseconds kLongest{300'000};
  constexpr milliseconds kForHumans{60'000};
  milliseconds pause = kFirst;
  for (int i = 1; i < failures && pause < kLongest; ++i) pause = std::min(2 * pause, kLongest);
  const bool human = error.kind == ErrorKind::kUnauthorized || error.kind == ErrorKind::kSettings ||
                     error.kind == ErrorKind::kRejected;
  if (human) pause = kForHumans;  // they want to see soon that it is repaired
  return std::max(pause, error.retry_after.value_or(milliseconds(0)));
}

SteadyTime::duration ahead_of_end(seconds lifetime) {
  const SteadyTime::duration life = lifetime;
  return std::min(std::max<SteadyTime::duration>(minutes(5), life / 10), life / 2);
}

}  // namespace

Result<Secret> CachedTokenSource::access_token(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stop.stop_requested()) break;
    const SteadyTime now = clock_.steady();
    const bool valid = held_ && now < held_->end;
    if (valid && now < held_->renew_at) return held_->token;
    if (failed_ && now < failed_->until) {
      if (valid) return held_->token;
      return failed_->error;
    }
    if (renewing_) {
      if (valid) return held_->token;
      if (!renewed_.wait(lock, stop, [this] { return !renewing_; })) break;
      continue;
    }
    renewing_ = true;
    lock.unlock();
    auto issued = issuer_.issue(stop);
    lock.lock();
    renewing_ = false;
    renewed_.notify_all();
    take(std::move(issued), now);
  }
  return Error{.kind = ErrorKind::kCancelled, .message = "no access token, we are stopping"};
}

void CachedTokenSource::take(Result<IssuedToken> issued, SteadyTime asked) {
  if (issued) {
    failures_ = 0;
    failed_.reset();
    // From before the request: a token is never younger than we think.
    const SteadyTime end = asked + issued->lifetime;
    held_ = Held{.token = std::move(issued->access_token),
                 .renew_at = end - ahead_of_end(issued->lifetime),
                 .end = end};
    return;
  }
  if (issued.error().kind == ErrorKind::kCancelled)
    return;  // that caller's stop; the next one asks again
  ++failures_;
  const SteadyTime now = clock_.steady();
  const milliseconds pause = pause_after(issued.error(), failures_);
  if (held_ && now < held_->end) {
    const auto left = std::chrono::duration_cast<seconds>(held_->end - now);
    log_warn("the access token could not be renewed, the old one is used on",
             {{"error", issued.error().message}, {"valid_seconds", left.count()}});
  }
  failed_ = Failed{.error = std::move(issued).error(), .until = now + pause};
}

void CachedTokenSource::reject(const Secret& used) {
  const SteadyTime now = clock_.steady();
  const std::scoped_lock lock(mutex_);
  if (!held_ || !(held_->token == used)) return;  // another caller was faster
  if (dropped_ && now - *dropped_ < kBetweenDrops) return;
  dropped_ = now;
  held_.reset();
}

}  // namespace pce
