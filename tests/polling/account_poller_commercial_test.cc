// Rounds from the commercial source, everybody at once.
#include <algorithm>

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

TEST_F(CommercialPollerTest, HasFailedWhereNoRowCanBeShown) {
  service_.sold = {{kA, -1}, {kB, -1}};
  first_round();
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
  service_.sold = {{kA, 10}, {kB, 20}};
  a_whole_interval();
  EXPECT_TRUE(up());
  EXPECT_EQ(sold(kA), 10);
  service_.sold = {{kA, -1}, {kB, -1}};
  a_whole_interval();
  EXPECT_FALSE(up());
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(CommercialPollerTest, HoldsACustomerOfWhomNoRowCanBeShown) {
  first_round();
  service_.sold = {{kA, -1}, {kB, 21}};
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 21);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  service_.sold = {{kA, 11}, {kB, 21}};
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 0);
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

TEST_F(CommercialPollerTest, DoubtsACustomerThatIsMissingAlsoWhileTheListIsUnknown) {
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  first_round();
  service_.sold.erase(kB);
  a_whole_interval();
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
}

class CommercialOnceADayTest : public CommercialPollerTest {
 protected:
  std::chrono::milliseconds interval() const override { return hours(24); }
};

TEST_F(CommercialOnceADayTest, EndsItsDoubtOfACustomerWhoseRowsWereTooOldMeanwhile) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(24 * 2));
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  run_for(hours(24 * 5));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 0);
  EXPECT_TRUE(up());
}

// One row of customer kB of which nothing can be shown.
const std::string kUnreadableRow =
    R"({"serviceCode":"o365","channel":"r","customerTenantId":"bbbbbbbb-0000-4000-8000-000000000002",)"
    R"("productName":"P","licensesDeployed":{},"licensesSold":{}})";

TEST_F(CommercialPollerTest, RefusesAnAnswerOfWhichNoRowCanBeShown) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200,
                  R"({"Value":[)" + kUnreadableRow + R"(],"TotalCount":1})");
  first_round();
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
}

TEST_F(CommercialPollerTest, IsInDoubtAboutACustomerOfWhomNoRowCanBeShown) {
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200,
                  R"({"Value":[)" + kUnreadableRow +
                      R"(,{"serviceCode":"o365","channel":"r","customerTenantId":)"
                      R"("aaaaaaaa-0000-4000-8000-000000000001","productName":"P",)"
                      R"("licensesDeployed":1,"licensesSold":11}],"TotalCount":2})");
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
}

TEST_F(CommercialPollerTest, KeepsShowingRowsWhileAnEmptyFirstListIsInDoubt) {
  service_.listed.clear();
  run_for(hours(1));
  EXPECT_GE(calls("/v1/customers"), 4) << "it is asked for again soon";
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
}

TEST_F(CommercialPollerTest, ShowsAnAnswerOfMoreRowsThanAnnounced) {
  service_.total_count = 1;
  first_round();
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_collector_rows_difference", kDeployment), -1);
}

TEST_F(CommercialPollerTest, HasNoDoubtLeftOfACustomerWhenEverybodyIsBelievedToHaveNothing) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(7));
  EXPECT_EQ(metric("partner_center_collector_suspect_customers", kDeployment), 1);
  service_.sold.clear();
  run_for(hours(40));
  EXPECT_EQ(sold(kA), std::nullopt);
  EXPECT_GE(metric("partner_center_collector_empty_answers_total", kDeployment).value_or(0), 3);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
}

class ChosenCustomersTest : public CommercialPollerTest {
 protected:
  CustomerFilter filter() const override { return CustomerFilter({kA}, {}); }
  std::string processed_date() const override { return "2026-11-20"; }
};

TEST_F(ChosenCustomersTest, AsksForThemAndForTheDayThatIsWanted) {
  first_round();
  const auto requests = transport_.requests();
  const auto bulk = std::ranges::find_if(requests, [](const HttpRequest& request) {
    return request.url.find(ScriptedPartnerCenter::kBulkPath) != std::string::npos;
  });
  ASSERT_NE(bulk, requests.end());
  EXPECT_THAT(bulk->url, testing::HasSubstr(kA));
  EXPECT_THAT(bulk->url, testing::HasSubstr("2026-11-20"));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), std::nullopt);
}

}  // namespace
}  // namespace pce
