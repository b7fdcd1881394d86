#include "tests/polling/warm_start_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kList = "/v1/customers";
std::string path_of(const std::string& id) { return ScriptedPartnerCenter::deployment_path(id); }

TEST_F(WarmStartTest, ShowsWhatWasKnownWithItsAgeAndAsksNothing) {
  first_round();
  const auto success = last_success("customer_deployment");
  service_.sold = {{kA, 77}, {kB, 88}};
  restart_after(hours(2));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_NEAR(static_cast<double>(age(kA).count()), 7200, 40);
  ASSERT_NE(slice(kA, &customer_info()), nullptr);
  EXPECT_EQ(slice(kA)->customer.plain(), "Customer a");
  EXPECT_EQ(metric("up"), 1);
  EXPECT_TRUE(process().poller.has_tried()) << "ready";
  EXPECT_EQ(metric("collector_success", "customer_deployment"), 1);
  EXPECT_EQ(last_success("customer_deployment"), success);
  EXPECT_EQ(metric("collector_rows", "customer_deployment"), 2);
  EXPECT_EQ(metric("customers"), 2);
  EXPECT_EQ(metric("collector_customers_missing", "customer_deployment"), 0);
  EXPECT_EQ(metric("exporter_storage_answers_restored"), 3);
  run_for(minutes(50));
  EXPECT_EQ(calls(), 0U);
}

TEST_F(WarmStartTest, ReadsAgainAnIntervalAfterTheLastAnswer) {
  first_round();
  service_.sold[kA] = 11;
  restart_after(hours(2));
  run_for(hours(3) + minutes(55));
  EXPECT_EQ(calls(), 0U);
  run_for(minutes(10));
  EXPECT_EQ(calls(path_of(kA)), 1U);
  EXPECT_EQ(calls(kList), 1U);
  EXPECT_EQ(sold(kA), 11);
}

TEST_F(WarmStartTest, ReadsAtOnceWhatCameDueMeanwhile) {
  first_round();
  restart_after(hours(7));
  EXPECT_EQ(sold(kA), 10) << "shown until it is read";
  EXPECT_EQ(metric("up"), 1);
  first_round();
  EXPECT_EQ(calls(path_of(kA)), 1U);
  EXPECT_EQ(calls(kList), 1U);
  EXPECT_LT(age(kA), seconds(60));
}

