#include "exporter/base/random_bytes.h"

#include <set>

namespace pce {
namespace {

TEST(RandomBytes, AreAsManyAsWantedAndAlwaysOthers) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto bytes = random_bytes(16);
    ASSERT_TRUE(bytes) << bytes.error().message;
    ASSERT_EQ(bytes->size(), 16U);
    ASSERT_TRUE(seen.insert(*bytes).second);
  }
  EXPECT_EQ(random_bytes(0)->size(), 0U);
  EXPECT_EQ(random_bytes(5000)->size(), 5000U);
}

}  // namespace
}  // namespace pce
