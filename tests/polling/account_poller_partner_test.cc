// Accounts that read partner-wide insights only: no customer list, one reading a collector.
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;

constexpr const char* kPartnerDeployment = "partner_deployment";
constexpr const char* kClassicPath = "/v1/analytics/licenses/deployment";
constexpr const char* kNoBulkRows = R"({"Value":[],"@nextLink":null,"TotalCount":0})";

class PartnerPollerTest : public AccountPollerTest {
 protected:
  void SetUp() override {
    AccountPollerTest::SetUp();
    classic_sold(10);
  }
  SourceRules source() const override { return {.fixed = std::nullopt, .reexamine = hours(24)}; }
  std::vector<const DataSet*> data_sets() const override {
    return {find_data_set(kPartnerDeployment)};
  }
  void classic_sold(int seats) {
    service_.answer(kClassicPath, 200,
                    R"({"items":[{"processedDateTime":"2017-03-14T03:25:16Z","serviceName":"o365",)"
                    R"("channel":"reseller","proratedDeploymentPercent":5,"licensesSold":)" +
                        std::to_string(seats) + "}]}");
  }
  void commercial_sold(int seats) {
    service_.answer(ScriptedPartnerCenter::kBulkPath, 200,
                    R"({"Value":[{"serviceCode":"o365","channel":"reseller","licensesDeployed":1,)"
                    R"("licensesSold":)" +
                        std::to_string(seats) + R"(}],"@nextLink":null,"TotalCount":1})");
  }
  void commercial(int status, const char* body) {
    service_.answer(ScriptedPartnerCenter::kBulkPath, status, body);
  }
  std::optional<std::int64_t> partner_sold() {
    const Slice* found = slice("", find_data_set(kPartnerDeployment));
    if (found == nullptr || found->records.empty()) return std::nullopt;
    return found->records.at(0).values[0].whole();
  }
  bool reads(const char* from) const {
    return metric("partner_center_collector_source_info", from) == 1;
  }
};

TEST_F(PartnerPollerTest, NeedsNoCustomerList) {
  commercial_sold(12);
  first_round();
  EXPECT_EQ(partner_sold(), 12);
  EXPECT_EQ(calls("/v1/customers"), 0);
  EXPECT_EQ(calls(kClassicPath), 0);
  EXPECT_TRUE(up());
}

TEST_F(PartnerPollerTest, DoesNotBeginWithSilence) {
  commercial(200, kNoBulkRows);
  first_round();
  EXPECT_EQ(partner_sold(), 10) << "as the classic source says";
  EXPECT_TRUE(up());
}

TEST_F(PartnerPollerTest, LosesNoClassicReadingToAnExaminationThatFails) {
  for (const int status : {404, 503}) {
    SCOPED_TRACE(status);
    commercial(404, "");
    run_for(hours(1));
    commercial(status, "");
    const int before = calls(kClassicPath);
    run_for(hours(24 * 10));
    EXPECT_GE(calls(kClassicPath) - before, 4 * 10);
    EXPECT_TRUE(reads("classic"));
    EXPECT_TRUE(up());
  }
}

TEST_F(PartnerPollerTest, SleepsUntilTheReadingThatExaminesIsDue) {
  commercial(404, "");
  const SteadyTime start = clock_.steady();
  std::stop_source stop;
  clock_.stop_after(100, stop);
  poller().run(stop.get_token());
  EXPECT_GT(clock_.steady() - start, hours(24 * 5));
}

TEST_F(PartnerPollerTest, AsksTheCommercialSourceSoonWhenTheClassicOneGoesSilent) {
  commercial(200, "<html>");
  first_round();
  EXPECT_TRUE(reads("classic"));
  commercial_sold(12);
  service_.answer(kClassicPath, 200, kNoRows);
  run_for(hours(13));
  EXPECT_EQ(partner_sold(), 12);
  EXPECT_TRUE(reads("commercial"));
  EXPECT_TRUE(up());
}

TEST_F(PartnerPollerTest, BelievesSilenceOfBothSourcesWhenItIsRepeated) {
  commercial_sold(12);
  first_round();
  commercial(200, kNoBulkRows);
  service_.answer(kClassicPath, 200, kNoRows);
  run_for(hours(18));
  EXPECT_EQ(partner_sold(), 12);
  EXPECT_FALSE(up());
  EXPECT_EQ(metric("partner_center_collector_suspect", kPartnerDeployment), 1);
  run_for(hours(24));
  EXPECT_EQ(partner_sold(), std::nullopt);
  EXPECT_EQ(metric("partner_center_collector_suspect", kPartnerDeployment), 0);
  EXPECT_TRUE(up());
}

}  // namespace
}  // namespace pce
