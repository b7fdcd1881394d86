#include "exporter/polling/reading_plan.h"

#include "exporter/insights/catalog.h"

namespace pce {
namespace {

constexpr std::chrono::hours kInterval{6};

class ReadingPlanTest : public testing::Test {
 protected:
  void list(std::size_t customers) {
    CustomerList list{.complete = true};
    for (std::size_t i = 0; i < customers; ++i) {
      std::string id = "00000000-0000-0000-0000-000000000000";
      const std::string digits = std::to_string(i);
      id.replace(id.size() - digits.size(), digits.size(), digits);
      list.customers.push_back({*TenantId::parse(id), "C" + digits, "", "reseller"});
    }
    book_.take(list, {});
  }
  ReadingPlan plan(std::vector<const DataSet*> data_sets, const SourceRules& source) const {
    return {"contoso", data_sets, source, kInterval, book_};
  }
  static std::size_t calls(const ReadingPlan& plan) {
    return forecast(plan.round(), {.requests_per_minute = 200, .concurrency = 4}).calls;
  }
  static SliceKey bulk(const char* collector) { return {find_data_set(collector), {}, "contoso"}; }

  CustomerBook book_{CustomerFilter({}, {"C0"}), GuardRules{}};
  const std::vector<const DataSet*> all_{catalog().begin(), catalog().end()};
};

TEST_F(ReadingPlanTest, CountsTheListEachCustomerAndEachPartnerInsight) {
  list(1200);  // three pages; one is excluded
  EXPECT_EQ(calls(plan(all_, {.fixed = Source::kClassic})), 3U + 2 * 1199 + 2);
}

TEST_F(ReadingPlanTest, CountsOneCallABulkReportUntilItKnowsBetter) {
  list(1200);
  ReadingPlan commercial = plan(all_, {});
  EXPECT_EQ(calls(commercial), 3U + 4);
  commercial.took(bulk("customer_usage"), 45);
  commercial.took(bulk("customer_deployment"), 15);
  EXPECT_EQ(calls(commercial), 3U + 45 + 15 + 2);
}

TEST_F(ReadingPlanTest, CountsWhatTheListReallyTookResellersIncluded) {
  list(1200);
  ReadingPlan commercial = plan(all_, {});
  commercial.took(commercial.list_key(), 3 + 1 + 40);
  EXPECT_EQ(calls(commercial), 44U + 4);
}

TEST_F(ReadingPlanTest, CountsNoListWhereNobodyNeedsOne) {
  list(1200);
  EXPECT_EQ(calls(plan({find_data_set("partner_usage")}, {})), 1U);
}

// What a bulk report took is not what its customers take.
TEST_F(ReadingPlanTest, ForgetsPagesWhereTheSourceChanged) {
  list(1200);
  ReadingPlan changing = plan({find_data_set("customer_usage")}, {});
  changing.took(bulk("customer_usage"), 45);
  changing.source(*find_data_set("customer_usage")).fall_back(true, {});
  EXPECT_EQ(calls(changing), 3U + 1199);
}

}  // namespace
}  // namespace pce
