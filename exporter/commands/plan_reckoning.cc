#include "exporter/commands/plan_reckoning.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "exporter/settings/duration.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr double kRoom = 1.1;  // advice leaves a tenth for repetitions and slow days
constexpr int kConcurrencyWorthTrying = 64;
constexpr int kDocumentedRate = 500;  // partner-center-api.md 8.5

const double kDaySeconds = 24 * 3600;

bool about_customers(const CollectorFacts& facts) {
  return facts.data_set->scope == Scope::kCustomer;
}

// In the order in which the poller makes its readings.
std::map<const DataSet*, const CollectorFacts*> in_order(const AccountFacts& facts) {
  std::map<const DataSet*, const CollectorFacts*> ordered;
  for (const CollectorFacts& one : facts.collectors) ordered.emplace(one.data_set, &one);
  return ordered;
}

CallChain chain_of(const CollectorFacts& facts) {
  return {.readings = facts.readings,
          .calls = facts.pages,
          .each = facts.each,
          .closing = facts.closing};
}

void add_list(const AccountFacts& facts, std::vector<RoundStep>& steps) {
  if (!facts.list) return;
  const std::size_t pages = facts.list->pages + facts.list->reseller_pages;
  steps.push_back({{.calls = pages, .each = facts.list->each}});
}

std::vector<RoundStep> later_round(const AccountFacts& facts) {
  std::vector<RoundStep> steps;
  add_list(facts, steps);
  RoundStep readings;
  for (const auto& [data_set, one] : in_order(facts)) readings.push_back(chain_of(*one));
  steps.push_back(std::move(readings));
  return steps;
}

// What the commercial source does not serve is read from the classic one afterwards.
std::vector<RoundStep> first_round(const AccountFacts& facts) {
  std::vector<RoundStep> steps;
  add_list(facts, steps);
  RoundStep readings;
  RoundStep instead;
  for (const auto& [data_set, one] : in_order(facts)) {
    if (one->refusal.empty()) {
      readings.push_back(chain_of(*one));
    } else {
      readings.push_back({.calls = one->in_vain.calls, .each = one->in_vain.each()});
      instead.push_back(chain_of(*one));
    }
  }
  steps.push_back(std::move(readings));
  steps.push_back(std::move(instead));
  return steps;
}

// The sign-in passes the governor like a call and is counted apart.
RoundForecast forecast_of_first(const AccountFacts& facts, const RoundLimits& limits) {
  auto steps = first_round(facts);
  steps.insert(steps.begin(), {{.each = facts.sign_in}});
  RoundForecast round = forecast(steps, limits);
  --round.calls;
  return round;
}

bool fits(const RoundForecast& round, milliseconds interval) { return round.needs <= interval; }

milliseconds rounded_up(Seconds time) {
  const milliseconds wanted = std::chrono::ceil<milliseconds>(time);
  const milliseconds step = wanted <= minutes(60)    ? minutes(5)
                            : wanted <= minutes(720) ? minutes(30)
                                                     : minutes(60);
  return (wanted + step - milliseconds(1)) / step * step;
}

// To two digits: 1,234 is 1,300.
double rounded_up(double number) {
  const double step = std::pow(10, std::max(std::floor(std::log10(number)) - 1, 0.0));
  return std::ceil(number / step) * step;
}

std::string advice_about_interval(const RoundForecast& round, const Settings& settings) {
  const milliseconds interval = rounded_up(round.needs * kRoom);
  std::string advice = "lengthen insights.interval to " + duration_text(interval);
  if (settings.stale_after < 2 * interval)
    advice += ", and insights.stale_after to " + duration_text(2 * interval);
  return advice;
}

