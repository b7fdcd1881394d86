#pragma once
// Counts identical token requests in a row, which the identity platform ends with AADSTS50196.
// Source: authentication.md 3.5. Any thread.
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

#include "tests/simulator/dates.h"
#include "tests/simulator/text.h"

namespace simulator {

class LoopGuard {
 public:
  // Whether this is more than the `limit`-th of its kind without two quiet minutes in between.
  bool is_looping(std::string_view request, unsigned limit, Instant now) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(seen_, [&](const auto& one) { return now - one.second.last >= kQuiet; });
    Seen& seen = seen_[hash_text(request)];
    seen.last = now;
    return ++seen.count > limit;
  }
  void reset() {
    const std::scoped_lock lock(mutex_);
    seen_.clear();
  }

 private:
  static constexpr std::chrono::minutes kQuiet{2};
  struct Seen {
    Instant last;
    std::uint64_t count = 0;
  };
  std::mutex mutex_;
  std::map<std::uint64_t, Seen> seen_;
};

}  // namespace simulator
