#include "tests/simulator/throttle.h"

#include <algorithm>
#include <cmath>

namespace simulator {

std::optional<std::chrono::seconds> Throttle::refuse(const std::string& tenant,
                                                     std::optional<unsigned> per_minute) {
  if (!per_minute) return std::nullopt;
  const Instant now = clock_.now();
  const auto real_now = Real::now();
  const double capacity = *per_minute;
  const std::scoped_lock lock(mutex_);
  auto [at, fresh] = buckets_.try_emplace(tenant, Bucket{capacity, now, std::nullopt});
  Bucket& bucket = at->second;
  const double minutes = static_cast<double>((now - bucket.counted).count()) / 60'000;
  bucket.calls = std::min(capacity, bucket.calls + minutes * capacity);
  bucket.counted = now;
  if (bucket.shut_until && real_now < *bucket.shut_until) {
    const std::chrono::duration<double> left = *bucket.shut_until - real_now;
    return std::chrono::seconds(
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(left.count()))));
  }
  bucket.shut_until.reset();
  if (bucket.calls >= 1) {
    bucket.calls -= 1;
    return std::nullopt;
  }
  // Long enough for a tenth of the allowance to come back, so that the next call is not the next
  // refusal.
  const auto wait = clock_.as_seen_by_clients(std::chrono::seconds(6));
  bucket.shut_until = real_now + wait;
  return wait;
}

void Throttle::told_to_wait(const std::string& tenant, Real::time_point sent,
                            std::chrono::seconds wait) {
  const std::scoped_lock lock(mutex_);
  auto [at, fresh] = windows_.try_emplace(tenant, Window{sent + kOnTheWay, sent + wait});
  if (fresh) return;
  Window& window = at->second;
  if (sent >= window.until) window = {sent + kOnTheWay, sent + wait};
  window.until = std::max(window.until, sent + wait);
}

bool Throttle::inside_window(const std::string& tenant, Real::time_point arrived) const {
  const std::scoped_lock lock(mutex_);
  const auto window = windows_.find(tenant);
  return window != windows_.end() && arrived >= window->second.from &&
         arrived < window->second.until;
}

void Throttle::reset() {
  const std::scoped_lock lock(mutex_);
  buckets_.clear();
  windows_.clear();
}

}  // namespace simulator
