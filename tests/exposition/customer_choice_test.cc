#include "exporter/exposition/customer_choice.h"

#include <random>

#include "exporter/base/wildcard.h"

namespace pce {
namespace {

using Share = CustomerChoice::Share;

const std::string kId = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";

TEST(CustomerChoice, KnowsIdsAndPatterns) {
  for (const char* pattern :
       {"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04", "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04", "*", "4*",
        "4d3CF*", "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04*", "*9f04", "4d*04", "*-70F4-*", "***"}) {
    EXPECT_TRUE(CustomerChoice({pattern}).has(kId)) << pattern;
    EXPECT_TRUE(CustomerChoice({"0*", pattern, "f*"}).has(kId)) << pattern;
  }
  for (const char* pattern : {"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f05", "5*", "4d3d*", "*9f05",
                              "4d*5", "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04*1"}) {
    EXPECT_FALSE(CustomerChoice({pattern}).has(kId)) << pattern;
  }
}

TEST(CustomerChoice, HasWhatIsAboutAWholePartnerWhereItHasNobodysId) {
  EXPECT_TRUE(CustomerChoice({"0*"}).has(""));
  EXPECT_TRUE(CustomerChoice({"00*"}).has(""));
  EXPECT_TRUE(CustomerChoice({std::string(kNobodysId)}).has(""));
  EXPECT_FALSE(CustomerChoice({"1*", "01*", kId}).has(""));
}

// Any patterns: the same answers as one by one, and never a wrong one about all of a first byte.
TEST(CustomerChoice, IsRightWhateverItIsMadeOf) {
  std::mt19937 random(5);
  const auto digits = [&](std::size_t count) {
    std::string text;
    while (text.size() < count) text += "0123456789abcdef"[random() % 16];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> patterns;
    for (std::size_t i = random() % 6; i < 6; ++i) {
      std::string pattern = digits(random() % 4);
      if (random() % 8 != 0) pattern += '*';
      if (random() % 6 == 0) pattern += digits(1) + "*";
      patterns.push_back(pattern);
    }
    const CustomerChoice choice(patterns);
    for (std::size_t byte = 0; byte < 256; ++byte) {
      char first[3];
      std::snprintf(first, sizeof first, "%02zx", byte);
      for (int i = 0; i < 4; ++i) {
        const std::string id = first + digits(2);
        const bool expected = std::ranges::any_of(patterns, [&](const std::string& pattern) {
          return fits(pattern, id) ||
                 // An id chosen as a whole is 36 long, so a shorter one is a beginning.
                 (pattern.find('*') == std::string::npos && id.starts_with(pattern));
        });
        ASSERT_EQ(choice.has(id), expected) << id << ": " << testing::PrintToString(patterns);
        const Share share = choice.of_first_byte(byte);
        ASSERT_FALSE(share == Share::kAll && !expected) << id;
        ASSERT_FALSE(share == Share::kNone && expected) << id;
      }
    }
  }
}

TEST(CustomerChoice, KnowsWithoutLookingWhichFirstBytesItHas) {
  const auto count = [](const CustomerChoice& choice, Share share) {
    int bytes = 0;
    for (std::size_t byte = 0; byte < 256; ++byte) bytes += choice.of_first_byte(byte) == share;
    return bytes;
  };
  EXPECT_EQ(count(CustomerChoice({"*"}), Share::kAll), 256);
  EXPECT_EQ(count(CustomerChoice({"a*"}), Share::kAll), 16);
  EXPECT_EQ(count(CustomerChoice({"a*"}), Share::kNone), 240);
  EXPECT_EQ(count(CustomerChoice({"A*", "ab*", "7f*"}), Share::kAll), 17);
  EXPECT_EQ(count(CustomerChoice({kId}), Share::kSome), 1);
  EXPECT_EQ(count(CustomerChoice({kId}), Share::kNone), 255);
  EXPECT_EQ(count(CustomerChoice({"4d*4"}), Share::kSome), 1);
  EXPECT_EQ(count(CustomerChoice({"*4"}), Share::kSome), 256);
}

}  // namespace
}  // namespace pce
