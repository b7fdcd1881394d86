// What `plan` announces against what then happens: calls, seconds, rows and series of the first
// round, each within a tenth. Where answers hold the round up they take long, so that what a busy
// machine adds is little.
#include "tests/end_to_end/plan_checks.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;

std::string limits(int requests_per_minute, int concurrency = 4) {
  return "limits: {requests_per_minute: " + std::to_string(requests_per_minute) +
         ", concurrency: " + std::to_string(concurrency) + "}\n";
}

const json& account_of(const Planned& planned) { return planned.report.at("accounts").at(0); }

std::vector<std::string> sources(const Planned& planned) {
  std::vector<std::string> sources;
  for (const json& one : account_of(planned).at("collectors")) sources.push_back(one.at("source"));
  return sources;
}

TEST(EndToEndPlan, OfClassicInsightsThatTheRateHoldsUp) {
  Stage stage;
  stage.start_simulator({"--customers=300"});
  const Planned planned =
      expect_plan_comes_true(stage, {.source = "classic", .more = limits(6000)});
  EXPECT_EQ(planned.status, 0) << planned.output;
  EXPECT_EQ(account_of(planned).at("round").at("calls"), 605);
  EXPECT_EQ(account_of(planned).at("held_up_by"), "requests_per_minute");
  EXPECT_EQ(account_of(planned).at("spent").at("calls"), 203) << "100 customers and the rest";
}

TEST(EndToEndPlan, OfClassicInsightsThatTheAnswersHoldUp) {
  Stage stage;
  stage.start_simulator({"--customers=80", "--latency=80ms"});
  const Planned planned =
      expect_plan_comes_true(stage, {.source = "classic", .more = limits(60'000)}, {"--sample=40"});
  EXPECT_EQ(account_of(planned).at("held_up_by"), "answers");
  EXPECT_EQ(account_of(planned).at("spent").at("calls"), 83);
}

TEST(EndToEndPlan, OfOneCallAtATime) {
  Stage stage;
  stage.start_simulator({"--customers=10", "--latency=100ms"});
  const Planned planned = expect_plan_comes_true(
      stage, {.source = "classic", .more = limits(60'000, 1)}, {"--sample=1000"});
  EXPECT_EQ(account_of(planned).at("series_margin"), 0) << "everybody was asked";
}

TEST(EndToEndPlan, OfBulkReports) {
  Stage stage;
  stage.start_simulator({"--customers=300", "--latency=600ms"});
  const Planned planned = expect_plan_comes_true(stage, {.more = limits(60'000)});
  EXPECT_THAT(sources(planned), Each("commercial"));
  EXPECT_EQ(account_of(planned).at("round").at("calls"), 5);
  EXPECT_EQ(account_of(planned).at("series_margin"), 0);
}

TEST(EndToEndPlan, OfResellersAndChosenCustomers) {
  Stage stage;
  stage.start_simulator({"--customers=300", "--latency=300ms"});
  const Planned planned = expect_plan_comes_true(
      stage, {.more = "customers: {resellers: true, exclude: [\"4d3*\", \"*a\", \"*b\"]}\n" +
                      limits(60'000)});
  const json& customers = account_of(planned).at("customers");
  EXPECT_EQ(customers.at("listed"), 301);
  EXPECT_LT(customers.at("chosen"), 280);
  EXPECT_EQ(customers.at("resellers"), 3);
  EXPECT_EQ(account_of(planned).at("round").at("calls"), 1 + 4 + 4);
}

TEST(EndToEndPlan, OfChosenCustomersOneByOne) {
  Stage stage;
  stage.start_simulator({"--customers=300", "--products=3"});
  const Planned planned = expect_plan_comes_true(
      stage,
      {.source = "classic",
       .more =
           "customers: {include: [\"1*\", \"2*\", \"3*\", \"4*\", \"5*\"], exclude: [\"*a\"]}\n" +
           limits(3600)});
  EXPECT_LT(account_of(planned).at("customers").at("chosen"), 120);
  EXPECT_GT(account_of(planned).at("customers").at("chosen"), 60);
}

TEST(EndToEndPlan, OfPartnerWideInsightsOnly) {
  for (const char* source : {"auto", "classic"}) {
    Stage stage;
    stage.start_simulator({"--customers=20", "--latency=300ms"});
    const Planned planned = expect_plan_comes_true(
        stage, {.source = source,
                .insights = "  collectors: [partner_deployment, partner_usage]\n",
                .more = limits(60'000)});
    EXPECT_EQ(account_of(planned).at("round").at("calls"), 2);
    EXPECT_FALSE(account_of(planned).contains("customers"));
  }
}

TEST(EndToEndPlan, OfReportsThatDoNotServe) {
  Stage stage;
  stage.start_simulator({"--customers=60", "--latency=80ms"});
  stage.simulate("/_sim/settings", R"({"commercial_prefix": "none"})");
  const Planned planned = expect_plan_comes_true(stage, {.more = limits(60'000)});
  EXPECT_THAT(sources(planned), Each("classic"));
  EXPECT_EQ(account_of(planned).at("round").at("calls"), 125);
  EXPECT_EQ(account_of(planned).at("first_round").at("calls"), 125 + 4 * 4);
  EXPECT_THAT(account_of(planned).at("collectors").at(0).at("commercial_refused"),
              HasSubstr("HTTP 404"));
}

// Success without rows, where the classic insights have some.
TEST(EndToEndPlan, OfReportsThatAreSilent) {
  Stage stage;
  stage.start_simulator({"--customers=40", "--latency=100ms"});
  stage.add_fault(
      R"({"match": {"operation": "commercial_usage"}, "fault": {"variant": {"empty_items": true}}})");
  const Planned planned = expect_plan_comes_true(stage, {.more = limits(60'000)});
  EXPECT_THAT(sources(planned),
              testing::ElementsAre("commercial", "classic", "commercial", "classic"));
}

}  // namespace
}  // namespace pce
