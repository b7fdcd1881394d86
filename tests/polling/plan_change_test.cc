// A poller that has read already goes on with another plan.
#include "exporter/insights/customer_target.h"
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class PlanChangeTest : public AccountPollerTest {
 protected:
  using Plan = AccountPoller::Plan;

  void change(const std::function<void(Plan&)>& change) {
    Plan plan = *poller().plan();
    change(plan);
    poller().change(plan);
  }
  static void excluding(Plan& plan, const char* customer) {
    plan.customers = CustomerFilter({}, {customer});
  }
  static TargetChoice of_ada() {
    return TargetChoice(std::vector<CustomerTarget>{{.match = {kA}, .owner = "ada"}});
  }
  std::size_t calls_in_all() const { return transport_.requests().size(); }
};

TEST_F(PlanChangeTest, TheSamePlanIsNoChange) {
  first_round();
  const auto before = poller().plan();
  change([](Plan&) {});
  EXPECT_EQ(poller().plan(), before);
}

TEST_F(PlanChangeTest, ALongerIntervalAsksNobodySooner) {
  first_round();
  const std::size_t asked = calls_in_all();
  change([](Plan& plan) { plan.interval = hours(12); });
  run_for(hours(5));
  EXPECT_EQ(calls_in_all(), asked) << "half of twelve hours have not passed";
  EXPECT_EQ(metric("partner_center_poll_interval_seconds"), 12 * 3600);
  EXPECT_EQ(sold(kA), 10);
  run_for(hours(7));
  EXPECT_EQ(calls(deployment_path(kA)), 2);
}

TEST_F(PlanChangeTest, AShorterIntervalReadsOnceWhatIsOverdueAndSpreadsIt) {
  first_round();
  run_for(hours(2));
  change([](Plan& plan) { plan.interval = hours(1); });
  run_for(minutes(1));
  EXPECT_EQ(calls(deployment_path(kA)), 2);
  EXPECT_EQ(calls(deployment_path(kB)), 2);
  run_for(minutes(28));
  EXPECT_EQ(calls(deployment_path(kA)), 2) << "not at once again";
  run_for(minutes(32));
  EXPECT_EQ(calls(deployment_path(kA)), 3);
}

TEST_F(PlanChangeTest, WhoIsExcludedGoesWithoutACall) {
  first_round();
  const std::size_t asked = calls_in_all();
  change([](Plan& plan) { excluding(plan, kB); });
  run_for(minutes(1));
  EXPECT_EQ(slice(kB, find_data_set(kDeployment)), nullptr);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(calls_in_all(), asked);
  EXPECT_EQ(metric("partner_center_customers_excluded"), 1);
  EXPECT_TRUE(up());
}

TEST_F(PlanChangeTest, WhoIsAdmittedIsReadAtOnceAndNobodyElse) {
  change([](Plan& plan) { excluding(plan, kB); });
  first_round();
  EXPECT_EQ(calls(deployment_path(kB)), 0);
  const std::size_t asked = calls_in_all();
  change([](Plan& plan) { plan.customers = {}; });
  run_for(minutes(1));
  EXPECT_EQ(sold(kB), 20);
  EXPECT_NE(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(calls_in_all(), asked + 1);
}

TEST_F(PlanChangeTest, ARoundGoingOnHeedsIt) {
  bool changed = false;
  service_.answers[deployment_path(kA)] = [&] {
    if (!std::exchange(changed, true)) change([](Plan& plan) { excluding(plan, kB); });
    return HttpResponse{.status = 200, .headers = {}, .body = kNoRows};
  };
  first_round();
  EXPECT_TRUE(changed);
  EXPECT_EQ(calls(deployment_path(kB)), 0) << "it was to be read next";
  EXPECT_TRUE(poller().has_tried());
}

TEST_F(PlanChangeTest, ACollectorGoesWithItsSeries) {
  first_round();
  change([](Plan& plan) {
    plan.data_sets = {find_data_set("partner_deployment")};
    plan.collectors = {"partner_deployment"};
    plan.operations = {"partner_deployment"};
  });
  run_for(minutes(1));
  EXPECT_EQ(slice(kA, find_data_set(kDeployment)), nullptr);
  EXPECT_EQ(slice(kA, &customer_info()), nullptr) << "nobody wants the customer list";
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), std::nullopt);
  EXPECT_EQ(metric("partner_center_customers"), 0);
  EXPECT_GE(calls("/v1/analytics/licenses/deployment"), 1) << "the new one is read at once";
}

