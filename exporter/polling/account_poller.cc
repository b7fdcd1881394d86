#include "exporter/polling/account_poller.h"

#include <algorithm>
#include <utility>

#include "exporter/base/guid.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/polling/plan_change.h"
#include "exporter/polling/round.h"
#include "exporter/polling/warm_start.h"
#include "exporter/telemetry/log.h"

namespace pce {
AccountPoller::AccountPoller(Parts parts, Plan plan)
    : parts_(parts),
      partner_(plan.partner),
      plan_(std::move(plan)),
      newest_(std::make_shared<const Plan>(plan_)),
      publisher_(parts_.store, parts_.clock),
      board_(plan_.data_sets, plan_.interval),
      expiry_(publisher_, parts_.clock, plan_.partner, plan_.stale_after,
              [this](const Slice& slice) { record_.too_old(slice, parts_.clock.wall()); }),
      archive_(parts_.keeper, parts_.clock, plan_.partner, plan_.tenant),
      clock_watch_(parts_.clock, plan_.partner),
      reader_({parts_.client, parts_.labels, parts_.calls, parts_.clock},
              plan_.customers.ids_to_ask_for(), plan_.processed_date, archive_.keeps(),
              plan_.naming),
      book_(plan_.customers, plan_.guard, plan_.naming),
      desk_({parts_.client, book_, publisher_, record_, parts_.labels, parts_.telemetry,
             parts_.clock},
            plan_.partner, plan_.resellers, plan_.targets, archive_.keeps()),
      intake_({publisher_, book_, parts_.labels, parts_.telemetry, parts_.clock}, plan_.partner,
              plan_.guard, !plan_.source.fixed),
      readings_(plan_.partner, plan_.data_sets, plan_.source, plan_.interval, book_),
      health_({readings_.schedule(), intake_, book_, publisher_, parts_.telemetry, board_,
               parts_.clock},
              plan_.partner, plan_.data_sets),
      rest_({parts_.tokens, readings_, expiry_, parts_.clock}, plan_.interval) {
  parts_.telemetry.poll_interval(plan_.interval);
  show_sources();
}

void AccountPoller::show_sources() {
  for (const auto& [data_set, choice] : readings_.sources()) {
    parts_.telemetry.collector_source(data_set->collector, name_of(choice.current()));
    record_.source_in_use(*data_set, choice.current());
  }
}

void AccountPoller::resume(std::vector<StoredAnswer> kept, StorageTelemetry& telemetry) {
  WarmStart({reader_, book_, desk_, intake_, readings_, record_, health_, parts_.labels,
             parts_.telemetry, telemetry, parts_.clock},
            {.partner = plan_.partner,
             .tenant = plan_.tenant,
             .api_base = parts_.client.api_base(),
             .interval = plan_.interval,
             .stale_after = plan_.stale_after,
             .source = plan_.source,
             .resellers = plan_.resellers})
      .resume(std::move(kept));
  // Where nothing is missing there may be nothing to try for hours.
  tried_ = health_.all_good();
}

void AccountPoller::run(std::stop_token stop) {
  adopt_changes();
  while (!stop.stop_requested()) {
    while (pass(stop) && !stop.stop_requested()) adopt_changes();
    if (!rest(stop)) return;
  }
}

// Returns false when `stop` was requested.
bool AccountPoller::rest(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (adopt_changes() && !token_refused_ && readings_.anything_due(parts_.clock.steady()))
      return true;
    const WakeCall::Nap nap(changes_, stop);
    if (rest_.until_something_is_due(token_refused_, stop, nap.token())) return true;
  }
  return false;
}

void AccountPoller::change(Plan plan) {
  {
    const std::scoped_lock lock(newest_mutex_);
    if (plan == *newest_) return;
    newest_ = std::make_shared<const Plan>(std::move(plan));
    changed_ = true;
  }
  changes_.ring();
}

std::shared_ptr<const AccountPoller::Plan> AccountPoller::plan() const {
  const std::scoped_lock lock(newest_mutex_);
  return newest_;
}

