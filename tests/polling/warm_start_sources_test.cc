// Bulk answers and single ones, and which source is in use, over a restart.
#include "tests/polling/warm_start_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class WarmStartSourcesTest : public WarmStartTest {
 protected:
  void SetUp() override {
    WarmStartTest::SetUp();
    plan_.source = {.fixed = std::nullopt, .reexamine = hours(24)};
  }
  std::size_t bulk_calls() const { return calls(ScriptedPartnerCenter::kBulkPath); }
  bool reads(const char* from) { return metric("collector_source_info", from) == 1; }
};

TEST_F(WarmStartSourcesTest, ABulkAnswerComesBackWhole) {
  first_round();
  restart_after(hours(2));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_EQ(slice(kA)->source, Source::kCommercial);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(metric("collector_rows_difference", "customer_deployment"), 0);
  EXPECT_EQ(metric("exporter_storage_answers_restored"), 2);
  run_for(hours(3));
  EXPECT_EQ(calls(), 0U);
  run_for(hours(1) + minutes(5));
  EXPECT_EQ(bulk_calls(), 1U);
}

TEST_F(WarmStartSourcesTest, TheClassicSourceStaysInUseAndTheOtherIsTriedWithinAnInterval) {
  service_.commercial = false;
  first_round();
  restart_after(hours(2));
  EXPECT_TRUE(reads("classic"));
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(metric("up"), 1);
  run_for(hours(3));
  EXPECT_EQ(calls(), 0U);
  service_.commercial = true;
  run_for(hours(3) + minutes(10));
  EXPECT_TRUE(reads("commercial"));
  restart_after(minutes(5));
  EXPECT_TRUE(reads("commercial"));
  EXPECT_EQ(slice(kA)->source, Source::kCommercial);
}

// B has no rows in the second bulk answer, and the classic source cannot be asked.
TEST_F(WarmStartSourcesTest, WhoeverIsHeldComesBackFromTheAnswerBefore) {
  for (int i = 10; i < 20; ++i)
    service_.sold["dddddddd-0000-4000-8000-0000000000" + std::to_string(i)] = i;
  for (const auto& [id, seats] : service_.sold)
    if (id[0] == 'd') service_.listed.push_back(id);
  plan_.source.fixed = Source::kCommercial;
  first_round();
  service_.sold.erase(kB);
  service_.sold[kA] = 11;
  run_for(hours(7));
  ASSERT_EQ(sold(kB), 20);
  ASSERT_EQ(sold(kA), 11);
  const auto suspects = metric("collector_suspect_customers", "customer_deployment");
  EXPECT_EQ(suspects, 1);
  const auto before = age(kB);
  restart_after(minutes(30));
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 20);
  EXPECT_LE(std::chrono::abs(age(kB) - before - minutes(30)), std::chrono::seconds(1));
  EXPECT_LT(age(kA), hours(5));
  EXPECT_EQ(metric("collector_suspect_customers", "customer_deployment"), 1);
  // Once more, from what is kept of two answers.
  restart_after(minutes(30));
  EXPECT_EQ(sold(kB), 20);
  service_.sold[kB] = 21;
  run_for(hours(6));
  EXPECT_EQ(sold(kB), 21);
  restart_after(minutes(30));
  EXPECT_EQ(sold(kB), 21);
  EXPECT_EQ(metric("collector_suspect_customers", "customer_deployment"), 0);
}

TEST_F(WarmStartSourcesTest, ASecondOpinionComesBackWithoutChangingTheSource) {
  for (int i = 10; i < 20; ++i) {
    const std::string id = "dddddddd-0000-4000-8000-0000000000" + std::to_string(i);
    service_.sold[id] = i;
    service_.listed.push_back(id);
  }
  first_round();
  service_.split = true;
  service_.commercial_sold = service_.sold;
  service_.commercial_sold.erase(kB);
  service_.sold[kB] = 25;
  run_for(hours(7));
  ASSERT_EQ(sold(kB), 25);
  ASSERT_EQ(slice(kB)->source, Source::kClassic);
  restart_after(minutes(10));
  EXPECT_EQ(sold(kB), 25);
  EXPECT_EQ(slice(kB)->source, Source::kClassic);
  EXPECT_EQ(slice(kA)->source, Source::kCommercial);
  EXPECT_TRUE(reads("commercial"));
  run_for(hours(1));
  EXPECT_EQ(calls(), 0U);
}

// What the commercial source said last must not come back once the classic one has spoken of all.
TEST_F(WarmStartSourcesTest, AnOldBulkAnswerDoesNotComeBackUnderNewSingleOnes) {
  first_round();
  service_.commercial = false;
  service_.sold = {{kA, 11}, {kB, 21}};
  run_for(hours(7));
  ASSERT_TRUE(reads("classic"));
  ASSERT_EQ(sold(kA), 11);
  restart_after(minutes(10));
  EXPECT_EQ(sold(kA), 11);
  EXPECT_EQ(sold(kB), 21);
  EXPECT_EQ(metric("exporter_storage_answers_restored"), 3) << "the list and two single ones";
}

TEST_F(WarmStartSourcesTest, ANarrowerQuestionIsAnsweredByOneAboutEverybody) {
  plan_.source.fixed = Source::kCommercial;
  first_round();
  end_for(hours(1));
  plan_.customers = CustomerFilter({CustomerPattern(kA)}, {});
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(slice(kB), nullptr);
  end_for(minutes(1));
  plan_.processed_date = "2018-10-13";
  EXPECT_EQ(slice(kA), nullptr) << "that is another question";
}

}  // namespace
}  // namespace pce
