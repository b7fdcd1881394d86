#include "exporter/web/token_bucket.h"

#include <algorithm>

namespace pce {

bool TokenBucket::take(SteadyTime now) {
  const auto after = std::max(full_at_, now) + rate_.interval;
  if (after - now > rate_.interval * rate_.burst) return false;
  full_at_ = after;
  return true;
}

bool ClientBuckets::take(std::string_view client, SteadyTime now) {
  auto found = buckets_.find(client);
  if (found == buckets_.end()) {
    // Looking for full ones costs a walk over all; once an interval is often enough for them to be.
    if (buckets_.size() >= clients_max_ && now - swept_at_ >= rate_.interval) {
      std::erase_if(buckets_, [&](const auto& entry) { return entry.second.is_full(now); });
      swept_at_ = now;
    }
    if (buckets_.size() >= clients_max_) return false;
    found = buckets_.emplace(std::string(client), TokenBucket(rate_, now)).first;
  }
  return found->second.take(now);
}

}  // namespace pce