bool AccountPoller::adopt_changes() {
  if (!changed_.exchange(false)) return false;
  const Plan former = std::exchange(plan_, *plan());
  if (former == plan_) return false;
  board_.adopt(plan_.data_sets, plan_.interval);
  PlanChange({reader_, book_, desk_, intake_, readings_, record_, health_, publisher_, expiry_,
              rest_, parts_.calls, parts_.telemetry, parts_.clock})
      .adopt(former, plan_);
  show_sources();
  warn_if_too_much();
  log_info("The account goes on as newly configured", {{"partner", partner_}});
  return true;
}

bool AccountPoller::pass(std::stop_token stop) {
  const SteadyTime start = parts_.clock.steady();
  // What is shown may have become too old all at once.
  if (clock_watch_.stepped()) readings_.schedule().all_due(start);
  const std::string correlation_id = new_guid();
  record_.pass_begins(correlation_id);
  board_.pass_begins(correlation_id);
  ends_.clear();
  second_opinions_.clear();
  token_refused_ = changed_source_ = false;
  const bool was_cut_short = cut_short_.exchange(false);
  forbidden_.reset();

  readings_.renew(start);
  if (!readings_.anything_due(start)) {
    if (was_cut_short) tried_ = true;  // what was left to try is not wanted any more
    return false;
  }
  if (readings_.list_due(start)) {
    read_customers(correlation_id, stop);
    readings_.renew(start);
  }
  warn_if_too_much();  // before the round, which may take hours
  // What is examined comes first: where the commercial source answers, the classic one is not
  // asked, and no bulk answer arrives late and puts older rows in the place of a customer's newer
  // ones.
  if (const auto examinations = readings_.examinations(start);
      !examinations.empty() && !token_refused_) {
    run_readings(examinations, correlation_id, stop);
    readings_.renew(start);
  }
  if (!token_refused_) run_readings(readings_.due(parts_.clock.steady()), correlation_id, stop);
  if (!token_refused_) run_readings(std::exchange(second_opinions_, {}), correlation_id, stop);
  if (stop.stop_requested()) return false;

  const SteadyTime now = parts_.clock.steady();
  readings_.renew(now);
  warn_if_too_much();  // now the pages are known
  heed_forbidden();
  const bool again = (changed_source_ || cut_short_) && !token_refused_;
  report(start, now);
  if (!again) tried_ = true;
  return again;
}

// A refusal of one report is no more than that: there may be another source, or the report may be
// one that this partner does not have. Where everything is refused that is not about one customer,
// the account lacks a role.
void AccountPoller::heed_forbidden() {
  if (!forbidden_ || token_refused_ || changed_source_) return;
  if (readings_.schedule().anything_answered_partner_wide()) return;
  parts_.tokens.forbidden(*forbidden_);
  token_refused_ = true;
}

void AccountPoller::report(SteadyTime start, SteadyTime now) {
  // Where the classic source has spoken for all of a data set, the commercial one is no longer
  // waited for.
  for (const auto& [data_set, choice] : readings_.sources()) {
    board_.examines(*data_set, wall_time_of(choice.examine_at()));
    if (choice.current() == Source::kClassic && choice.may_change() &&
        readings_.schedule().health(*data_set).unanswered == 0) {
      intake_.settle(*data_set);
      if (data_set->scope == Scope::kCustomer) archive_.forget_bulk(*data_set);
    }
  }
  health_.report(start, ends_);
  round_.spent(now - start);
  const bool good = health_.all_good();
  const bool line_is_due = !last_line_ || now - *last_line_ >= plan_.interval || good != was_good_;
  if (!line_is_due) return;
  last_line_ = now;
  was_good_ = good;
  round_.write({.partner = plan_.partner,
                .customers = book_.customers().size(),
                .rows = health_.rows(),
                .customers_refused = book_.refused(),
                .customers_in_doubt = health_.customers_in_doubt()},
               good);
}

