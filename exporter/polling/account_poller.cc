#include "exporter/polling/account_poller.h"

#include <algorithm>
#include <set>
#include <utility>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/partner_center/guid.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// After a round that missed something, the first attempt to make up for it; doubles up to the
// interval.
constexpr std::chrono::milliseconds kFirstCatchUp = std::chrono::minutes(1);

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

AccountPoller::AccountPoller(Parts parts, Plan plan)
    : parts_(parts), plan_(std::move(plan)), publisher_(parts_.store, parts_.clock) {
  parts_.telemetry.poll_interval(plan_.interval);
}

void AccountPoller::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const SteadyTime cycle = parts_.clock.steady();
    const SteadyTime next_cycle = cycle + plan_.interval;
    auto wait = kFirstCatchUp;
    while (!round(cycle, stop) && !stop.stop_requested()) {
      const SteadyTime again = std::min(parts_.clock.steady() + wait, next_cycle);
      if (again == next_cycle || !parts_.clock.wait_until(again, stop)) break;
      wait *= 2;
    }
    if (!parts_.clock.wait_until(std::max(next_cycle, parts_.clock.steady()), stop)) return;
  }
}

bool AccountPoller::wants_customers() const {
  return std::ranges::any_of(plan_.data_sets,
                             [](const DataSet* set) { return set->scope == Scope::kCustomer; });
}

bool AccountPoller::round(SteadyTime cycle, std::stop_token stop) {
  const SteadyTime start = parts_.clock.steady();
  const std::string correlation_id = new_guid();
  if (wants_customers() && customers_listed_ != cycle) read_customers(cycle, correlation_id, stop);

  const std::vector<Task> tasks = due(cycle);
  std::vector<TaskOutcome> outcomes(tasks.size());
  const bool no_token = list_failure_ && list_failure_->kind == ErrorKind::kUnauthorized;
  if (!no_token) {
    Round round({parts_.client, publisher_, parts_.labels, parts_.telemetry, parts_.clock},
                correlation_id);
    outcomes = round.run(tasks, plan_.concurrency, stop);
  }
  drop_stale();
  if (stop.stop_requested()) return false;
  take(tasks, outcomes, cycle);
  const bool complete = report(cycle, start, tasks, outcomes);
  tried_ = true;
  return complete;
}

void AccountPoller::read_customers(SteadyTime cycle, const std::string& correlation_id,
                                   std::stop_token stop) {
  CustomerList list = read_customer_list(parts_.client, correlation_id, stop);
  if (stop.stop_requested()) return;
  if (list.complete && list.customers.empty() && !customers_.empty()) {
    parts_.telemetry.empty_answer(customer_info().collector);
    list.complete = false;
    list.failure =
        Error{.kind = ErrorKind::kMalformed,
              .message = "the customer list is empty where it had " +
                         std::to_string(customers_.size()) + " customers before; those stay"};
  }
  list_failure_ = list.failure;
  if (list.complete) {
    customers_listed_ = cycle;
    customers_.clear();
    parts_.telemetry.customers(list.customers.size());
    parts_.telemetry.collector_rows(customer_info().collector, list.customers.size());
  }
  for (const Customer& customer : list.customers)
    customers_.insert_or_assign(customer.id, customer);
  show_customers(list);
}

void AccountPoller::show_customers(const CustomerList& list) {
  std::vector<std::shared_ptr<const Slice>> added;
  const WallTime now = parts_.clock.wall();
  for (const Customer& customer : list.customers) {
    added.push_back(std::make_shared<const Slice>(Slice{
        .key = {&customer_info(), customer.id.text(), plan_.partner},
        .partner = parts_.labels.intern(plan_.partner),
        .customer =
            parts_.labels.intern(customer.name.empty() ? customer.id.text() : customer.name),
        .customer_id = parts_.labels.intern(customer.id.text()),
        .records = {customer_info_record(customer.domain, customer.relationship, parts_.labels)},
        .processed = {},
        .fetched = now}));
  }
  std::vector<SliceKey> gone;
  if (list.complete) {
    const auto snapshot = parts_.store.current();
    for (const DataSet* data_set : published_data_sets()) {
      snapshot->each_slice(*data_set, [&](const Slice& slice) {
        if (slice.key.partner != plan_.partner || slice.key.customer_id.empty()) return;
        const auto id = TenantId::parse(slice.key.customer_id);
        if (id && !customers_.contains(*id)) gone.push_back(slice.key);
      });
    }
    std::erase_if(answered_, [&](const auto& entry) {
      const auto id = TenantId::parse(entry.first.customer_id);
      return id && !customers_.contains(*id);
    });
  }
  parts_.store.replace(std::move(added), std::move(gone));
}

std::vector<Task> AccountPoller::due(SteadyTime cycle) const {
  const auto snapshot = parts_.store.current();
  std::vector<std::pair<WallTime, Task>> tasks;
  const auto add = [&](const DataSet* data_set, const std::optional<Customer>& customer) {
    SliceKey key{data_set, customer ? customer->id.text() : std::string(), plan_.partner};
    const auto answered = answered_.find(key);
    if (answered != answered_.end() && answered->second.cycle == cycle) return;
    const Slice* shown = snapshot->find(key);
    tasks.emplace_back(shown == nullptr ? WallTime{} : shown->fetched,
                       Task{.data_set = data_set,
                            .customer = customer,
                            .key = std::move(key),
                            .has_rows = shown != nullptr && !shown->records.empty()});
  };
  for (const DataSet* data_set : plan_.data_sets) {
    if (data_set->scope == Scope::kPartner) add(data_set, std::nullopt);
  }
  for (const auto& [id, customer] : customers_) {
    for (const DataSet* data_set : plan_.data_sets) {
      if (data_set->scope == Scope::kCustomer) add(data_set, customer);
    }
  }
  // What has waited longest comes first, so that a round that is cut short does not always miss the
  // same customers.
  std::ranges::stable_sort(tasks, {}, [](const auto& entry) { return entry.first; });
  std::vector<Task> ordered;
  ordered.reserve(tasks.size());
  for (auto& [fetched, task] : tasks) ordered.push_back(std::move(task));
  return ordered;
}

