// Who is read and shown: the customer list, those who leave, those whom a filter leaves out.
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_F(AccountPollerTest, ForgetsACustomerThatTwoListsInARowDoNotName) {
  first_round();
  service_.listed = {kA};
  a_whole_interval();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_customers_leaving"), 1);
  run_for(hours(12));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_customers_leaving"), 0);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 1);
}

TEST_F(AccountPollerTest, ForgetsACustomerThatIsNeitherListedNorOurs) {
  first_round();
  service_.listed = {kA};
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(6) + minutes(2));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
}

TEST_F(AccountPollerTest, KeepsEveryoneWhenTheListCannotBeRead) {
  first_round();
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  service_.sold[kB] = 22;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 22) << "customers known from before are still read";
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", "customers"), 0);
}

TEST_F(AccountPollerTest, DoesNotBelieveAnEmptyList) {
  first_round();
  service_.listed.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_customers"), 2);
  EXPECT_EQ(metric("partner_center_collector_suspect", "customers"), 1);
}

TEST_F(AccountPollerTest, CountsACustomerThatIsNotOursWithoutCallingItAFailure) {
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  first_round();
  EXPECT_EQ(metric("partner_center_customers_unavailable"), 1);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, DropsAListedCustomerOnlyWhenItIsLongSaidNotToBeOurs) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(18));
  EXPECT_EQ(sold(kB), 20);
  run_for(hours(18));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_NE(slice(kB, &customer_info()), nullptr) << "it is still listed";
}

class FilteredPollerTest : public AccountPollerTest {
 protected:
  CustomerFilter filter() const override { return CustomerFilter({}, {"customer b"}); }
};

TEST_F(FilteredPollerTest, NeitherReadsNorShowsWhomTheFilterLeavesOut) {
  first_round();
  EXPECT_EQ(calls(deployment_path(kB)), 0);
  EXPECT_EQ(slice(kB, &customer_info()), nullptr);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_customers_excluded"), 1);
  EXPECT_TRUE(up());
}

TEST_F(AccountPollerTest, DoesNotBeginWithAnEmptyList) {
  service_.listed.clear();
  first_round();
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_suspect", "customers"), 1);
  EXPECT_EQ(metric("partner_center_collector_empty_answers_total", "customers"), 1);
  service_.listed = {kA, kB};
  a_whole_interval();
  EXPECT_TRUE(up());
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AccountPollerTest, BelievesAnEmptyListThatIsRepeatedForADay) {
  service_.listed.clear();
  run_for(hours(36));
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_customers"), 0);
  EXPECT_EQ(metric("partner_center_collector_suspect", "customers"), 0);
}

TEST_F(AccountPollerTest, HasNoDoubtLeftOfACustomerThatIsGone) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(7));
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  service_.listed = {kA};
  run_for(hours(13));
  EXPECT_EQ(metric("partner_center_customers_leaving"), 0);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 0);
}

TEST_F(AccountPollerTest, HasNoDoubtNorRowsLeftOfACustomerThatIsLongSaidNotToBeOurs) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(7));
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(36));
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 0);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 1);
}

TEST_F(AccountPollerTest, ShowsACustomerWithoutANameUnderItsId) {
  service_.names[kB] = "";
  first_round();
  EXPECT_EQ(slice(kB, &customer_info())->customer.escaped(), kB);
}

}  // namespace
}  // namespace pce
