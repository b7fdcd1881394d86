#include "exporter/commands/plan_report.h"

#include <nlohmann/json.hpp>

#include "tests/commands/plan_fixture.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class PlanReportTest : public testing::Test {
 protected:
  ~PlanReportTest() override { std::fclose(file_); }
  void take(AccountFacts facts) {
    PlannedAccount account{.facts = std::move(facts)};
    if (!account.facts.failure) {
      account.reckoning = reckon(account.facts, settings_);
      reckoned_.push_back(*account.reckoning);
    }
    plan_.accounts.push_back(std::move(account));
    plan_.series = reckon_series(reckoned_, settings_);
  }
  std::string text() { return plan_text(plan_, settings_, Terminal(file_, file_)); }
  json as_json() { return json::parse(plan_json(plan_, settings_)); }

  std::FILE* file_ = std::tmpfile();
  Settings settings_;
  PlanReport plan_;
  std::vector<AccountReckoning> reckoned_;
};

TEST_F(PlanReportTest, IsANoteForPeople) {
  AccountFacts facts = facts_of(1240, {bulk_facts("customer_deployment", 1, 4951, 14'853),
                                       classic_facts("customer_usage", 1238)});
  facts.list->chosen = 1238;
  facts.collectors[1].refusal = "HTTP 404";
  facts.collectors[1].in_vain = {.calls = 4, .time = Seconds(0.4)};
  take(facts);
  EXPECT_EQ(
      text(),
      R"(contoso: 1,240 customers, 1,238 of them chosen by customers.include and customers.exclude

  collector            source      calls          rows        series  a call takes
  customers            list            3         1,240         1,238        100 ms
  customer_deployment  commercial      1         4,951        14,853         2.0 s
  customer_usage       classic     1,238   4,952 ± 100  14,856 ± 300        500 ms
  a round                          1,242  11,143 ± 100  30,947 ± 300

  The commercial reports do not serve customer_usage; the classic insights are read instead. Why: HTTP 404
  Classic figures are reckoned from 100 of 1,238 customers, evenly over the list; ± holds in 19 of 20 samples.
  A round takes 1,242 calls and 6 min 12 s; limits.requests_per_minute (200) sets the pace.
  The first one takes 1,246 calls and 6 min 13 s, because the commercial reports are asked for in vain.
  4,972 calls a day, and a sign-in about every hour.
  It fits insights.interval (6h).
  Finding out took 7 calls and 1 sign-in in 3.0 s.

30,947 ± 300 series in all, and some 150 about the exporter itself: they fit limits.series (2,000,000).
)");
}

TEST_F(PlanReportTest, SaysWhatDoesNotFitAndWhatHelps) {
  settings_.interval = std::chrono::minutes(5);
  settings_.limits.series = 1000;
  take(facts_of(1240, {classic_facts("customer_usage", 1240)}));
  EXPECT_FALSE(plan_.fits());
  EXPECT_THAT(text(),
              HasSubstr("  It does not fit insights.interval (5m), it needs 6 min 13 s. Any "
                        "of these helps:\n    - lengthen insights.interval to 10m\n"));
  EXPECT_THAT(text(), HasSubstr("more than limits.series (1,000); raise limits.series to"));
  EXPECT_EQ(as_json().at("fits"), false);
  EXPECT_EQ(as_json().at("series_fit"), false);
}

TEST_F(PlanReportTest, WarnsOfLittleRoom) {
  settings_.interval = std::chrono::minutes(10);
  take(facts_of(1240, {classic_facts("customer_usage", 1240)}));
  EXPECT_TRUE(plan_.fits());
  EXPECT_THAT(text(), HasSubstr("It fits insights.interval (10m), with little room"));
}

TEST_F(PlanReportTest, SaysWhyNothingCouldBeFoundOut) {
  AccountFacts facts = facts_of(0, {});
  facts.list.reset();
  facts.failure = Error{.kind = ErrorKind::kUnauthorized,
                        .message = "GET /v1/customers: sign in again",
                        .correlation_id = "c-1"};
  take(facts);
  EXPECT_FALSE(plan_.fits());
  EXPECT_THAT(text(), HasSubstr("contoso\n  It could not be found out: GET /v1/customers: sign in "
                                "again\n  For a support ticket: correlation id c-1\n  Finding out "
                                "took 7 calls and 1 sign-in in 3.0 s.\n\nHow many series there "
                                "are in all is not known.\n"));
  EXPECT_TRUE(as_json().at("series").is_null());
  EXPECT_TRUE(as_json().at("series_fit").is_null());
  const json account = as_json().at("accounts").at(0);
  EXPECT_EQ(account.at("error").at("reason"), "unauthorized");
  EXPECT_FALSE(account.contains("round"));
}

TEST_F(PlanReportTest, TellsHowSureItIs) {
  CollectorFacts facts = classic_facts("customer_usage", 1240);
  facts.failed = 2;
  facts.first_failure = "HTTP 500";
  facts.rows_merged = 1;
  CollectorFacts bulk = bulk_facts("customer_deployment", 3, 25'000, 75'000);
  take(facts_of(1240, {facts, bulk}));
  EXPECT_THAT(text(), HasSubstr("Classic figures are reckoned from 100 of 1,240 customers"));
  EXPECT_THAT(text(), HasSubstr("customer_usage: 2 of 102 readings failed (HTTP 500)"));
  EXPECT_THAT(text(), HasSubstr("customer_usage: 1 row of those looked at agree"));
  EXPECT_THAT(text(), HasSubstr("customer_deployment: reckoned from the first of about 3 pages."));
}

TEST_F(PlanReportTest, GivesScriptsEveryFigure) {
  take(facts_of(1240, {classic_facts("customer_usage", 1240)}));
  const json out = as_json();
  EXPECT_EQ(out.at("fits"), true);
  EXPECT_EQ(out.at("series"), 1240 * 13);
  EXPECT_EQ(out.at("series_margin"), 300);
  EXPECT_EQ(out.at("series_limit"), 2'000'000);
  const json account = out.at("accounts").at(0);
  EXPECT_EQ(account.at("account"), "contoso");
  EXPECT_EQ(account.at("customers").at("listed"), 1240);
  EXPECT_EQ(account.at("round").at("calls"), 1243);
  EXPECT_NEAR(account.at("round").at("needs_seconds").get<double>(), 372.9, 0.01);
  EXPECT_EQ(account.at("interval_seconds"), 6 * 3600);
  EXPECT_EQ(account.at("held_up_by"), "requests_per_minute");
  EXPECT_EQ(account.at("calls_a_day"), 4 * 1243);
  const json collector = account.at("collectors").at(0);
  EXPECT_EQ(collector.at("source"), "classic");
  EXPECT_EQ(collector.at("looked_at"), 100);
  EXPECT_EQ(collector.at("of"), 1240);
}

}  // namespace
}  // namespace pce
