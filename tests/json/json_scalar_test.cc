#include "exporter/json/json_scalar.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace pce {
namespace {

JsonScalar text(std::string_view t) { return {.kind = JsonKind::kText, .text = t}; }
JsonScalar whole(std::int64_t n) {
  return {.kind = JsonKind::kNumber, .whole = true, .integer = n, .real = static_cast<double>(n)};
}
JsonScalar real(double x) { return {.kind = JsonKind::kNumber, .real = x}; }

struct IntegerCase {
  std::string name;
  JsonScalar value;
  std::optional<std::int64_t> expected;
};
class ToInteger : public testing::TestWithParam<IntegerCase> {};
TEST_P(ToInteger, ReadsWhatIsWholeAndFits) {
  EXPECT_EQ(GetParam().value.to_integer(), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Table, ToInteger,
    testing::Values(
        IntegerCase{"whole", whole(206), 206}, IntegerCase{"integral_double", real(206.0), 206},
        IntegerCase{"text", text("206"), 206},
        IntegerCase{"text_with_fraction", text("206.0"), 206},
        IntegerCase{"text_with_exponent", text("2e3"), 2000},
        IntegerCase{"negative_zero", real(-0.0), 0},
        IntegerCase{"largest", whole(std::numeric_limits<std::int64_t>::max()),
                    std::numeric_limits<std::int64_t>::max()},
        IntegerCase{"negative_text", text("-5"), -5},
        IntegerCase{"largest_exact_double", real(9007199254740991.0), 9007199254740991},
        IntegerCase{"double_of_unclear_neighbours", real(9007199254740992.0), std::nullopt},
        IntegerCase{"not_whole", real(3.5), std::nullopt},
        IntegerCase{"huge", real(1e20), std::nullopt},
        IntegerCase{"text_beyond_64_bits", text("18446744073709551616"), std::nullopt},
        IntegerCase{"text_beyond_a_double", text("1e400"), std::nullopt},
        IntegerCase{"nan_text", text("NaN"), std::nullopt},
        IntegerCase{"infinite_text", text("Infinity"), std::nullopt},
        IntegerCase{"empty_text", text(""), std::nullopt},
        IntegerCase{"padded_text", text(" 5"), std::nullopt},
        IntegerCase{"trailing_text", text("5x"), std::nullopt},
        IntegerCase{"plus_sign", text("+5"), std::nullopt},
        IntegerCase{"hexadecimal", text("0x10"), std::nullopt},
        IntegerCase{"comma", text("1,5"), std::nullopt},
        IntegerCase{"null", {.kind = JsonKind::kNull}, std::nullopt},
        IntegerCase{"boolean", {.kind = JsonKind::kBoolean, .boolean = true}, std::nullopt},
        IntegerCase{"object", {.kind = JsonKind::kObject}, std::nullopt},
        IntegerCase{"absent", {}, std::nullopt}),
    [](const auto& row) { return row.param.name; });

TEST(JsonScalar, ReadsRealNumbersFromNumbersAndTexts) {
  EXPECT_EQ(real(61.5).to_real(), 61.5);
  EXPECT_EQ(whole(4).to_real(), 4.0);
  EXPECT_EQ(text("61.5").to_real(), 61.5);
  EXPECT_EQ(text("abc").to_real(), std::nullopt);
  EXPECT_TRUE(std::isinf(text("1e400").to_real().value()));
  EXPECT_TRUE(std::isnan(text("NaN").to_real().value()));
}

TEST(SameKey, IgnoresTheCaseOfAsciiLettersOnly) {
  EXPECT_TRUE(same_key("TotalCount", "totalcount"));
  EXPECT_FALSE(same_key("totalCount", "totalCounts"));
  EXPECT_FALSE(same_key("@nextLink",
                        "`nextLink"));  // 0x40 and 0x60 differ in the bit that makes a letter small
  EXPECT_FALSE(same_key("\xC3\x84", "\xC3\xA4"));
}

}  // namespace
}  // namespace pce
