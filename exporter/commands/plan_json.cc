#include <cmath>
#include <cstdint>

#include "exporter/commands/plan_report.h"
#include "exporter/json/json_writer.h"

namespace pce {
namespace {

std::int64_t whole(double number) { return std::llround(number); }
std::int64_t whole(std::size_t number) { return static_cast<std::int64_t>(number); }

void write(JsonWriter& json, const char* name, const Estimate& estimate) {
  json.key(name).integer(whole(estimate.value));
  json.key(std::string(name) + "_margin").integer(whole(std::ceil(estimate.margin)));
}

void write(JsonWriter& json, const char* name, const RoundForecast& round) {
  json.key(name).begin_object();
  json.key("calls").integer(whole(round.calls));
  json.key("seconds").real(round.takes.count());
  json.key("needs_seconds").real(round.needs.count());
  json.end_object();
}

void write(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

void write(JsonWriter& json, const CollectorFacts& facts) {
  json.begin_object()
      .member("collector", facts.data_set->collector)
      .member("source", name_of(facts.source));
  if (!facts.refusal.empty()) json.member("commercial_refused", facts.refusal);
  json.key("calls").integer(whole(facts.readings * facts.pages));
  json.key("pages").integer(whole(facts.pages));
  json.key("calls_in_vain").integer(whole(facts.in_vain.calls));
  write(json, "rows", facts.rows);
  write(json, "series", facts.series);
  json.key("seconds_a_call").real(facts.each.count());
  json.key("looked_at").integer(whole(facts.looked_at));
  json.key("of").integer(whole(facts.readings));
  json.key("first_page_only").boolean(facts.first_page_only);
  json.key("failed").integer(whole(facts.failed));
  if (facts.failed > 0) json.member("first_failure", facts.first_failure);
  json.end_object();
}

void write(JsonWriter& json, const ListFacts& list) {
  json.begin_object();
  json.key("listed").integer(whole(list.customers));
  json.key("chosen").integer(whole(list.chosen));
  json.key("pages").integer(whole(list.pages));
  if (list.resellers) {
    json.key("resellers").integer(whole(*list.resellers));
    json.key("reseller_pages").integer(whole(list.reseller_pages));
  }
  json.key("seconds_a_call").real(list.each.count());
  json.end_object();
}

void write(JsonWriter& json, const PlannedAccount& account, const Settings& settings) {
  const AccountFacts& facts = account.facts;
  json.begin_object().member("account", facts.name);
  json.key("fits").boolean(account.reckoning && account.reckoning->fits);
  if (facts.failure) {
    json.key("error")
        .begin_object()
        .member("reason", name_of(facts.failure->kind))
        .member("message", facts.failure->message);
    if (!facts.failure->correlation_id.empty())
      json.member("correlation_id", facts.failure->correlation_id);
    json.end_object();
  }
  if (facts.list) write(json.key("customers"), *facts.list);
  if (account.reckoning) {
    const AccountReckoning& reckoning = *account.reckoning;
    json.key("collectors").begin_array();
    for (const CollectorFacts& one : facts.collectors) write(json, one);
    json.end_array();
    write(json, "first_round", reckoning.first);
    write(json, "round", reckoning.round);
    json.key("interval_seconds").real(Seconds(settings.interval).count());
    json.member("held_up_by", reckoning.pace == Pace::kRate ? "requests_per_minute" : "answers");
    json.key("calls_a_day").integer(whole(reckoning.calls_a_day));
    write(json, "rows", reckoning.rows);
    write(json, "series", reckoning.series);
    write(json.key("advice"), reckoning.advice);
  }
  json.key("spent").begin_object();
  json.key("calls").integer(whole(facts.calls));
  json.key("sign_ins").integer(whole(facts.sign_ins));
  json.key("seconds").real(facts.time.count());
  json.end_object().end_object();
}

}  // namespace

std::string plan_json(const PlanReport& plan, const Settings& settings) {
  JsonWriter json(JsonWriter::Style::kLines);
  json.begin_object().key("fits").boolean(plan.fits());
  json.key("series_limit").integer(settings.limits.series);
  if (plan.found_out()) {
    write(json, "series", plan.series.series);
    json.key("series_fit").boolean(plan.series.fit);
  } else {
    json.key("series").null().key("series_margin").null().key("series_fit").null();
  }
  if (!plan.series.advice.empty()) json.member("series_advice", plan.series.advice);
  json.key("accounts").begin_array();
  for (const PlannedAccount& account : plan.accounts) write(json, account, settings);
  json.end_array().end_object();
  return json.take();
}

}  // namespace pce
