#include "exporter/polling/reconciliation.h"

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/partner_deployment.h"
#include "exporter/store/snapshot_store.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

class ReconciliationTest : public testing::Test {
 protected:
  void customer(const std::string& id, std::int64_t sold, const char* service = "o365",
                const std::string& partner = "contoso") {
    store_.replace({slice_of(
        customer_deployment(), labels_, id, "A",
        {record_of(labels_, {"reseller", "P", service}, {Number::whole(sold)})}, {}, partner)});
  }
  void partner_wide(std::vector<Record> records) {
    store_.replace({slice_of(partner_deployment(), labels_, "", "", std::move(records))});
  }
  Record whole(const char* service, Number sold) {
    return record_of(labels_, {"reseller", service}, {sold});
  }
  std::map<ServiceAndChannel, std::int64_t> difference() const {
    return licenses_sold_difference(*store_.current(), "contoso");
  }
  using Expected = std::map<ServiceAndChannel, std::int64_t>;

  LabelPool labels_;
  SnapshotStore store_;
};

TEST_F(ReconciliationTest, IsZeroWhereBothSidesAgree) {
  customer("a", 10);
  customer("b", 5);
  partner_wide({whole("o365", Number::whole(15))});
  EXPECT_EQ(difference(), (Expected{{{"o365", "reseller"}, 0}}));
}

TEST_F(ReconciliationTest, ShowsWhatOneSideLacks) {
  customer("a", 10);
  customer("b", 4, "crm");
  partner_wide({whole("o365", Number::whole(15)), whole("intune", Number::whole(3))});
  EXPECT_EQ(difference(), (Expected{{{"o365", "reseller"}, 5},
                                    {{"crm", "reseller"}, -4},
                                    {{"intune", "reseller"}, 3}}));
}

TEST_F(ReconciliationTest, SaysNothingOfUnknownNumbers) {
  customer("a", 10);
  partner_wide({whole("o365", Number())});
  EXPECT_TRUE(difference().empty());
}

TEST_F(ReconciliationTest, CountsTheCustomersOfThisAccountOnly) {
  customer("a", 10);
  customer("a", 99, "o365", "another");
  partner_wide({whole("o365", Number::whole(10))});
  EXPECT_EQ(difference(), (Expected{{{"o365", "reseller"}, 0}}));
}

TEST_F(ReconciliationTest, SaysNothingOfSumsBeyondAllSeats) {
  for (int i = 0; i < 2000; ++i) customer(std::to_string(1000 + i), std::int64_t{1} << 53);
  EXPECT_TRUE(difference().empty());
}

}  // namespace
}  // namespace pce
