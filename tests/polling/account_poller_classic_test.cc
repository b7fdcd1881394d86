// Rounds from the classic source, customer by customer.
#include "tests/polling/account_poller_fixture.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_F(AccountPollerTest, ShowsWhatTheFirstRoundRead) {
  EXPECT_FALSE(poller().has_tried());
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(poller().has_tried());
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_rows", "customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
  EXPECT_EQ(metric("partner_center_collector_source_info", "classic"), 1);
}

TEST_F(AccountPollerTest, AsksEachCustomerOnceAnInterval) {
  first_round();
  run_for(hours(6 * 10));
  for (const char* id : {kA, kB}) {
    EXPECT_GE(calls(deployment_path(id)), 10 + 1) << id;
    EXPECT_LE(calls(deployment_path(id)), 12 + 1) << id;
  }
}

TEST_F(AccountPollerTest, TriesAgainSoonerWhatFailedAndOnlyThat) {
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run_for(minutes(1 + 2 + 4) + std::chrono::seconds(30));
  EXPECT_EQ(calls(deployment_path(kB)), 4);
  EXPECT_EQ(calls(deployment_path(kA)), 1);
  EXPECT_EQ(calls("/v1/customers"), 1);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
}

TEST_F(AccountPollerTest, IsUpAgainWhenTheCatchUpSucceeds) {
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_FALSE(up());
  service_.answers.clear();
  service_.sold[kB] = 21;
  run_for(minutes(2));
  EXPECT_EQ(sold(kB), 21);
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
}

TEST_F(AccountPollerTest, KeepsTheRowsOfACustomerThatFails) {
  first_round();
  service_.answer(deployment_path(kB), 500, "<html>");
  service_.sold[kA] = 11;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
}

TEST_F(AccountPollerTest, DropsRowsThatAreTooOld) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run_for(hours(47));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(1));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyAnswerWhereThereWereRows) {
  first_round();
  service_.answer(deployment_path(kB), 200, kNoRows);
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  EXPECT_GE(metric("partner_center_collector_empty_answers_total", kDeployment).value_or(0), 1);
  EXPECT_TRUE(up()) << "one customer of several may well have no licences any more";
}

TEST_F(AccountPollerTest, IsNotUpWhileTheWholeAnswerIsInDoubt) {
  first_round();
  service_.sold.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
}

TEST_F(AccountPollerTest, BelievesAnEmptyAnswerThatIsRepeatedForADay) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_EQ(metric("partner_center_collector_customers_missing", kDeployment), 1);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, BelievesAnEmptyAnswerWhereThereNeverWereRows) {
  service_.sold.erase(kB);
  first_round();
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_empty_answers_total", kDeployment), 0);
}

TEST_F(AccountPollerTest, RefusesAnAnswerOfWhichNoRowCanBeShown) {
  first_round();
  service_.answer(deployment_path(kB), 200,
                  R"({"items":[{"productName":"P","licensesSold":{},"serviceName":"o365"}]})");
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_FALSE(up());
}

TEST_F(AccountPollerTest, ReadsABrokenBodyOnceMoreBeforeItGivesUp) {
  int answered = 0;
  const HttpResponse whole{.status = 200,
                           .headers = {},
                           .body = R"({"items":[{"productName":"P","licensesSold":23,)"
                                   R"("licensesDeployed":1,"serviceName":"o365","channel":"r"}]})"};
  service_.answers[deployment_path(kB)] = [&answered, whole] {
    HttpResponse cut = whole;
    cut.body = "{\"items\":[";
    return ++answered == 1 ? cut : whole;
  };
  first_round();
  EXPECT_EQ(sold(kB), 23);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, PublishesTheNewestProcessedDate) {
  first_round();
  EXPECT_EQ(metric("partner_center_data_processed_timestamp_seconds", kDeployment), 1489461916);
}

TEST_F(AccountPollerTest, CountsFieldsThatAreNotAsDocumented) {
  service_.answer(
      deployment_path(kB), 200,
      R"({"items":[{"productName":"P","licensesSold":23,"licensesDeployed":1,)"
      R"("deploymentPercent":4.35,"serviceName":"o365","channel":"r","customerName":"X",)"
      R"("processedDateTime":"2017-03-14T03:25:16Z","seatsOnLoan":7}]})");
  first_round();
  EXPECT_EQ(metric("partner_center_schema_drift_total", "seatsOnLoan"), 1);
}

class OnceADayPollerTest : public AccountPollerTest {
 protected:
  std::chrono::milliseconds interval() const override { return hours(24); }
  GuardRules guard() const override { return {.confirmations = 5}; }
};

TEST_F(OnceADayPollerTest, StaysInDoubtWhenTheRowsThatItHeldAreTooOld) {
  first_round();
  service_.sold.clear();
  run_for(hours(80));
  EXPECT_EQ(sold(kA), std::nullopt);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_FALSE(up());
  run_for(hours(24 * 5));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_TRUE(up());
}

class HastyPollerTest : public AccountPollerTest {
 protected:
  std::chrono::milliseconds interval() const override { return std::chrono::milliseconds(300); }
};

TEST_F(HastyPollerTest, KeepsItsIntervalOfAFractionOfASecond) {
  service_.answer(deployment_path(kB), 403, R"({"code":"2032","description":"no"})");
  run_for(std::chrono::seconds(30));
  for (const std::string& path : {deployment_path(kA), deployment_path(kB)}) {
    EXPECT_GE(calls(path), 98) << path;
    EXPECT_LE(calls(path), 105) << path;
  }
}

TEST_F(AccountPollerTest, ReadsEverythingAgainWhenTheClockWasSet) {
  for (const auto step : {hours(24 * 365), -hours(24 * 365)}) {
    run_for(hours(30));
    const int before = calls(deployment_path(kA));
    clock_.step_wall(step);
    run_for(minutes(2));
    EXPECT_EQ(calls(deployment_path(kA)), before + 1);
    EXPECT_EQ(sold(kA), 10);
    EXPECT_EQ(sold(kB), 20);
    EXPECT_TRUE(up());
  }
}

TEST_F(AccountPollerTest, LeavesOtherAccountsOfTheStoreAlone) {
  const auto theirs =
      slice_of(*find_data_set(kDeployment), labels_, "cccccccc-0000-4000-8000-000000000003", "C",
               {Record{}}, clock_.wall(), "fabrikam");
  store_.replace({theirs});
  service_.sold.erase(kB);
  first_round();
  EXPECT_NE(store_.current()->find(theirs->key), nullptr);
  EXPECT_EQ(metric("partner_center_collector_customers_missing", kDeployment), 1);
}

TEST_F(HastyPollerTest, SaysOnceThatARoundDoesNotFitItsInterval) {
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  testing::internal::CaptureStderr();
  run_for(std::chrono::seconds(2));
  const std::string log = testing::internal::GetCapturedStderr();
  const auto at = log.find("does not fit its interval");
  ASSERT_NE(at, std::string::npos) << log;
  EXPECT_EQ(log.find("does not fit its interval", at + 1), std::string::npos);
}

TEST_F(AccountPollerTest, SaysNothingOfARoundThatFits) {
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  testing::internal::CaptureStderr();
  first_round();
  EXPECT_EQ(testing::internal::GetCapturedStderr().find("interval"), std::string::npos);
}

}  // namespace
}  // namespace pce