// Where a higher rate, or more calls at once, or both are enough.
std::optional<std::string> advice_about_limits(const std::vector<RoundStep>& steps,
                                               const RoundForecast& round,
                                               const Settings& settings) {
  const double interval_minutes =
      std::chrono::duration<double, std::ratio<60>>(settings.interval).count();
  const double rate = rounded_up(static_cast<double>(round.calls) * kRoom / interval_minutes);
  if (rate > 1e9) return std::nullopt;
  RoundLimits limits{
      .requests_per_minute = std::max(settings.limits.requests_per_minute, static_cast<int>(rate)),
      .concurrency = settings.limits.concurrency};
  while (!fits(forecast(steps, limits), settings.interval)) {
    if (limits.concurrency >= kConcurrencyWorthTrying) return std::nullopt;
    ++limits.concurrency;
  }
  std::string advice;
  if (limits.requests_per_minute > settings.limits.requests_per_minute) {
    advice = "raise limits.requests_per_minute to " + std::to_string(limits.requests_per_minute);
    if (limits.requests_per_minute > kDocumentedRate)
      advice += " (Partner Center documents 500 a minute for some resources and may refuse more)";
  }
  if (limits.concurrency > settings.limits.concurrency) {
    advice += (advice.empty() ? "raise " : ", and ");
    advice += "limits.concurrency to " + std::to_string(limits.concurrency);
  }
  return advice;
}

std::vector<std::string> advice_of(const AccountFacts& facts, const RoundForecast& round,
                                   const Settings& settings) {
  std::vector<std::string> advice{advice_about_interval(round, settings)};
  if (auto limits = advice_about_limits(later_round(facts), round, settings))
    advice.push_back(std::move(*limits));
  const auto one_by_one = [](const CollectorFacts& one) {
    return about_customers(one) && one.source == Source::kClassic;
  };
  if (std::ranges::none_of(facts.collectors, one_by_one)) return advice;
  if (settings.source == InsightSource::kClassic)
    advice.emplace_back(
        "let insights.source be auto: where the commercial reports serve, a few pages take the "
        "place of a call a customer");
  const double share = settings.interval / (round.needs * kRoom);
  const auto customers = static_cast<std::size_t>(static_cast<double>(facts.list->chosen) * share);
  if (customers > 0)
    advice.push_back("narrow customers.include to at most about " + std::to_string(customers) +
                     " customers");
  return advice;
}

double examinations_a_day(const AccountFacts& facts, const Settings& settings) {
  double calls = 0;
  for (const CollectorFacts& one : facts.collectors)
    calls += static_cast<double>(one.in_vain.calls);
  return calls * kDaySeconds / Seconds(settings.reexamine).count();
}

}  // namespace

AccountReckoning reckon(const AccountFacts& facts, const Settings& settings) {
  const RoundLimits limits{.requests_per_minute = settings.limits.requests_per_minute,
                           .concurrency = settings.limits.concurrency};
  const auto steps = later_round(facts);
  AccountReckoning reckoning;
  reckoning.first = forecast_of_first(facts, limits);
  reckoning.round = forecast(steps, limits);
  reckoning.calls_a_day = static_cast<double>(reckoning.round.calls) * kDaySeconds /
                              Seconds(settings.interval).count() +
                          examinations_a_day(facts, settings);
  const RoundForecast unlimited = forecast(
      steps,
      {.requests_per_minute = std::numeric_limits<int>::max(), .concurrency = limits.concurrency});
  reckoning.pace = reckoning.round.needs > unlimited.needs * kRoom ? Pace::kRate : Pace::kAnswers;
  reckoning.fits = fits(reckoning.round, settings.interval);
  if (!reckoning.fits) reckoning.advice = advice_of(facts, reckoning.round, settings);
  if (facts.list) {
    reckoning.rows.value = static_cast<double>(facts.list->customers);
    reckoning.series.value = static_cast<double>(facts.list->chosen);
  }
  for (const CollectorFacts& one : facts.collectors) {
    reckoning.rows += one.rows;
    reckoning.series += one.series;
  }
  return reckoning;
}

SeriesReckoning reckon_series(const std::vector<AccountReckoning>& accounts,
                              const Settings& settings) {
  SeriesReckoning all;
  for (const AccountReckoning& account : accounts) all.series += account.series;
  const auto limit = static_cast<double>(settings.limits.series);
  all.fit = all.series.value <= limit;
  if (all.fit) return all;
  const double wanted = rounded_up((all.series.value + all.series.margin) * kRoom);
  all.advice = "raise limits.series to " + std::to_string(static_cast<std::int64_t>(wanted)) +
               ", narrow customers.include, or leave a collector out of insights.collectors; as it "
               "is, whole customers are left out from the highest id down";
  return all;
}

}  // namespace pce
