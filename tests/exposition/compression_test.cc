#include "exporter/exposition/compression.h"

#include "tests/support/unzip.h"

namespace pce {
namespace {

TEST(Gzip, GivesBackWhatWasPut) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += "licenses_sold{customer=\"" + std::to_string(i * 7919) + "\"} 3\n";
  const auto packed = gzip(text);
  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), text.size() / 4);
  EXPECT_EQ(unzip(*packed), text);
}

TEST(Gzip, OfNothingIsAWholeMember) {
  const auto packed = gzip("");
  ASSERT_TRUE(packed);
  EXPECT_EQ(unzip(*packed), "");
}

}  // namespace
}  // namespace pce
