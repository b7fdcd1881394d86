#include "exporter/base/units.h"

namespace pce {
namespace {

TEST(TenantId, IsLowerCaseWhateverTheSpelling) {
  const auto id = TenantId::parse("4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04");
}

TEST(TenantId, RefusesWhatIsNoGuid) {
  for (const char* text :
       {"", "contoso", "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f0",
        "{4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04}", "4d3cf48770f44e1e9ff1b2bfce8d9f04----",
        "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f0g"}) {
    EXPECT_FALSE(TenantId::parse(text)) << text;
  }
}

TEST(Percent, OfNothingSoldIsUnknown) {
  EXPECT_FALSE(percent_of(Number::whole(0), Number::whole(0)).known());
  EXPECT_FALSE(percent_of(Number::whole(3), Number::whole(0)).known());
}

TEST(Percent, OfAnUnknownPartIsUnknown) {
  EXPECT_FALSE(percent_of(Number(), Number::whole(4)).known());
  EXPECT_FALSE(percent_of(Number::whole(4), Number()).known());
}

TEST(Percent, IsNotClamped) {
  EXPECT_EQ(percent_of(Number::whole(5), Number::whole(4)).value(), 125.0);
}

}  // namespace
}  // namespace pce
