#include "exporter/commands/plan_reckoning.h"

#include "tests/commands/plan_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

AccountFacts classic_account(std::size_t customers) {
  return facts_of(customers, {classic_facts("customer_deployment", customers),
                              classic_facts("customer_usage", customers)});
}

TEST(PlanReckoning, CountsEverythingARoundAsksFor) {
  AccountFacts facts = facts_of(1240, {bulk_facts("customer_deployment", 1, 4000, 12'000),
                                       bulk_facts("customer_usage", 3, 25'000, 75'000),
                                       bulk_facts("partner_deployment", 1, 4, 8)});
  facts.list->resellers = 4;
  facts.list->reseller_pages = 6;
  const AccountReckoning reckoning = reckon(facts, {});
  EXPECT_EQ(reckoning.round.calls, 3U + 6 + 1 + 3 + 1);
  EXPECT_EQ(reckoning.first.calls, reckoning.round.calls);
  EXPECT_DOUBLE_EQ(reckoning.calls_a_day, 4 * 14);
  EXPECT_EQ(reckoning.rows.value, 1240 + 4000 + 25'000 + 4);
  EXPECT_EQ(reckoning.series.value, 1240 + 12'000 + 75'000 + 8);
  EXPECT_TRUE(reckoning.fits);
  EXPECT_THAT(reckoning.advice, IsEmpty());
}

TEST(PlanReckoning, CountsCustomersThatAreNotChosenAsRowsOnly) {
  AccountFacts facts = facts_of(1000, {});
  facts.list->chosen = 900;
  const AccountReckoning reckoning = reckon(facts, {});
  EXPECT_EQ(reckoning.rows.value, 1000);
  EXPECT_EQ(reckoning.series.value, 900);
}

// A list of three pages of 0.1 s, then the pages of the longest report beside the others.
TEST(PlanReckoning, TakesTheTimeOfTheAnswersWhereTheRateAllows) {
  Settings settings;
  settings.limits.requests_per_minute = 60'000;
  const AccountReckoning reckoning =
      reckon(facts_of(1240, {bulk_facts("customer_deployment", 15, 0, 0, Seconds(2)),
                             bulk_facts("customer_usage", 45, 0, 0, Seconds(3))}),
             settings);
  EXPECT_NEAR(reckoning.round.takes.count(), 0.3 + 135, 0.01);
  EXPECT_NEAR(reckoning.first.takes.count(), 0.25 + 0.3 + 135, 0.01);
  EXPECT_EQ(reckoning.pace, Pace::kAnswers);
}

TEST(PlanReckoning, TakesTheTimeOfTheRateWhereThatIsSlower) {
  const AccountReckoning reckoning = reckon(classic_account(1240), {});
  EXPECT_EQ(reckoning.round.calls, 2483U);
  EXPECT_NEAR(reckoning.round.needs.count(), 2483 * 60 / 200.0, 0.01);
  EXPECT_EQ(reckoning.pace, Pace::kRate);
  EXPECT_TRUE(reckoning.fits);
}

// As the poller does: in vain, and the classic source in the same round.
TEST(PlanReckoning, AsksTheCommercialSourceInVainInTheFirstRoundAndOnceADay) {
  AccountFacts facts = classic_account(10);
  for (CollectorFacts& one : facts.collectors) {
    one.refusal = "HTTP 404";
    one.in_vain = {.calls = 4, .time = Seconds(8)};
  }
  Settings settings;
  settings.limits.requests_per_minute = 60'000;
  const AccountReckoning reckoning = reckon(facts, settings);
  EXPECT_EQ(reckoning.round.calls, 21U);
  EXPECT_EQ(reckoning.first.calls, 29U);
  EXPECT_NEAR(reckoning.first.takes.count(), 0.25 + 0.1 + 8 + 20 * 0.5 / 4, 0.01);
  EXPECT_DOUBLE_EQ(reckoning.calls_a_day, 4 * 21 + 8);
}

TEST(PlanReckoning, SaysWhatMakesARoundFitThatTheRateHoldsUp) {
  Settings settings;
  settings.interval = minutes(10);
  settings.stale_after = hours(1);
  settings.source = InsightSource::kClassic;
  const AccountReckoning reckoning = reckon(classic_account(1240), settings);
  EXPECT_FALSE(reckoning.fits);
  EXPECT_THAT(
      reckoning.advice,
      ElementsAre("lengthen insights.interval to 15m", "raise limits.requests_per_minute to 280",
                  StartsWith("let insights.source be auto"),
                  "narrow customers.include to at most about 907 customers"));
  settings.limits.requests_per_minute = 280;
  EXPECT_TRUE(reckon(classic_account(1240), settings).fits);
  settings.limits.requests_per_minute = 200;
  settings.interval = minutes(15);
  EXPECT_TRUE(reckon(classic_account(1240), settings).fits);
  settings.interval = minutes(10);
  EXPECT_TRUE(reckon(classic_account(907), settings).fits);
}

TEST(PlanReckoning, SaysWhatMakesARoundFitThatTheAnswersHoldUp) {
  AccountFacts facts = classic_account(1240);
  for (CollectorFacts& one : facts.collectors) one.each = Seconds(4);
  Settings settings;
  settings.interval = minutes(30);
  const AccountReckoning reckoning = reckon(facts, settings);
  EXPECT_FALSE(reckoning.fits);
  EXPECT_EQ(reckoning.pace, Pace::kAnswers);
  EXPECT_THAT(reckoning.advice, Contains("raise limits.concurrency to 6"));
  settings.limits.concurrency = 6;
  EXPECT_TRUE(reckon(facts, settings).fits);
}

TEST(PlanReckoning, RaisesBothLimitsWhereBothAreTooLow) {
  Settings settings;
  settings.interval = minutes(4);
  settings.limits.concurrency = 1;
  const AccountReckoning reckoning = reckon(classic_account(1240), settings);
  ASSERT_FALSE(reckoning.fits);
  EXPECT_THAT(reckoning.advice,
              Contains("raise limits.requests_per_minute to 690 (Partner Center documents 500 a "
                       "minute for some resources and may refuse more), and limits.concurrency to "
                       "6"));
}

TEST(PlanReckoning, LengthensWhatSamplesLiveWithTheInterval) {
  Settings settings;
  settings.interval = minutes(10);
  settings.stale_after = minutes(20);
  EXPECT_THAT(reckon(classic_account(1240), settings).advice,
              Contains("lengthen insights.interval to 15m, and insights.stale_after to 30m"));
}

TEST(PlanReckoning, HasNoAdviceAboutCustomersWhereReportsAreReadInBulk) {
  Settings settings;
  settings.interval = minutes(1);
  const AccountReckoning reckoning =
      reckon(facts_of(1240, {bulk_facts("customer_usage", 45, 0, 0, Seconds(30))}), settings);
  EXPECT_FALSE(reckoning.fits);
  EXPECT_THAT(reckoning.advice, ElementsAre("lengthen insights.interval to 25m"));
}

TEST(PlanReckoning, ReadsNoListForPartnerWideInsights) {
  AccountFacts facts = facts_of(0, {bulk_facts("partner_usage", 1, 5, 5)});
  facts.list.reset();
  const AccountReckoning reckoning = reckon(facts, {});
  EXPECT_EQ(reckoning.round.calls, 1U);
  EXPECT_EQ(reckoning.series.value, 5);
}

TEST(PlanReckoning, HoldsTheSeriesOfAllAccountsAgainstTheirLimit) {
  Settings settings;
  settings.limits.series = 32'000;
  const std::vector accounts{reckon(classic_account(640), settings),
                             reckon(classic_account(600), settings)};
  const SeriesReckoning series = reckon_series(accounts, settings);
  EXPECT_EQ(series.series.value, 25 * 1240);
  EXPECT_EQ(series.series.margin, 4 * 300);
  EXPECT_TRUE(series.fit);
  settings.limits.series = 30'999;
  EXPECT_FALSE(reckon_series(accounts, settings).fit);
  EXPECT_THAT(reckon_series(accounts, settings).advice, HasSubstr("raise limits.series to 36000"));
}

}  // namespace
}  // namespace pce
