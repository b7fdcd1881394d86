#include "exporter/polling/schedule.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace pce {
namespace {

// FNV-1a, finished as in MurmurHash3 so that keys of one pattern spread evenly. Not std::hash,
// whose values may change from build to build.
std::uint64_t hash_of(const SliceKey& key) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash = (hash ^ 0xFFU) * 0x100000001b3U;
  };
  mix(key.data_set->collector);
  mix(key.customer_id);
  mix(key.partner);
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

}  // namespace

void Schedule::plan(const std::vector<SliceKey>& readings, SteadyTime now) {
  std::map<SliceKey, Entry> next;
  for (const SliceKey& reading : readings) {
    const auto known = readings_.find(reading);
    if (known != readings_.end()) {
      next.emplace(reading, known->second);
    } else if (const auto before = remembered_.extract(reading)) {
      const SteadyTime answered = before.mapped();
      next.emplace(
          reading,
          Entry{.due = std::max(answered + interval_, now), .answered = answered, .answers = 1});
    } else {
      next.emplace(reading, Entry{.due = now});
    }
  }
  readings_ = std::move(next);
}

std::vector<SliceKey> Schedule::due(SteadyTime now) const {
  std::vector<const std::pair<const SliceKey, Entry>*> due;
  for (const auto& entry : readings_) {
    if (entry.second.due <= now) due.push_back(&entry);
  }
  std::ranges::stable_sort(due, {}, [](const auto* entry) { return entry->second.answered; });
  std::vector<SliceKey> keys;
  keys.reserve(due.size());
  for (const auto* entry : due) keys.push_back(entry->first);
  return keys;
}

std::optional<SteadyTime> Schedule::due_at(const SliceKey& reading) const {
  const auto known = readings_.find(reading);
  if (known == readings_.end()) return std::nullopt;
  return known->second.due;
}

std::optional<SteadyTime> Schedule::next() const {
  const auto first =
      std::ranges::min_element(readings_, {}, [](const auto& entry) { return entry.second.due; });
  if (first == readings_.end()) return std::nullopt;
  return first->second.due;
}

std::chrono::milliseconds Schedule::step(const SliceKey& reading, int answers) const {
  if (answers > 2) return interval_;
  // Two steps of between half an interval and a whole one add up to one interval and the offset.
  const auto place = static_cast<std::int64_t>(hash_of(reading) >> 44U);  // 20 bits
  return interval_ / 2 + interval_ * place / (std::int64_t{2} << 20U);
}

void Schedule::answered(const SliceKey& reading, SteadyTime now) {
  const auto found = readings_.find(reading);
  if (found == readings_.end()) return;
  Entry& entry = found->second;
  // Reckoned from when it was due, so that a slow answer does not shift those to come.
  const SteadyTime base = entry.failures == 0 && entry.answers > 0 ? entry.due : now;
  entry.answers = std::min(entry.answers + 1, 3);
  entry.failures = 0;
  entry.answered = now;
  entry.due = std::max(base + step(reading, entry.answers), now);
}

void Schedule::remember(const SliceKey& reading, SteadyTime answered) {
  remembered_.insert_or_assign(reading, answered);
}

void Schedule::failed(const SliceKey& reading, SteadyTime now) {
  const auto found = readings_.find(reading);
  if (found == readings_.end()) return;
  Entry& entry = found->second;
  auto wait = std::min(kFirstCatchUp, interval_);
  for (int i = 0; i < entry.failures && wait < interval_; ++i) wait = std::min(wait * 2, interval_);
  ++entry.failures;
  entry.due = now + wait;
}

void Schedule::interval_is(std::chrono::milliseconds interval, SteadyTime now) {
  const auto former = std::exchange(interval_, interval);
  if (former == interval) return;
  const double share = static_cast<double>(interval.count()) /
                       static_cast<double>(std::max<std::int64_t>(former.count(), 1));
  for (auto& [reading, entry] : readings_) {
    if (entry.failures > 0) {
      entry.due = std::min<SteadyTime>(entry.due, now + interval);
    } else if (entry.answered) {
      const std::chrono::duration<double> left = entry.due - *entry.answered;
      entry.due = *entry.answered + std::chrono::duration_cast<SteadyTime::duration>(left * share);
      if (entry.due <= now) due_now(reading, now);
    }
  }
}

void Schedule::due_now(const SliceKey& reading, SteadyTime now) {
  const auto known = readings_.find(reading);
  if (known == readings_.end()) return;
  known->second.due = std::min(known->second.due, now);
  known->second.answers = 0;
}

void Schedule::all_due(SteadyTime now) {
  for (auto& [reading, entry] : readings_) {
    entry.due = std::min(entry.due, now);
    entry.answers = 0;
  }
}

void Schedule::retry_failed(SteadyTime now) {
  for (auto& [reading, entry] : readings_) {
    if (entry.failures == 0) continue;
    entry.failures = 1;
    entry.due = std::min(entry.due, now);
  }
}

bool Schedule::anything_answered_partner_wide() const {
  return std::ranges::any_of(readings_, [](const auto& entry) {
    return entry.first.customer_id.empty() && entry.second.answered && entry.second.failures == 0;
  });
}

Schedule::Health Schedule::health(const DataSet& data_set) const {
  Health health;
  for (const auto& [key, entry] : readings_) {
    if (key.data_set != &data_set) continue;
    ++health.readings;
    if (entry.failures > 0 || !entry.answered) ++health.unanswered;
    if (!health.next || entry.due < *health.next) health.next = entry.due;
  }
  return health;
}

}  // namespace pce
