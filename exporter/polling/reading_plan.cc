#include "exporter/polling/reading_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "exporter/insights/customer_info.h"

namespace pce {
namespace {

constexpr std::size_t kCustomersAPage = 500;

bool examined_at(const SourceChoice& choice, SteadyTime now) {
  return choice.current() == Source::kClassic && choice.examine_at() && *choice.examine_at() <= now;
}

}  // namespace

ReadingPlan::ReadingPlan(std::string partner, const std::vector<const DataSet*>& data_sets,
                         const SourceRules& source, std::chrono::milliseconds interval,
                         const CustomerBook& book)
    : partner_(std::move(partner)), book_(book), schedule_(interval) {
  for (const DataSet* data_set : data_sets) sources_.try_emplace(data_set, source);
}

void ReadingPlan::adopt(const std::vector<const DataSet*>& data_sets, const SourceRules& source,
                        std::chrono::milliseconds interval, SteadyTime now) {
  std::erase_if(sources_, [&](const auto& entry) {
    return std::ranges::find(data_sets, entry.first) == data_sets.end();
  });
  std::erase_if(took_, [&](const auto& entry) {
    const DataSet* data_set = entry.first.data_set;
    return data_set != &customer_info() && !sources_.contains(data_set);
  });
  for (auto& [data_set, choice] : sources_) choice.rules_are(source, now);
  for (const DataSet* data_set : data_sets) sources_.try_emplace(data_set, source);
  schedule_.interval_is(interval, now);
}

void ReadingPlan::bulk_due(bool everything, SteadyTime now) {
  for (const auto& [data_set, choice] : sources_) {
    if (choice.current() != Source::kCommercial) continue;
    if (everything || data_set->scope == Scope::kCustomer)
      schedule_.due_now(bulk_key(*data_set), now);
  }
}

SliceKey ReadingPlan::list_key() const { return bulk_key(customer_info()); }

bool ReadingPlan::wants_customers() const {
  return std::ranges::any_of(
      sources_, [](const auto& entry) { return entry.first->scope == Scope::kCustomer; });
}

void ReadingPlan::renew(SteadyTime now) {
  schedule_.plan(keys(now), now);
  renewed_at_ = now;
}

std::vector<SliceKey> ReadingPlan::keys(SteadyTime now) const {
  std::vector<SliceKey> keys;
  if (wants_customers()) keys.push_back(list_key());
  for (const auto& [data_set, choice] : sources_) {
    const bool classic = choice.current() == Source::kClassic;
    if (data_set->scope == Scope::kPartner || !classic || examined_at(choice, now))
      keys.push_back(bulk_key(*data_set));
    if (data_set->scope == Scope::kPartner || !classic) continue;
    for (const auto& [id, customer] : book_.customers())
      keys.push_back({data_set, id.text(), partner_});
  }
  return keys;
}

bool ReadingPlan::list_due(SteadyTime now) const {
  const auto keys = schedule_.due(now);
  return std::ranges::find(keys, list_key()) != keys.end();
}

std::vector<Reading> ReadingPlan::due(SteadyTime now) const {
  std::vector<Reading> readings;
  for (SliceKey& key : schedule_.due(now)) {
    if (key.data_set == &customer_info()) continue;
    Reading reading{.data_set = key.data_set, .source = sources_.at(key.data_set).current()};
    if (const auto id = TenantId::parse(key.customer_id)) {
      reading.customer = book_.customers().at(*id);
    } else if (reading.source == Source::kClassic && key.data_set->scope == Scope::kCustomer) {
      continue;  // that is an examination
    }
    reading.key = std::move(key);
    readings.push_back(std::move(reading));
  }
  return readings;
}

std::vector<Reading> ReadingPlan::examinations(SteadyTime now) const {
  std::vector<Reading> readings;
  for (SliceKey& key : schedule_.due(now)) {
    if (key.data_set == &customer_info() || TenantId::parse(key.customer_id)) continue;
    if (!examined_at(sources_.at(key.data_set), now)) continue;
    const DataSet* data_set = key.data_set;
    readings.push_back(
        {.data_set = data_set, .source = Source::kCommercial, .key = std::move(key)});
  }
  return readings;
}

SteadyTime ReadingPlan::next(SteadyTime otherwise) const {
  SteadyTime next = schedule_.next().value_or(otherwise);
  for (const auto& [data_set, choice] : sources_) {
    // One that has come already waits for its reading, which the schedule knows.
    if (choice.examine_at() > renewed_at_) next = std::min(next, *choice.examine_at());
  }
  return next;
}

void ReadingPlan::took(const SliceKey& reading, std::size_t calls) { took_[reading] = calls; }

std::vector<RoundStep> ReadingPlan::round() const {
  const auto calls_of = [&](const SliceKey& key, std::size_t otherwise) {
    const auto known = took_.find(key);
    return known != took_.end() ? known->second : otherwise;
  };
  std::vector<RoundStep> steps;
  if (wants_customers())
    steps.push_back({{.calls = calls_of(list_key(), 1 + book_.listed() / kCustomersAPage)}});
  RoundStep readings;
  for (const auto& [data_set, choice] : sources_) {
    const bool classic = choice.current() == Source::kClassic;
    const bool each = classic && data_set->scope == Scope::kCustomer;
    readings.push_back({.readings = each ? book_.customers().size() : 1,
                        .calls = classic ? 1 : calls_of(bulk_key(*data_set), 1)});
  }
  steps.push_back(std::move(readings));
  return steps;
}

}  // namespace pce
