#include "exporter/base/wildcard.h"

#include <random>

namespace pce {
namespace {

// The obvious definition, exponential in the number of stars.
bool oracle(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*')
    return oracle(pattern.substr(1), text) || (!text.empty() && oracle(pattern, text.substr(1)));
  return !text.empty() && pattern[0] == text[0] && oracle(pattern.substr(1), text.substr(1));
}

TEST(Wildcard, FitsAsTheDefinitionSays) {
  std::mt19937 random(11);
  const auto word = [&](const char* letters, unsigned kinds, unsigned longest) {
    std::string text(random() % (longest + 1), ' ');
    for (char& c : text) c = letters[random() % kinds];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = word("ab**", 4, 7);
    const std::string text = word("ab", 2, 9);
    ASSERT_EQ(fits(pattern, text), oracle(pattern, text)) << pattern << " / " << text;
  }
}

TEST(Wildcard, IsQuickWithManyStars) {
  EXPECT_FALSE(fits(std::string(200, '*') + "b", std::string(20'000, 'a')));
}

TEST(Wildcard, TakesLettersOfEitherCaseForEqual) {
  EXPECT_TRUE(fits("AbC*", "aBcd"));
  EXPECT_FALSE(fits("Ä*", "ä")) << "ASCII only";
}

}  // namespace
}  // namespace pce
