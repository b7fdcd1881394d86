// With insights.source auto: which source is read, and what one says of the other.
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;

class AutoPollerTest : public AccountPollerTest {
 protected:
  SourceRules source() const override { return {.fixed = std::nullopt, .reexamine = hours(24)}; }
  bool reads(const char* from) const {
    return metric("partner_center_collector_source_info", from) == 1;
  }
};

TEST_F(AutoPollerTest, ReadsTheCommercialEndpointsWhereTheyAnswer) {
  first_round();
  EXPECT_EQ(bulk_calls(), 1);
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, FallsBackInTheSameRoundWhereTheyDoNotExist) {
  service_.commercial = false;
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(reads("classic"));
  EXPECT_FALSE(reads("commercial"));
  EXPECT_TRUE(up());
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
}

TEST_F(AutoPollerTest, FallsBackWhereTheyAreForbidden) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AutoPollerTest, StaysWithThemThroughATroubleThatMayPass) {
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 500, "<html>");
  a_whole_interval();
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_FALSE(up());
  service_.answers.clear();
  a_whole_interval();
  EXPECT_TRUE(up());
  EXPECT_EQ(calls(deployment_path(kA)), 0);
}

TEST_F(AutoPollerTest, FallsBackFromATroubleThatDoesNotPass) {
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 500, "<html>");
  service_.sold[kA] = 11;
  run_for(hours(24));
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 11);
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, DoesNotWaitLongForASourceThatNeverAnswered) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 500, "<html>");
  run_for(std::chrono::minutes(20));
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AutoPollerTest, TriesThemAgainAfterADayAndReturns) {
  service_.commercial = false;
  first_round();
  service_.commercial = true;
  const int before = bulk_calls();
  run_for(hours(23));
  EXPECT_EQ(bulk_calls(), before);
  run_for(hours(2));
  EXPECT_EQ(bulk_calls(), before + 1);
  EXPECT_TRUE(reads("commercial"));
  const int classic = calls(deployment_path(kA));
  run_for(hours(24));
  EXPECT_EQ(calls(deployment_path(kA)), classic);
}

TEST_F(AutoPollerTest, StaysWellWhileTheyAreTriedInVain) {
  service_.commercial = false;
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 503, "");
  const int before = bulk_calls();
  run_for(hours(25));
  EXPECT_GT(bulk_calls(), before);
  EXPECT_TRUE(reads("classic"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, AsksTheClassicOnesWhenTheyGoSilent) {
  first_round();
  service_.split = true;  // commercial: nobody; classic: as before
  service_.sold[kA] = 11;
  a_whole_interval();
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0)
      << "the other source has cleared it up";
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, NeverTakesSilenceForNoLicencesHoweverOftenItIsRepeated) {
  first_round();
  service_.split = true;
  run_for(hours(24 * 10));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_TRUE(reads("classic"));
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, DoesNotEvenBeginWithSilence) {
  service_.split = true;
  first_round();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_TRUE(reads("classic"));
}

TEST_F(AutoPollerTest, HoldsEverythingWhenBothSourcesGoSilentUntilThatIsRepeated) {
  first_round();
  service_.sold.clear();
  a_whole_interval();
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  EXPECT_FALSE(up());
  run_for(hours(12));
  EXPECT_EQ(sold(kA), 10);
  run_for(hours(24));
  EXPECT_EQ(sold(kA), std::nullopt);
}

TEST_F(AutoPollerTest, AsksAboutOneCustomerThatTheBulkAnswerLacks) {
  service_.sold["cccccccc-0000-4000-8000-000000000003"] = 30;
  service_.listed.emplace_back("cccccccc-0000-4000-8000-000000000003");
  first_round();
  service_.split = true;
  service_.commercial_sold = service_.sold;
  service_.commercial_sold.erase(kB);
  service_.sold[kB] = 21;
  a_whole_interval();
  EXPECT_EQ(sold(kB), 21) << "as the classic source says";
  EXPECT_GE(calls(deployment_path(kB)), 1);
  EXPECT_EQ(metric("partner_center_collector_rows", kDeployment), 2) << "of the bulk answer";
  EXPECT_EQ(calls(deployment_path(kA)), 0);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, BelievesAtOnceWhatBothSourcesSayOfOneCustomer) {
  first_round();
  service_.sold.erase(kB);
  a_whole_interval();
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
  EXPECT_TRUE(up());
}

TEST_F(AutoPollerTest, FallsBackFromAnAnswerItCannotRead) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200, "<html>");
  first_round();
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(AutoPollerTest, IsAsGoodAsTheClassicSourceWhileAnExaminationFails) {
  service_.commercial = false;
  first_round();
  service_.answer(ScriptedPartnerCenter::kBulkPath, 503, "");
  run_for(hours(30));
  EXPECT_TRUE(up());
  EXPECT_TRUE(reads("classic"));
  service_.answers.clear();
  service_.commercial = true;
  run_for(hours(25));
  EXPECT_TRUE(reads("commercial"));
}

TEST_F(AutoPollerTest, ForgetsARefusalWhenTheCommercialSourceNamesTheCustomer) {
  service_.commercial = false;
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  first_round();
  EXPECT_EQ(metric("partner_center_customers_unavailable"), 1);
  service_.commercial = true;
  run_for(hours(25));
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(metric("partner_center_customers_unavailable"), 0);
}

TEST_F(AutoPollerTest, IsInDoubtUntilTheClassicSourceHasSpokenAboutEverybody) {
  first_round();
  service_.split = true;
  service_.answer(deployment_path(kB), 500, "<html>");
  a_whole_interval();
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 1);
  service_.answers.clear();
  a_whole_interval();
  EXPECT_EQ(metric("partner_center_collector_suspect", kDeployment), 0);
}

TEST_F(AutoPollerTest, AsksASilentCommercialSourceSoonAndARefusingOneOnlyInItsTime) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  first_round();
  int before = bulk_calls();
  service_.answer(deployment_path(kB), 200, kNoRows);
  run_for(hours(13));
  EXPECT_EQ(bulk_calls(), before) << "it refused";
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200, "<html>");
  run_for(hours(12));
  before = bulk_calls();
  EXPECT_GT(before, 1);
  run_for(hours(13));
  EXPECT_GT(bulk_calls(), before) << "less than a day after the last time";
}

TEST_F(AutoPollerTest, IsNotAsGoodAsItsSourcesWhileNobodyKnowsTheCustomers) {
  service_.commercial = false;
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(metric("partner_center_collector_success", kDeployment), 0);
  EXPECT_FALSE(up());
}

TEST_F(AutoPollerTest, TakesSilenceForWhatItIsWhereThereAreNoCustomers) {
  service_.listed.clear();
  service_.sold.clear();
  run_for(hours(24 * 4));
  EXPECT_TRUE(reads("commercial"));
  EXPECT_TRUE(up());
}

}  // namespace
}  // namespace pce
