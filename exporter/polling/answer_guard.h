#pragma once
// Partner Center is known to answer with success and no rows where there are licences. Such an
// answer is doubted until something confirms it.
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/insights/data_set.h"
#include "exporter/insights/source.h"
#include "exporter/store/slice.h"

namespace pce {

struct GuardRules {
  int min_rows_percent =
      50;                 // fewer rows than this share of the last are far fewer; 0: no such rule
  int confirmations = 3;  // so many like answers are believed …
  std::chrono::milliseconds over = std::chrono::hours(24);  // … when they lie this far apart
  friend bool operator==(const GuardRules&, const GuardRules&) = default;
};

// Answers of few rows change by large shares for good reasons: the share counts from here on.
inline constexpr std::size_t kRowsForAShare = 10;

// Whether `now` rows in place of `before` are none at all, or far fewer.
bool far_fewer(std::size_t before, std::size_t now, const GuardRules& rules);

// A claim that is believed when it was repeated often and long enough.
class Doubt {
 public:
  explicit Doubt(SteadyTime now) : since_(now) {}
  // The claim was heard (again); whether it is to be believed now.
  bool heard(SteadyTime now, const GuardRules& rules);

 private:
  SteadyTime since_;
  int times_ = 0;
};

// What is doubted, by key: a customer's slice, or with an empty customer id a whole answer. Not
// thread-safe.
class AnswerGuard {
 public:
  explicit AnswerGuard(GuardRules rules) : rules_(rules) {}

  // An answer from `source` has `rows_now` rows where `before` are shown, or were when the doubt
  // began: rows that grew too old meanwhile prove nothing. It is believed when it is not far fewer,
  // when the other source said the same since the doubt began, or when it was repeated often and
  // long enough.
  bool believes(const SliceKey& key, Source source, std::size_t before, std::size_t rows_now,
                SteadyTime now);
  // An answer is not to be believed, whatever believes() would say of its rows; it confirms nothing
  // that either source says later.
  void doubt(const SliceKey& key, std::size_t before, SteadyTime now);
  void forget(const SliceKey& key);
  template <typename Predicate>
  void forget_if(Predicate&& gone) {
    std::erase_if(doubts_, [&](const auto& entry) { return gone(entry.first); });
  }

  bool doubts(const SliceKey& key) const { return doubts_.contains(key); }
  template <typename Visitor>
  void each(Visitor&& visit) const {  // every key in doubt, and the rows there were before
    for (const auto& [key, entry] : doubts_) visit(key, entry.before);
  }
  const GuardRules& rules() const { return rules_; }
  void rules_are(GuardRules rules) { rules_ = rules; }  // doubts stay

 private:
  struct Entry {
    Doubt doubt;
    std::size_t before;                        // rows
    std::optional<Source> first_heard_from{};  // which source had far fewer rows first
  };
  GuardRules rules_;
  std::map<SliceKey, Entry> doubts_;
};

}  // namespace pce
