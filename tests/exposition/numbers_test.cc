#include "exporter/exposition/numbers.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

namespace pce {
namespace {

std::string spelled(double number) {
  char text[kNumberSizeMax];
  return {text, write_number(text, number)};
}

TEST(Number, IsTheShortestTextThatReadsBackEqual) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(spelled(0.0), "0");
  EXPECT_EQ(spelled(99.99), "99.99");
  EXPECT_EQ(spelled(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(spelled(1e21), "1e+21");
  EXPECT_EQ(spelled(-2.5), "-2.5");
  EXPECT_EQ(spelled(std::nan("")), "NaN");
  EXPECT_EQ(spelled(infinity), "+Inf");
  EXPECT_EQ(spelled(-infinity), "-Inf");
}

TEST(Number, OfSeatsIsWrittenWhole) {
  char text[kNumberSizeMax];
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-7}, std::int64_t{100'000'000},
                                    std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(std::string(text, write_number(text, number)), std::to_string(number));
  }
}

TEST(Number, ReadsBackEqualWhateverItIs) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    const std::string text = spelled(number);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(back, number) << text;
  }
}

}  // namespace
}  // namespace pce
