#include "exporter/telemetry/own_metrics.h"

namespace pce {
namespace {

TEST(OwnMetrics, AreListedOnceEachWithHelp) {
  const auto all = own_metrics();
  ASSERT_GT(all.size(), 25U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_FALSE(all[i].help.empty()) << all[i].name;
    EXPECT_EQ(all[i].type == "counter", all[i].name.ends_with("_total")) << all[i].name;
    if (i > 0) {
      EXPECT_LT(all[i - 1].name, all[i].name);
    }
  }
}

}  // namespace
}  // namespace pce