void AccountPoller::take(const std::vector<Task>& tasks, const std::vector<TaskOutcome>& outcomes,
                         SteadyTime cycle) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto kind = outcomes[i].kind;
    if (kind == TaskOutcome::Kind::kRead || kind == TaskOutcome::Kind::kUnavailable) {
      answered_[tasks[i].key] = {.cycle = cycle,
                                 .rows = outcomes[i].rows,
                                 .unavailable = kind == TaskOutcome::Kind::kUnavailable};
    }
  }
}

std::size_t AccountPoller::customers_unavailable() const {
  std::set<std::string_view> customers;
  for (const auto& [key, answered] : answered_) {
    if (answered.unavailable) customers.insert(key.customer_id);
  }
  return customers.size();
}

void AccountPoller::drop_stale() {
  const WallTime oldest = parts_.clock.wall() - plan_.stale_after;
  std::vector<SliceKey> stale;
  const auto snapshot = parts_.store.current();
  for (const DataSet* data_set : published_data_sets()) {
    snapshot->each_slice(*data_set, [&](const Slice& slice) {
      if (slice.key.partner == plan_.partner && slice.fetched < oldest) stale.push_back(slice.key);
    });
  }
  if (stale.empty()) return;
  log_warn("Data too old to be shown was dropped",
           {{"partner", plan_.partner},
            {"slices", stale.size()},
            {"stale_after_seconds", std::chrono::duration<double>(plan_.stale_after).count()}});
  parts_.store.replace({}, std::move(stale));
}

bool AccountPoller::report(SteadyTime cycle, SteadyTime start, const std::vector<Task>& tasks,
                           const std::vector<TaskOutcome>& outcomes) {
  using Kind = TaskOutcome::Kind;
  const SteadyTime end = parts_.clock.steady();
  const WallTime now = parts_.clock.wall();
  std::map<const DataSet*, std::size_t> missed;
  std::map<std::string, int> kinds;
  std::optional<Error> first = list_failure_;
  if (list_failure_) ++kinds[name_of(list_failure_->kind)];
  std::size_t read = 0;
  std::size_t not_made = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const TaskOutcome& outcome = outcomes[i];
    if (outcome.kind == Kind::kRead) ++read;
    if (outcome.kind == Kind::kRead || outcome.kind == Kind::kUnavailable) continue;
    ++missed[tasks[i].data_set];
    if (outcome.kind == Kind::kEmpty) ++kinds["empty"];
    if (outcome.kind == Kind::kNotMade) ++not_made;
    if (outcome.kind == Kind::kFailed) {
      ++kinds[name_of(outcome.error->kind)];
      if (!first) first = outcome.error;
    }
  }

  bool complete = true;
  std::size_t rows_of_all = 0;
  for (const DataSet* data_set : plan_.data_sets) {
    std::size_t rows = 0;
    for (const auto& [key, answered] : answered_)
      rows += key.data_set == data_set ? answered.rows : 0;
    rows_of_all += rows;
    const bool list_missing = data_set->scope == Scope::kCustomer && customers_listed_ != cycle;
    const bool good = missed[data_set] == 0 && !list_missing;
    complete = complete && good;
    parts_.telemetry.collector_rows(data_set->collector, rows);
    parts_.telemetry.collector_finished(data_set->collector, good, end - start, now);
  }
  if (wants_customers()) {
    parts_.telemetry.collector_finished(customer_info().collector, customers_listed_ == cycle,
                                        end - start, now);
  }
  parts_.telemetry.customers_unavailable(customers_unavailable());
  parts_.telemetry.up(complete);
  report_processed_dates();

  std::string failures;
  for (const auto& [kind, count] : kinds) {
    failures += (failures.empty() ? "" : " ") + kind + "=" + std::to_string(count);
  }
  log(complete ? LogLevel::kInfo : LogLevel::kWarn,
      complete ? "Round finished" : "Round finished with failures",
      {{"partner", plan_.partner},
       {"customers", customers_.size()},
       {"answers", read},
       {"rows", rows_of_all},
       {"unavailable_customers", customers_unavailable()},
       {"failures", failures},
       {"calls_not_made", not_made},
       {"duration_seconds", seconds_between(start, end)},
       {"first_error", first ? first->message : std::string()},
       {"correlation_id", first ? first->correlation_id : std::string()}});
  return complete;
}

void AccountPoller::report_processed_dates() const {
  const auto snapshot = parts_.store.current();
  for (const DataSet* data_set : plan_.data_sets) {
    std::map<std::string, WallTime> newest;
    snapshot->each_slice(*data_set, [&](const Slice& slice) {
      if (slice.key.partner != plan_.partner) return;
      for (const auto& [service_code, time] : slice.processed) {
        auto& entry = newest[std::string(service_code.escaped())];
        entry = std::max(entry, time);
      }
    });
    parts_.telemetry.data_processed(data_set->collector, newest);
  }
}

}  // namespace pce