TEST_F(WarmStartTest, DoesNotShowWhatIsTooOld) {
  first_round();
  restart_after(hours(49));
  EXPECT_EQ(slice(kA), nullptr);
  EXPECT_FALSE(process().poller.has_tried());
  EXPECT_EQ(metric("exporter_storage_answers_restored"), 0);
  first_round();
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(WarmStartTest, GrowsTooOldAsIfNothingHadBeen) {
  first_round();
  restart_after(hours(47));
  EXPECT_EQ(sold(kA), 10);
  service_.answer(path_of(kA), 500, "no");
  service_.answer(path_of(kB), 500, "no");
  run_for(hours(2));
  EXPECT_EQ(slice(kA), nullptr);
}

TEST_F(WarmStartTest, TrustsNothingFromTheFuture) {
  first_round();
  end_for(minutes(1));
  clock_.step_wall(-hours(1));
  EXPECT_EQ(slice(kA), nullptr);
  EXPECT_EQ(dropped("future"), 3);
  first_round();
  EXPECT_EQ(calls(path_of(kA)), 1U);
  EXPECT_EQ(sold(kA), 10);
}

// Clocks that differ by a few seconds are no reason for an age below zero.
TEST_F(WarmStartTest, CallsTheNearFutureNow) {
  first_round();
  end_for(seconds(0));
  clock_.step_wall(-seconds(50));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(age(kA), seconds(0));
}

TEST_F(WarmStartTest, WhatFailedBeforeIsReadAtOnce) {
  first_round();
  service_.answer(path_of(kA), 500, "no");
  run_for(hours(7));
  EXPECT_NE(metric("up"), 1);
  service_.answers.clear();
  restart_after(minutes(1));
  EXPECT_EQ(sold(kA), 10);
  first_round();
  EXPECT_EQ(calls(path_of(kA)), 1U);
  EXPECT_EQ(calls(path_of(kB)), 0U);
  EXPECT_EQ(metric("up"), 1);
}

TEST_F(WarmStartTest, ReadsTheListFirstWhereItIsMissing) {
  first_round();
  end_for(hours(1));
  change_kept([](StoredAnswer& answer) {
    if (answer.collector == "customers") answer.tenant = "somebody else's";
  });
  EXPECT_EQ(sold(kA), 10) << "without a list, whoever is in the answers";
  EXPECT_FALSE(process().poller.has_tried());
  first_round();
  EXPECT_EQ(calls(kList), 1U);
  EXPECT_EQ(calls(), 1U) << "the others are not due";
  EXPECT_EQ(metric("up"), 1);
}

TEST_F(WarmStartTest, HeedsTheConfigurationOfNow) {
  first_round();
  end_for(hours(1));
  plan_.customers = CustomerFilter({}, {CustomerPattern(kB)});
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(slice(kB), nullptr);
  EXPECT_EQ(metric("customers_excluded"), 1);
  end_for(minutes(1));
  plan_.data_sets = {find_data_set("customer_usage")};
  EXPECT_EQ(slice(kA), nullptr) << "the collector is not configured";
  end_for(minutes(1));
  plan_.data_sets = {find_data_set("customer_deployment")};
  plan_.source.fixed = Source::kCommercial;
  EXPECT_EQ(slice(kA), nullptr) << "the source is not wanted";
}

TEST_F(WarmStartTest, IsOneTenantsAndOneAddress) {
  first_round();
  end_for(hours(1));
  const std::string tenant = std::exchange(plan_.tenant, "99999999-2222-3333-4444-555555555555");
  EXPECT_EQ(slice(kA), nullptr);
  EXPECT_EQ(dropped("question"), 3);
  end_for(minutes(1));
  plan_.tenant = tenant;
  change_kept([](StoredAnswer& answer) { answer.address.insert(7, "x"); });
  EXPECT_EQ(slice(kA), nullptr);
}

TEST_F(WarmStartTest, LeavesOutWhatItCannotRead) {
  first_round();
  end_for(hours(1));
  change_kept([](StoredAnswer& answer) {
    if (answer.customer == kA) answer.bodies = {pack("<html>")};
  });
  EXPECT_EQ(slice(kA), nullptr);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(dropped("unreadable"), 1);
  EXPECT_EQ(metric("up"), 0) << "one of them was never read";
  first_round();
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(WarmStartTest, DoubtsAnEmptyAnswerAsBefore) {
  first_round();
  restart_after(hours(1));
  service_.answer(path_of(kA), 200, R"({"totalCount":0,"items":[]})");
  run_for(hours(6));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("collector_suspect_customers", "customer_deployment"), 1);
  restart_after(minutes(1));
  EXPECT_EQ(sold(kA), 10) << "the doubtful answer is not kept";
  EXPECT_GT(age(kA), hours(6));
}

TEST_F(WarmStartTest, ACustomerThatOneListDidNotNameIsStillLeaving) {
  first_round();
  service_.listed = {kA};
  for (int i = 0; i < 40 && metric("customers_leaving") != 1; ++i) run_for(minutes(10));
  ASSERT_EQ(metric("customers_leaving"), 1);
  ASSERT_EQ(sold(kB), 20);
  restart_after(minutes(1));
  EXPECT_EQ(metric("customers_leaving"), 1);
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(7));
  EXPECT_EQ(slice(kB), nullptr);
  restart_after(minutes(1));
  EXPECT_EQ(metric("customers_leaving"), 0);
  EXPECT_EQ(slice(kB), nullptr);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(WarmStartTest, ExplainsWhatItKnowsOfBefore) {
  plan_.source.fixed = Source::kCommercial;
  first_round();
  restart_after(hours(2));
  const CollectorRecord record =
      process().poller.record().collector(*find_data_set("customer_deployment"));
  ASSERT_TRUE(record.answered);
  EXPECT_NEAR(std::chrono::duration<double>(clock_.wall() - *record.answered).count(), 7200, 60);
  EXPECT_EQ(record.source, Source::kCommercial);
  EXPECT_TRUE(process().poller.record().list().believed);
  EXPECT_TRUE(process().poller.record().customers()->reads(kA));
}

// Spread over the interval as after a first start, although all come due together.
TEST_F(WarmStartTest, SpreadsWhatComesDueTogether) {
  service_.sold.clear();
  service_.listed.clear();
  for (int i = 10; i < 60; ++i) {
    const std::string id = "aaaaaaaa-0000-4000-8000-0000000000" + std::to_string(i);
    service_.sold[id] = i;
    service_.listed.push_back(id);
  }
  first_round();
  restart_after(minutes(10));
  run_for(hours(6));
  EXPECT_EQ(calls(), 51U);
  restart_after(minutes(0));
  std::size_t most = 0;
  run_for(hours(6));
  for (int hour = 0; hour < 12; ++hour) {
    const std::size_t before = calls();
    run_for(minutes(30));
    most = std::max(most, calls() - before);
  }
  EXPECT_LT(most, 25U);
}

}  // namespace
}  // namespace pce