// Said when it becomes true, with the arithmetic.
void AccountPoller::warn_if_too_much() {
  const RoundForecast round =
      forecast(readings_.round(), {plan_.requests_per_minute, plan_.concurrency});
  const double minutes = std::chrono::duration<double, std::ratio<60>>(round.needs).count();
  const double interval = std::chrono::duration<double, std::ratio<60>>(plan_.interval).count();
  if (!std::exchange(too_much_, minutes > interval) && too_much_) {
    log_warn(
        "A round does not fit its interval: data will be older than wanted; lengthen "
        "insights.interval, raise limits.requests_per_minute or narrow customers.include",
        {{"partner", plan_.partner},
         {"calls", round.calls},
         {"requests_per_minute", plan_.requests_per_minute},
         {"minutes_needed", minutes},
         {"interval_minutes", interval}});
  }
}

void AccountPoller::run_readings(const std::vector<Reading>& readings,
                                 const std::string& correlation_id, std::stop_token stop) {
  board_.begins(readings);
  run_round(
      readings, plan_.concurrency,
      [&](const Reading& reading, std::stop_token give_up) {
        // What is to be read customer by customer may take hours, and be another thing by now.
        if (changed_ && reading.customer && !reading.second_opinion) {
          cut_short_ = true;
          return Outcome();
        }
        return reader_.read(reading, correlation_id, std::move(give_up));
      },
      [this](const Reading& reading, Outcome outcome) {
        take(reading, std::move(outcome));
        note_what_comes(reading);
        return !token_refused_;
      },
      stop);
  publisher_.flush();
}

void AccountPoller::read_customers(const std::string& correlation_id, std::stop_token stop) {
  auto read = desk_.read(correlation_id, stop);
  if (stop.stop_requested()) return;
  const SteadyTime now = parts_.clock.steady();
  const SliceKey key = readings_.list_key();
  ends_[key.data_set] = now;
  if (!read.failure) readings_.took(key, read.calls);
  if (read.failure) {
    round_.failed(*read.failure);
    heed_refusal(*read.failure, key);
  }
  // Without a list there is nobody to read: a doubtful first one is asked for again soon.
  const bool again = read.verdict == CustomerBook::Verdict::kIncomplete || !book_.knows_the_list();
  again ? readings_.schedule().failed(key, now) : readings_.schedule().answered(key, now);
  const bool believed = read.verdict == CustomerBook::Verdict::kTaken;
  board_.list_read(believed, read.failure, parts_.clock.wall());
  record_.list_read(believed ? std::nullopt : read.failure, parts_.clock.wall(), next_try(key));
  if (!believed) return;
  intake_.forget_strangers();
  archive_.list_read(read, book_, parts_.client.api_base());
}

// Whether it was for want of a token that a reading failed.
bool AccountPoller::heed_refusal(const Error& error, const SliceKey& reading) {
  const bool no_token = is_about_the_token(error.kind) || !parts_.tokens.status().served;
  token_refused_ = token_refused_ || no_token;
  if (error.kind == ErrorKind::kForbidden && reading.customer_id.empty() && !forbidden_)
    forbidden_ = error;
  return no_token;
}

