#pragma once
// Which of the two generations of insights a collector is read from. Not thread-safe.
#include <chrono>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/polling/answer_guard.h"

namespace pce {

// insights.source: with `fixed` always that one. Without it the commercial endpoints, and the
// classic ones where those are refused, silent, or failing for longer than `patience`; then the
// commercial ones are tried again after `reexamine`.
struct SourceRules {
  std::optional<Source> fixed{};
  std::chrono::milliseconds reexamine = std::chrono::hours(24);
  std::chrono::milliseconds patience = std::chrono::hours(6);
  friend bool operator==(const SourceRules&, const SourceRules&) = default;
};

// As long as a commercial source that never answered is waited for, if `patience` is not shorter.
inline constexpr std::chrono::milliseconds kPatienceAtFirst = std::chrono::minutes(5);

// Failures with which the commercial source says that it will not serve.
bool refuses(ErrorKind kind);
// Failures after which it cannot be counted on, and the classic one may do better; what may pass by
// itself is not among them.
bool ends_commercial(ErrorKind kind);

class SourceChoice {
 public:
  explicit SourceChoice(const SourceRules& rules);

  Source current() const { return current_; }
  bool may_change() const { return !rules_.fixed; }
  // Whether the commercial source can be asked at all, as far as we know.
  bool commercial_refused() const { return refused_; }

  // From now on. Without `fixed` the source in use stays, and where that is the classic one the
  // commercial one is asked at once. Returns whether this changes current().
  bool rules_are(const SourceRules& rules, SteadyTime now);
  // This source was in use before this process began; the other one is asked for at `examine_at`.
  void resume(Source source, SteadyTime examine_at);
  // The commercial source is of no use now: `refused` when it said so itself, otherwise it is
  // silent where there are rows. Returns whether this changes current().
  bool fall_back(bool refused, SteadyTime now);
  // It failed in a way that may pass. Returns whether it has done so for too long by now.
  bool commercial_failed(SteadyTime now);
  // It answered well. Returns whether this changes current().
  bool commercial_answered();
  // When to ask it again although current() is classic; nullopt: not at all.
  std::optional<SteadyTime> examine_at() const { return examine_at_; }
  // As examine_at, but at once, where it was not refused.
  void examine_soon(SteadyTime now);

 private:
  SourceRules rules_;
  Source current_;
  bool refused_ = false;
  std::optional<SteadyTime> examine_at_{};
  std::optional<SteadyTime> failing_since_{};
  bool ever_answered_ = false;
};

}  // namespace pce
