#include "exporter/polling/status_board.h"

#include <algorithm>
#include <utility>

#include "exporter/insights/customer_info.h"

namespace pce {

StatusBoard::StatusBoard(const std::vector<const DataSet*>& data_sets,
                         std::chrono::milliseconds interval) {
  adopt(data_sets, interval);
}

void StatusBoard::adopt(const std::vector<const DataSet*>& data_sets,
                        std::chrono::milliseconds interval) {
  const auto about_customers = [](const DataSet* set) { return set->scope == Scope::kCustomer; };
  std::vector<const DataSet*> wanted;
  if (std::ranges::any_of(data_sets, about_customers)) wanted.push_back(&customer_info());
  wanted.insert(wanted.end(), data_sets.begin(), data_sets.end());

  const std::scoped_lock lock(mutex_);
  round_lasts_ = interval / 2;
  std::vector<CollectorStatus> collectors;
  for (const DataSet* data_set : wanted) {
    CollectorStatus* known = find(*data_set);
    collectors.push_back(known != nullptr ? std::move(*known)
                                          : CollectorStatus{.data_set = data_set});
  }
  collectors_ = std::move(collectors);
  std::erase_if(drift_, [&](const DriftSeen& seen) { return find(*seen.data_set) == nullptr; });
}

CollectorStatus* StatusBoard::find(const DataSet& data_set) {
  const auto found = std::ranges::find(collectors_, &data_set, &CollectorStatus::data_set);
  return found == collectors_.end() ? nullptr : &*found;
}

// A clock that was set back begins a new one, too.
RoundSeen& StatusBoard::round_of(CollectorStatus& collector, WallTime now) const {
  auto& rounds = collector.rounds;
  const bool over =
      rounds.empty() || now - rounds.back().begin >= round_lasts_ || now < rounds.back().begin;
  if (over) {
    if (rounds.size() == kRoundsMax) rounds.erase(rounds.begin());
    rounds.push_back({.begin = now, .end = now, .rows = collector.facts.rows});
  }
  return rounds.back();
}

void StatusBoard::note(CollectorStatus& collector, Came came, WallTime now) {
  RoundSeen& round = round_of(collector, now);
  round.end = now;
  round.answers += came == Came::kAnswer ? 1 : 0;
  round.in_doubt += came == Came::kDoubt ? 1 : 0;
  round.failures += came == Came::kFailure ? 1 : 0;
}

void StatusBoard::note_error(CollectorStatus& collector, ErrorSeen error) {
  round_of(collector, error.when).reason = name_of(error.error.kind);
  error.pass = pass_;
  collector.last_error = std::move(error);
}

void StatusBoard::pass_begins(const std::string& correlation_id) {
  const std::scoped_lock lock(mutex_);
  pass_ = correlation_id;
  for (CollectorStatus& collector : collectors_) collector.planned = collector.done = 0;
}

void StatusBoard::begins(const std::vector<Reading>& readings) {
  const std::scoped_lock lock(mutex_);
  for (const Reading& reading : readings) {
    if (CollectorStatus* collector = find(*reading.data_set)) ++collector->planned;
  }
}

void StatusBoard::taken(const Reading& reading, const Taken& taken, WallTime now) {
  using Kind = Taken::Kind;
  const std::scoped_lock lock(mutex_);
  CollectorStatus* collector = find(*reading.data_set);
  if (collector == nullptr) return;
  ++collector->done;
  switch (taken.kind) {
    case Kind::kNotMade:
      return;
    case Kind::kShown:
    case Kind::kRefused:
      return note(*collector, Came::kAnswer, now);
    case Kind::kHeld:
    case Kind::kAllHeld:
      return note(*collector, Came::kDoubt, now);
    case Kind::kFailed:
      note(*collector, Came::kFailure, now);
      if (taken.error) {
        note_error(*collector, {.when = now,
                                .source = reading.source,
                                .customer_id = std::string(
                                    reading.customer ? reading.customer->id.text() : SharedText()),
                                .error = *taken.error});
      }
      return;
  }
}

void StatusBoard::list_read(bool believed, const std::optional<Error>& failure, WallTime now) {
  const std::scoped_lock lock(mutex_);
  CollectorStatus* collector = find(customer_info());
  if (collector == nullptr) return;
  const Came otherwise = failure ? Came::kFailure : Came::kDoubt;
  note(*collector, believed ? Came::kAnswer : otherwise, now);
  if (failure) note_error(*collector, {.when = now, .error = *failure});
}

void StatusBoard::drift(const DataSet& data_set, std::span<const FieldDrift> found, WallTime now) {
  if (found.empty()) return;
  const std::scoped_lock lock(mutex_);
  for (const FieldDrift& drift : found) {
    const auto known = std::ranges::find_if(drift_, [&](const DriftSeen& seen) {
      return seen.data_set == &data_set && seen.drift.field == drift.field &&
             seen.drift.kind == drift.kind;
    });
    if (known != drift_.end()) {
      known->drift = drift;
      known->latest = now;
    } else if (drift_.size() < kDriftMax) {
      drift_.push_back({.data_set = &data_set, .drift = drift, .first = now, .latest = now});
    }
  }
}

void StatusBoard::examines(const DataSet& data_set, std::optional<WallTime> when) {
  const std::scoped_lock lock(mutex_);
  if (CollectorStatus* collector = find(data_set)) collector->examination = when;
}

void StatusBoard::facts(const DataSet& data_set, CollectorFigures facts) {
  const std::scoped_lock lock(mutex_);
  CollectorStatus* collector = find(data_set);
  if (collector == nullptr) return;
  if (!collector->rounds.empty()) collector->rounds.back().rows = facts.rows;
  collector->facts = std::move(facts);
}

void StatusBoard::customers(const CustomerCounts& counts) {
  const std::scoped_lock lock(mutex_);
  customers_ = counts;
}

std::vector<CollectorStatus> StatusBoard::collectors() const {
  const std::scoped_lock lock(mutex_);
  return collectors_;
}

std::vector<DriftSeen> StatusBoard::drift() const {
  std::vector<DriftSeen> drift;
  {
    const std::scoped_lock lock(mutex_);
    drift = drift_;
  }
  std::ranges::stable_sort(drift, std::ranges::greater(), &DriftSeen::latest);
  return drift;
}

CustomerCounts StatusBoard::customers() const {
  const std::scoped_lock lock(mutex_);
  return customers_;
}

}  // namespace pce
