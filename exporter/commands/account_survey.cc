#include "exporter/commands/account_survey.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "exporter/base/guid.h"
#include "exporter/partner_center/resellers.h"
#include "exporter/polling/round.h"
#include "exporter/polling/unusable_answer.h"
#include "exporter/store/series_budget.h"

namespace pce {
namespace {

bool about_customers(const CollectorFacts& facts) {
  return facts.data_set->scope == Scope::kCustomer;
}

Reading reading_of(const CollectorFacts& facts) {
  return {.data_set = facts.data_set, .source = facts.source};
}

std::size_t records_in(const BulkDecoded& answer) {
  std::size_t records = 0;
  for (const CustomerDecoded& customer : answer.customers)
    records += customer.decoded.records.size();
  return records;
}

// What the classic readings of one collector gave, customer by customer.
struct Sampled {
  std::vector<double> rows, series;
};

}  // namespace

AccountSurvey::AccountSurvey(Parts parts, const AccountPoller::Plan& plan, std::size_t sample,
                             std::function<void(const std::string&)> progress)
    : parts_(parts),
      plan_(plan),
      sample_(sample),
      progress_(std::move(progress)),
      correlation_id_(new_guid()),
      meter_(parts_.registry, plan.partner),
      reader_({parts_.client, parts_.labels, parts_.telemetry, parts_.clock},
              plan.customers.ids_to_ask_for(), plan.processed_date),
      book_(plan.customers, plan.guard) {}

AccountFacts AccountSurvey::run(std::stop_token stop) {
  const SteadyTime begin = parts_.clock.steady();
  found_.name = plan_.partner;
  for (const DataSet* data_set : plan_.data_sets) {
    found_.collectors.push_back(
        {.data_set = data_set, .source = plan_.source.fixed.value_or(Source::kCommercial)});
  }
  const bool found =
      (std::ranges::none_of(found_.collectors, about_customers) || read_list(stop)) &&
      look_at_reports(stop) && read_sample(stop);
  if (!found && !found_.failure)
    fail({.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"});

  for (const auto& [operation, cost] : meter_.all()) {
    if (operation == "token") {
      found_.sign_ins = cost.calls;
      found_.sign_in = cost.each();
    } else {
      found_.calls += cost.calls;
    }
  }
  found_.time = parts_.clock.steady() - begin;
  return std::move(found_);
}

bool AccountSurvey::fail(Error error) {
  if (!found_.failure) found_.failure = std::move(error);
  return false;
}

bool AccountSurvey::read_list(std::stop_token stop) {
  progress_("reading the customer list");
  const CustomerList list = read_customer_list(parts_.client, correlation_id_, stop);
  if (list.failure) return fail(*list.failure);
  if (list.customers.empty()) {
    return fail({.kind = ErrorKind::kMalformed,
                 .message = "the customer list names nobody: either the account has no customers, "
                            "or whoever signed in may not see them"});
  }
  book_.take(list, parts_.clock.steady());
  ListFacts& facts = found_.list.emplace();
  facts.customers = list.customers.size();
  facts.chosen = book_.customers().size();
  facts.pages = list.pages;
  if (facts.chosen == 0) {
    return fail({.kind = ErrorKind::kSettings,
                 .message = "customers.include and customers.exclude admit none of the " +
                            std::to_string(facts.customers) + " customers"});
  }
  if (plan_.resellers) {
    progress_("reading which reseller has which customer");
    const ResellerList resellers = read_resellers(parts_.client, correlation_id_, stop);
    if (resellers.failure) return fail(*resellers.failure);
    facts.resellers = resellers.resellers;
    facts.reseller_pages = resellers.pages;
  }
  facts.each = meter_.take(std::string(kCustomersOperation)).each();
  return true;
}

bool AccountSurvey::look_at_reports(std::stop_token stop) {
  std::vector<Reading> readings;
  std::map<const DataSet*, Reader::Glance> glances;
  for (const CollectorFacts& facts : found_.collectors) {
    if (facts.source != Source::kCommercial) continue;
    readings.push_back(reading_of(facts));
    glances[facts.data_set];
  }
  if (readings.empty()) return true;
  progress_("reading the first page of each commercial report");
  run_round(
      readings, plan_.concurrency,
      [&](const Reading& reading, std::stop_token give_up) {
        Reader::Glance& glance = glances.at(reading.data_set);  // each its own
        glance = reader_.glance(reading, correlation_id_, std::move(give_up));
        return Outcome{.kind = glance.outcome.kind, .error = glance.outcome.error};
      },
      [](const Reading&, const Outcome& outcome) {
        return !outcome.error || !is_about_the_token(outcome.error->kind);
      },
      stop);
  return std::ranges::all_of(found_.collectors, [&](CollectorFacts& facts) {
    const auto glance = glances.find(facts.data_set);
    return glance == glances.end() || judge(facts, glance->second);
  });
}

// As the poller takes such an answer: whether the commercial source serves, or the classic one is
// asked instead.
bool AccountSurvey::judge(CollectorFacts& facts, Reader::Glance& glance) {
  const CallCost cost = meter_.take(facts.data_set->collector);
  Outcome& outcome = glance.outcome;
  if (outcome.kind == Outcome::Kind::kAnswered && unreadable(outcome.answer)) {
    outcome.kind = Outcome::Kind::kFailed;
    outcome.error = nothing_readable(*facts.data_set, outcome.answer);
  }
  const bool may_change = !plan_.source.fixed;
  const auto fall_back = [&](const std::string& why) {
    facts.source = Source::kClassic;
    facts.refusal = why;
    facts.in_vain = cost;
    return true;
  };
  if (outcome.error) {
    if (may_change && ends_commercial(outcome.error->kind))
      return fall_back(outcome.error->message);
    return fail(*outcome.error);
  }
  if (outcome.kind != Outcome::Kind::kAnswered) return false;
  if (may_change && records_in(outcome.answer) == 0)
    return fall_back("it has no rows, where the classic insights may have some");
  facts.each = cost.each() + glance.decoding;
  count(facts, glance);
  return true;
}

void AccountSurvey::count(CollectorFacts& facts, const Reader::Glance& glance) const {
  const BulkDecoded& answer = glance.outcome.answer;
  const auto page_rows = static_cast<double>(answer.rows);
  double shown = 0;
  std::vector<RowsAndSeries> listed;
  std::vector<double> rows_by_customer;
  for (const auto& [customer, decoded] : answer.customers) {
    using Standing = CustomerBook::Standing;
    const Standing standing = !about_customers(facts) ? Standing::kOurs
                              : !customer             ? Standing::kUnlisted
                                          : book_.standing(*customer, decoded.customer_name);
    const auto rows = static_cast<double>(decoded.rows);
    const auto series = static_cast<double>(series_of(decoded.records));
    if (standing == Standing::kOurs) shown += series;
    listed.push_back({.rows = rows, .series = standing == Standing::kUnlisted ? 0 : series});
    rows_by_customer.push_back(rows);
    facts.rows_merged += decoded.rows_merged;
  }
  facts.closing = glance.closing;
  if (glance.is_all) {
    facts.rows.value = page_rows;
    facts.series.value = shown;
    return;
  }
  // A count no larger than the page's own rows may be that page's.
  const auto announced = static_cast<double>(glance.outcome.rows_announced.value_or(0));
  const double listed_customers = found_.list ? static_cast<double>(found_.list->customers) : 1;
  facts.rows = announced > page_rows
                   ? Estimate{.value = announced}
                   : total_of(rows_by_customer, static_cast<std::size_t>(listed_customers));
  facts.series = series_of_rows(listed, facts.rows.value);
  if (found_.list)
    facts.series = facts.series * (static_cast<double>(found_.list->chosen) / listed_customers);
  facts.pages = std::max<std::size_t>(
      2, static_cast<std::size_t>(std::ceil(facts.rows.value / std::max(page_rows, 1.0))));
  facts.closing = glance.closing * static_cast<double>(facts.pages);
  facts.first_page_only = true;
}

// The same ones each time, evenly over the order of their ids, which is no order of their sizes.
std::vector<Customer> AccountSurvey::sample() const {
  const auto& all = book_.customers();
  const std::size_t wanted = std::min(sample_, all.size());
  std::vector<Customer> chosen;
  std::size_t place = 0;
  for (const auto& [id, customer] : all) {
    if (place++ == chosen.size() * all.size() / wanted && chosen.size() < wanted)
      chosen.push_back(customer);
  }
  return chosen;
}

bool AccountSurvey::read_sample(std::stop_token stop) {
  std::map<const DataSet*, Sampled> sampled;
  std::map<const DataSet*, CollectorFacts*> facts_of;
  std::vector<Reading> readings;
  for (CollectorFacts& facts : found_.collectors) {
    if (facts.source != Source::kClassic) continue;
    facts_of[facts.data_set] = &facts;
    facts.looked_at = 0;
    if (!about_customers(facts)) {
      readings.push_back(reading_of(facts));
      continue;
    }
    facts.readings = book_.customers().size();
    for (const Customer& customer : sample()) {
      readings.push_back(reading_of(facts));
      readings.back().customer = customer;
    }
  }
  std::optional<Error> refused;
  std::size_t made = 0;
  const auto note = [&](const Reading& reading, const Outcome& outcome) {
    if (outcome.kind == Outcome::Kind::kNotMade) return;
    ++made;
    progress_("reading classic insights, " + std::to_string(made) + " of " +
              std::to_string(readings.size()));
    CollectorFacts& facts = *facts_of.at(reading.data_set);
    const auto failed = [&](const Error& error) {
      if (is_about_the_token(error.kind)) refused = error;
      if (++facts.failed == 1) facts.first_failure = error.message;
    };
    if (outcome.kind == Outcome::Kind::kFailed) return failed(*outcome.error);
    if (outcome.kind == Outcome::Kind::kAnswered && unreadable(outcome.answer))
      return failed(nothing_readable(*reading.data_set, outcome.answer));
    Sampled& of = sampled[reading.data_set];
    ++facts.looked_at;
    std::size_t series = 0;
    for (const CustomerDecoded& customer : outcome.answer.customers) {
      series += series_of(customer.decoded.records);
      facts.rows_merged += customer.decoded.rows_merged;
    }
    of.rows.push_back(static_cast<double>(outcome.answer.rows));
    of.series.push_back(static_cast<double>(series));
  };
  run_round(
      readings, plan_.concurrency,
      [&](const Reading& reading, std::stop_token give_up) {
        return reader_.read(reading, correlation_id_, std::move(give_up));
      },
      [&](const Reading& reading, const Outcome& outcome) {
        note(reading, outcome);
        return !refused;
      },
      stop);
  if (refused) return fail(*refused);
  for (const auto& [data_set, facts] : facts_of) {
    if (facts->looked_at == 0) {
      if (facts->failed == 0) return false;
      return fail({.kind = ErrorKind::kUpstream, .message = facts->first_failure});
    }
    facts->rows = total_of(sampled[data_set].rows, facts->readings);
    facts->series = total_of(sampled[data_set].series, facts->readings);
    facts->each = meter_.take(data_set->collector).each();
  }
  return true;
}

}  // namespace pce