TEST_F(PlanChangeTest, DoubtsStay) {
  first_round();
  service_.answer(deployment_path(kA), 200, kNoRows);
  a_whole_interval();
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  change([](Plan& plan) { plan.interval = hours(7); });
  run_for(minutes(1));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(PlanChangeTest, WithAnySourceTheCommercialOneIsTriedAtOnce) {
  first_round();
  EXPECT_EQ(bulk_calls(), 0);
  change([](Plan& plan) { plan.source = {}; });
  run_for(minutes(1));
  EXPECT_EQ(bulk_calls(), 1);
  EXPECT_EQ(metric("partner_center_collector_source_info", "commercial"), 1);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(PlanChangeTest, ShortenedLifeEndsWhatIsOlder) {
  service_.answer(deployment_path(kB), 200, kNoRows);
  first_round();
  service_.answer(deployment_path(kA), 500, "{}");
  run_for(hours(5));
  change([](Plan& plan) {
    plan.interval = hours(1);
    plan.stale_after = hours(2);
  });
  run_for(minutes(1));
  EXPECT_EQ(sold(kA), std::nullopt);
}

TEST_F(PlanChangeTest, TargetsFollow) {
  first_round();
  const std::size_t asked = calls_in_all();
  change([](Plan& plan) { plan.targets = of_ada(); });
  run_for(minutes(1));
  EXPECT_NE(slice(kA, &customer_owner()), nullptr);
  EXPECT_EQ(slice(kB, &customer_owner()), nullptr);
  change([](Plan& plan) { plan.targets = {}; });
  run_for(minutes(1));
  EXPECT_EQ(slice(kA, &customer_owner()), nullptr);
  EXPECT_NE(slice(kA, &customer_info()), nullptr);
  EXPECT_EQ(calls_in_all(), asked);
}

TEST_F(PlanChangeTest, WhatWasShownKeepsItsAge) {
  first_round();
  const WallTime fetched = slice(kA, &customer_info())->fetched;
  run_for(hours(2));
  change([](Plan& plan) { plan.targets = of_ada(); });
  run_for(minutes(1));
  EXPECT_EQ(slice(kA, &customer_info())->fetched, fetched);
  EXPECT_EQ(slice(kA, &customer_owner())->fetched, fetched);
}

TEST_F(PlanChangeTest, WhoVanishesShowsNothingMore) {
  first_round();
  poller().vanish();
  EXPECT_EQ(store_.known()->slices(), 0U);
  a_whole_interval();
  EXPECT_GT(calls(deployment_path(kA)), 1) << "until it is told to stop";
  EXPECT_EQ(store_.known()->slices(), 0U);
}

// A token source that is asked while the plan changes.
class ChangingToken final : public TokenSource {
 public:
  Result<Secret> access_token(std::stop_token stop) override {
    meanwhile();
    cut = cut || stop.stop_requested();
    return Secret("token");
  }
  bool refused(const Secret&, const Error&) override { return false; }
  TokenStatus status() const override { return {.state = TokenState::kOk, .served = true}; }
  std::function<void()> meanwhile = [] {};
  bool cut = false;
};

class TokenPlanChangeTest : public PlanChangeTest {
 protected:
  TokenSource& tokens() override { return changing_; }
  ChangingToken changing_;
};

TEST_F(TokenPlanChangeTest, ARequestForATokenIsNotCut) {
  first_round();
  int changes = 0;
  changing_.meanwhile = [&] {
    if (++changes < 4) change([&](Plan& plan) { plan.interval = hours(6 + changes); });
  };
  a_whole_interval();
  EXPECT_GE(changes, 4);
  EXPECT_FALSE(changing_.cut);
  EXPECT_EQ(metric("partner_center_poll_interval_seconds"), 9 * 3600);
}

class CommercialPlanChangeTest : public PlanChangeTest {
 protected:
  SourceRules source() const override { return {.fixed = Source::kCommercial}; }
};

TEST_F(CommercialPlanChangeTest, WhoIsAdmittedIsInTheNextAnswerWhichIsAskedForAtOnce) {
  change([](Plan& plan) { excluding(plan, kB); });
  first_round();
  EXPECT_EQ(sold(kB), std::nullopt);
  change([](Plan& plan) { plan.customers = {}; });
  run_for(minutes(1));
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(bulk_calls(), 2);
  change([](Plan& plan) { excluding(plan, kA); });
  run_for(minutes(1));
  EXPECT_EQ(sold(kA), std::nullopt);
  EXPECT_EQ(bulk_calls(), 2);
}

}  // namespace
}  // namespace pce