void AccountPoller::take(const Reading& reading, Outcome outcome) {
  using Kind = Taken::Kind;
  const SteadyTime now = parts_.clock.steady();
  if (outcome.kind != Outcome::Kind::kNotMade) ends_[reading.data_set] = outcome.end;
  const std::size_t calls = outcome.calls;
  std::vector<PackedText> bodies = std::move(outcome.bodies);
  board_.drift(*reading.data_set, outcome.answer.drift, parts_.clock.wall());
  const Taken taken = intake_.take(reading, std::move(outcome));
  round_.note(taken);
  record_.taken(reading, taken, parts_.clock.wall());
  board_.taken(reading, taken, parts_.clock.wall());
  archive_.taken(reading, taken, reader_.address_of(reading), std::move(bodies));
  SourceChoice& choice = readings_.source(*reading.data_set);
  const bool commercial = reading.source == Source::kCommercial;
  if (calls > 0) readings_.took(reading.key, calls);
  switch (taken.kind) {
    case Kind::kNotMade:
      return;
    case Kind::kFailed: {
      const Error& error = *taken.error;
      const bool no_token = heed_refusal(error, reading.key);
      log_debug("Reading failed", {{"partner", plan_.partner},
                                   {"collector", reading.data_set->collector},
                                   {"source", name_of(reading.source)},
                                   {"customer_id", reading.key.customer_id},
                                   {"reason", name_of(error.kind)},
                                   {"error", error.message},
                                   {"correlation_id", error.correlation_id}});
      // An examination that fails, for whatever reason, must not keep the classic source waiting.
      const bool examination = choice.current() == Source::kClassic && !no_token;
      const bool ends = ends_commercial(error.kind) && !no_token;
      const bool too_long = commercial && !no_token && choice.commercial_failed(now);
      if (commercial && choice.may_change() && (examination || ends || too_long)) {
        const bool refused = ends ? refuses(error.kind) : choice.commercial_refused();
        return fall_back(reading, refused, name_of(error.kind), &error);
      }
      return readings_.schedule().failed(reading.key, now);
    }
    case Kind::kAllHeld:
      if (commercial && choice.may_change())
        return fall_back(reading, false, "no rows, or far fewer than before", nullptr);
      if (!commercial) choice.examine_soon(now);
      break;
    case Kind::kHeld:
      if (!choice.may_change()) break;
      if (!commercial) choice.examine_soon(now);
      for (const Taken::Doubtful& doubtful : taken.doubtful) {
        const TenantId& id = *doubtful.customer;
        const auto customer = book_.customers().find(id);
        if (!commercial || customer == book_.customers().end()) continue;
        second_opinions_.push_back({.data_set = reading.data_set,
                                    .source = Source::kClassic,
                                    .customer = customer->second,
                                    .key = {reading.data_set, id.text(), plan_.partner},
                                    .second_opinion = true});
      }
      [[fallthrough]];
    case Kind::kShown:
      if (commercial && choice.commercial_answered()) {
        changed_source_ = true;
        parts_.telemetry.collector_source(reading.data_set->collector, name_of(reading.source));
        log_info("The commercial endpoints answer again and are read from now on",
                 {{"partner", plan_.partner}, {"collector", reading.data_set->collector}});
      }
      break;
    case Kind::kRefused:
      if (publisher_.known()->find(reading.key) == nullptr) archive_.forget(reading.customer->id);
      break;
  }
  readings_.schedule().answered(reading.key, now);
}

void AccountPoller::note_what_comes(const Reading& reading) {
  record_.source_in_use(*reading.data_set, readings_.source(*reading.data_set).current());
  if (const auto next = next_try(reading.key)) record_.next_try(reading.key, *next);
  if (reading.customer && !book_.customers().contains(reading.customer->id))
    record_.left(reading.customer->id, parts_.clock.wall());
}

std::optional<WallTime> AccountPoller::next_try(const SliceKey& reading) const {
  return wall_time_of(readings_.schedule().due_at(reading));
}

std::optional<WallTime> AccountPoller::wall_time_of(const std::optional<SteadyTime>& when) const {
  if (!when) return std::nullopt;
  return parts_.clock.wall() +
         std::chrono::duration_cast<std::chrono::milliseconds>(*when - parts_.clock.steady());
}

void AccountPoller::fall_back(const Reading& reading, bool refused, const char* reason,
                              const Error* error) {
  const SteadyTime now = parts_.clock.steady();
  const char* const collector = reading.data_set->collector;
  // The reading stays due: it is the classic source's now, or goes away with the next plan.
  if (!readings_.source(*reading.data_set).fall_back(refused, now)) return;
  changed_source_ = true;
  parts_.telemetry.collector_source(collector, name_of(Source::kClassic));
  log_warn("The commercial endpoints do not serve; reading the classic ones",
           {{"partner", plan_.partner},
            {"collector", collector},
            {"reason", reason},
            {"error", error != nullptr ? error->message : std::string()},
            {"correlation_id", error != nullptr ? error->correlation_id : std::string()}});
}

}  // namespace pce
