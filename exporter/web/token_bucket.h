#pragma once
// How often something may happen: `burst` times at once, and once more each `interval`.
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace pce {

struct Rate {
  std::chrono::nanoseconds interval{0};  // above 0
  int burst = 1;                         // at least 1
  friend bool operator==(const Rate&, const Rate&) = default;
};

// Begins full. Not for several threads at once.
class TokenBucket {
 public:
  TokenBucket(Rate rate, SteadyTime now) : rate_(rate), full_at_(now) {}
  bool take(SteadyTime now);
  bool is_full(SteadyTime now) const { return full_at_ <= now; }

 private:
  Rate rate_;
  SteadyTime full_at_;  // when all of it would be back
};

// One bucket for each of many clients, and no more memory than for `clients_max` of them: a bucket
// that is full again is as good as none, and where none is, a client we do not know yet gets
// nothing. Not for several threads at once.
class ClientBuckets {
 public:
  explicit ClientBuckets(Rate rate, std::size_t clients_max = 4096)
      : rate_(rate), clients_max_(clients_max) {}
  bool take(std::string_view client, SteadyTime now);

 private:
  Rate rate_;
  std::size_t clients_max_;
  std::map<std::string, TokenBucket, std::less<>> buckets_;
  SteadyTime swept_at_{};
};

}  // namespace pce
