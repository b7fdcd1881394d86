// Rounds from the commercial source, everybody at once.
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;

class CommercialPollerTest : public AccountPollerTest {
 protected:
  SourceRules source() const override { return {.fixed = Source::kCommercial}; }
};

TEST_F(CommercialPollerTest, ReadsEverybodyWithOneCall) {
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(bulk_calls(), 1);
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_EQ(metric("partner_center_collector_source_info", "commercial"), 1);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2);
  EXPECT_EQ(metric("partner_center_collector_rows_difference", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(CommercialPollerTest, HoldsWhatItHadWhenRowsAreLost) {
  first_round();
  service_.sold[kA] = 11;
  service_.total_count = 5;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_rows_difference", kDeployment), 3);
  EXPECT_FALSE(up());
  service_.total_count.reset();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_TRUE(up());
}

TEST_F(CommercialPollerTest, DoesNotShowWhoIsNotListedAndSaysHowManyThatAre) {
  service_.listed = {kA};
  first_round();
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(metric("partner_center_collector_customers_unlisted", kDeployment), 1);
}

TEST_F(CommercialPollerTest, ShowsEverybodyUnderTheRowsNamesWhileTheListIsUnknown) {
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(slice(kB, find_data_set(kDeployment))->customer.escaped(), "X");
  service_.answers.clear();
  run_for(hours(6));
  EXPECT_EQ(slice(kB, find_data_set(kDeployment))->customer.escaped(), "Customer b");
}

TEST_F(CommercialPollerTest, HoldsACustomerThatIsMissingUntilThatIsRepeated) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  EXPECT_EQ(calls(deployment_path(kB)), 0) << "only the configured source is asked";
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
}

TEST_F(CommercialPollerTest, HoldsEverybodyUntilAnEmptyAnswerIsRepeated) {
  first_round();
  service_.sold.clear();
  run_for(hours(18));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
  run_for(hours(18));
  EXPECT_EQ(sold(kA), std::nullopt);
  EXPECT_TRUE(up());
}

}  // namespace
}  // namespace pce
