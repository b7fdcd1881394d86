// `plan` where reports have many pages, and customers are thousands.
#include "tests/end_to_end/plan_checks.h"

namespace pce {
namespace {

using nlohmann::json;

const json& account_of(const Planned& planned) { return planned.report.at("accounts").at(0); }

// 22,500 deployment rows and 67,500 usage rows. The latency is what a page takes: what this machine
// takes to make and read one depends on what else it does.
TEST(EndToEndPlanLarge, OfReportsOfManyPages) {
  Stage stage;
  stage.start_simulator({"--customers=1500", "--products=15", "--latency=600ms"});
  const Planned planned =
      expect_plan_comes_true(stage, {.more = "limits: {requests_per_minute: 60000}\n"});
  EXPECT_EQ(account_of(planned).at("collectors").at(0).at("pages"), 3);
  EXPECT_EQ(account_of(planned).at("collectors").at(1).at("pages"), 7);
  EXPECT_EQ(account_of(planned).at("spent").at("calls"), 4 + 4) << "the list and a page each";
}

// Customers of different size, two thirds of them shown, and a rate that holds the pages up.
TEST(EndToEndPlanLarge, OfUnequalCustomersThatTheRateHoldsUp) {
  Stage stage;
  stage.start_simulator({"--customers=12000"});
  const Planned planned = expect_plan_comes_true(
      stage, {.more = "customers: {exclude: [\"1*\", \"2*\", \"3*\", \"a*\", \"b*\"]}\n"
                      "limits: {requests_per_minute: 360, concurrency: 3}\n"});
  EXPECT_EQ(account_of(planned).at("held_up_by"), "requests_per_minute");
  EXPECT_GT(account_of(planned).at("series_margin"), 0);
}

TEST(EndToEndPlanLarge, OfHundredsOfCustomersThatAnswerFast) {
  Stage stage;
  stage.start_simulator({"--customers=300", "--latency=20ms"});
  const Planned planned = expect_plan_comes_true(
      stage, {.source = "classic", .more = "limits: {requests_per_minute: 60000}\n"});
  EXPECT_EQ(account_of(planned).at("held_up_by"), "answers");
}

TEST(EndToEndPlanLarge, OfThousandsOfCustomersOneByOne) {
  Stage stage;
  stage.start_simulator({"--customers=3000", "--products=4"});
  const Planned planned = expect_plan_comes_true(
      stage, {.source = "classic", .more = "limits: {requests_per_minute: 48000}\n"});
  EXPECT_EQ(account_of(planned).at("round").at("calls"), 7 + 2 * 3001 + 2);
  EXPECT_EQ(account_of(planned).at("spent").at("calls"), 7 + 200 + 2);
}

}  // namespace
}  // namespace pce
