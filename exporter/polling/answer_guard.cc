#include "exporter/polling/answer_guard.h"

#include <algorithm>

namespace pce {

bool far_fewer(std::size_t before, std::size_t now, const GuardRules& rules) {
  if (before == 0) return false;
  if (now == 0) return true;
  return before >= kRowsForAShare &&
         now * 100 < before * static_cast<std::size_t>(rules.min_rows_percent);
}

bool Doubt::heard(SteadyTime now, const GuardRules& rules) {
  ++times_;
  return times_ >= rules.confirmations && now - since_ >= rules.over;
}

bool AnswerGuard::believes(const SliceKey& key, Source source, std::size_t before,
                           std::size_t rows_now, SteadyTime now) {
  if (const auto known = doubts_.find(key); known != doubts_.end())
    before = std::max(before, known->second.before);
  if (!far_fewer(before, rows_now, rules_)) {
    doubts_.erase(key);
    return true;
  }
  doubt(key, before, now);
  const auto entry = doubts_.find(key);
  auto& first_heard_from = entry->second.first_heard_from;
  if (!first_heard_from) first_heard_from = source;
  const bool repeated = entry->second.doubt.heard(now, rules_);
  if (!repeated && *first_heard_from == source) return false;
  doubts_.erase(entry);
  return true;
}

void AnswerGuard::doubt(const SliceKey& key, std::size_t before, SteadyTime now) {
  doubts_.try_emplace(key, Entry{.doubt = Doubt(now), .before = before});
}

void AnswerGuard::forget(const SliceKey& key) { doubts_.erase(key); }

}  // namespace pce
