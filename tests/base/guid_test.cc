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

TEST(GuidOf, ShowsEveryByteInItsPlace) {
  EXPECT_EQ(
      guid_of(std::string("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF", 16)),
      "00112233-4455-4677-8899-aabbccddeeff");
  EXPECT_EQ(guid_of(std::string(16, '\xFF')), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

}  // namespace
}  // namespace pce
