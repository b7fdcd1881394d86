#include "exporter/polling/poll_health.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/customer_info.h"
#include "exporter/insights/partner_deployment.h"
#include "exporter/polling/reconciliation.h"

namespace pce {

PollHealth::PollHealth(Parts parts, std::string partner, std::vector<const DataSet*> data_sets)
    : parts_(parts), partner_(std::move(partner)) {
  adopt(std::move(data_sets));
}

void PollHealth::adopt(std::vector<const DataSet*> data_sets) {
  data_sets_ = std::move(data_sets);
  about_customers_ = std::ranges::any_of(
      data_sets_, [](const DataSet* set) { return set->scope == Scope::kCustomer; });
}

bool PollHealth::good(const DataSet& data_set) const {
  return good(data_set, parts_.schedule.health(data_set));
}

bool PollHealth::good(const DataSet& data_set, const Schedule::Health& health) const {
  if (health.unanswered > 0) return false;
  if (&data_set == &customer_info())
    return parts_.book.knows_the_list() && !parts_.book.list_in_doubt();
  if (data_set.scope == Scope::kCustomer && health.readings == 0 && !parts_.book.knows_the_list())
    return false;
  return !parts_.intake.whole_in_doubt(data_set);
}

bool PollHealth::all_good() const {
  return (!about_customers_ || good(customer_info())) &&
         std::ranges::all_of(data_sets_, [this](const DataSet* set) { return good(*set); });
}

void PollHealth::report(SteadyTime start, const std::map<const DataSet*, SteadyTime>& ends) {
  const WallTime now = parts_.clock.wall();
  for (const auto& [data_set, end] : ends)
    parts_.telemetry.collector_finished(data_set->collector, good(*data_set), end - start, now);
  report_all();
}

// Where an answer is missing, the last time that all were there lies back as far as the oldest one.
void PollHealth::resumed(const std::map<const DataSet*, Answers>& answers) {
  for (const auto& [data_set, times] : answers) {
    const bool is_good = good(*data_set);
    parts_.telemetry.collector_resumed(data_set->collector, is_good,
                                       is_good ? times.newest : times.oldest);
  }
  report_all();
}

void PollHealth::report_all() const {
  for (const DataSet* data_set : data_sets_) report_data(*data_set);
  if (about_customers_) report_customers();
  report_difference();
  parts_.telemetry.up(all_good());
}

void PollHealth::report_customers() const {
  const CustomerBook& book = parts_.book;
  parts_.telemetry.customers(book.listed(), book.excluded().size(), book.leaving());
  parts_.telemetry.customers_unavailable(book.refused());
  parts_.telemetry.suspect(customer_info().collector, book.list_in_doubt(), 0);
  CollectorFigures facts = facts_of(customer_info());
  facts.rows = facts.customers;
  facts.whole_in_doubt = book.list_in_doubt();
  parts_.board.facts(customer_info(), std::move(facts));
  parts_.board.customers({.listed = book.listed(),
                          .excluded = book.excluded().size(),
                          .leaving = book.leaving(),
                          .refused = book.refused()});
}

// What schedule and store say of it.
CollectorFigures PollHealth::facts_of(const DataSet& data_set) const {
  const auto health = parts_.schedule.health(data_set);
  CollectorFigures facts{
      .good = good(data_set, health), .readings = health.readings, .unanswered = health.unanswered};
  if (health.next) {
    facts.next = parts_.clock.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(
                                           *health.next - parts_.clock.steady());
  }
  parts_.publisher.known()->each_slice(data_set, [&](const Slice& slice) {
    if (slice.key.partner != partner_) return;
    facts.oldest = std::min(facts.oldest.value_or(slice.fetched), slice.fetched);
    facts.newest = std::max(facts.newest.value_or(slice.fetched), slice.fetched);
    if (!slice.records.empty() && !slice.key.customer_id.empty()) ++facts.customers;
    for (const auto& [service_code, time] : slice.processed) {
      auto& entry = facts.processed[std::string(service_code.escaped())];
      entry = std::max(entry, time);
    }
  });
  return facts;
}

void PollHealth::report_data(const DataSet& data_set) const {
  const char* const collector = data_set.collector;
  const std::size_t in_doubt = parts_.intake.customers_in_doubt(data_set);
  CollectorFigures facts = facts_of(data_set);
  facts.rows = parts_.intake.rows(data_set);
  facts.customers_in_doubt = in_doubt;
  facts.whole_in_doubt = parts_.intake.whole_in_doubt(data_set);
  parts_.telemetry.rows(collector, facts.rows);
  parts_.telemetry.suspect(collector, in_doubt > 0 || facts.whole_in_doubt, in_doubt);
  parts_.telemetry.data_processed(collector, facts.processed);
  if (data_set.scope == Scope::kCustomer) {
    const std::size_t customers = parts_.book.customers().size();
    parts_.telemetry.customers_missing(collector, customers - std::min(customers, facts.customers));
  }
  parts_.board.facts(data_set, std::move(facts));
}

bool PollHealth::reads(const char* collector) const {
  return std::ranges::any_of(data_sets_, [&](const DataSet* set) {
    return std::string_view(set->collector) == collector && good(*set);
  });
}

// Where customers are left out, or one side was not read whole, the difference means nothing.
void PollHealth::report_difference() const {
  const bool comparable = parts_.book.filter().admits_everybody() &&
                          reads(customer_deployment().collector) &&
                          reads(partner_deployment().collector);
  parts_.telemetry.licenses_sold_difference(
      comparable ? pce::licenses_sold_difference(*parts_.publisher.known(), partner_)
                 : std::map<ServiceAndChannel, std::int64_t>());
}

std::size_t PollHealth::rows() const {
  std::size_t rows = 0;
  for (const DataSet* data_set : data_sets_) rows += parts_.intake.rows(*data_set);
  return rows;
}

std::size_t PollHealth::customers_in_doubt() const {
  std::size_t customers = 0;
  for (const DataSet* data_set : data_sets_)
    customers += parts_.intake.customers_in_doubt(*data_set);
  return customers;
}

}  // namespace pce
