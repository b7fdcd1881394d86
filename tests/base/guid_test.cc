#include "exporter/base/guid.h"

#include <set>

#include "exporter/base/units.h"

namespace pce {
namespace {

TEST(NewGuid, IsAGuidOfVersionFourAndAlwaysAnother) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string guid = new_guid();
    ASSERT_TRUE(TenantId::parse(guid)) << guid;
    ASSERT_EQ(guid[14], '4');
    ASSERT_NE(std::string("89ab").find(guid[19]), std::string::npos) << guid;
    ASSERT_TRUE(seen.insert(guid).second);
  }
}

}  // namespace
}  // namespace pce
