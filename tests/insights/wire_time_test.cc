#include "exporter/insights/wire_time.h"

#include <gtest/gtest.h>

namespace pce {
namespace {

struct TimeCase {
  std::string name, text;
  std::optional<std::int64_t> milliseconds;
};
class ReadWireTime : public testing::TestWithParam<TimeCase> {};
TEST_P(ReadWireTime, ReadsTheInstantOrNothing) {
  const auto time = read_wire_time(GetParam().text).time;
  ASSERT_EQ(time.has_value(), GetParam().milliseconds.has_value()) << GetParam().text;
  if (time) {
    EXPECT_EQ(time->time_since_epoch().count(), *GetParam().milliseconds);
  }
}

constexpr std::int64_t kMarch10 = 1489104000000;  // 2017-03-10T00:00:00Z
constexpr std::int64_t kMarch14 = 1489461916000;  // 2017-03-14T03:25:16Z

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadWireTime,
    testing::Values(TimeCase{"offset", "2017-03-10T00:00:00+00:00", kMarch10},
                    TimeCase{"offset_and_fraction", "2017-03-14T03:25:16.36+00:00", kMarch14 + 360},
                    TimeCase{"z", "2017-03-10T00:00:00Z", kMarch10},
                    TimeCase{"z_and_fraction", "2017-03-14T03:25:16.36Z", kMarch14 + 360},
                    TimeCase{"bare", "2017-03-10T00:00:00", kMarch10},
                    TimeCase{"bare_and_fraction", "2017-03-14T03:25:16.729", kMarch14 + 729},
                    TimeCase{"one_digit", "2017-03-14T03:25:16.7Z", kMarch14 + 700},
                    TimeCase{"seven_digits_cut_not_rounded", "2017-03-14T03:25:16.0019999Z",
                             kMarch14 + 1},
                    TimeCase{"east", "2017-03-14T05:25:16+02:00", kMarch14},
                    TimeCase{"west_over_midnight", "2017-03-13T23:55:16-03:30", kMarch14},
                    TimeCase{"farthest_offset", "2017-03-14T17:25:16+14:00", kMarch14},
                    TimeCase{"leap_day", "2016-02-29T00:00:00Z", 1456704000000},
                    TimeCase{"leap_day_of_2000", "2000-02-29T00:00:00Z", 951782400000},
                    TimeCase{"before_1970", "1969-12-31T23:59:59Z", -1000}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Nothing, ReadWireTime,
    testing::Values(TimeCase{"empty", "", {}}, TimeCase{"none", "0001-01-01T00:00:00", {}},
                    TimeCase{"none_with_z", "0001-01-01T00:00:00Z", {}},
                    TimeCase{"year_zero", "0000-01-01T00:00:00Z", {}},
                    TimeCase{"far", "9999-12-14T00:00:00Z", {}},
                    TimeCase{"february_30", "2017-02-30T00:00:00Z", {}},
                    TimeCase{"february_29_of_1900", "1900-02-29T00:00:00Z", {}},
                    TimeCase{"february_29_of_2017", "2017-02-29T00:00:00Z", {}},
                    TimeCase{"month_0", "2017-00-10T00:00:00Z", {}},
                    TimeCase{"month_13", "2017-13-10T00:00:00Z", {}},
                    TimeCase{"day_0", "2017-03-00T00:00:00Z", {}},
                    TimeCase{"hour_24", "2017-03-10T24:00:00Z", {}},
                    TimeCase{"minute_60", "2017-03-10T00:60:00Z", {}},
                    TimeCase{"leap_second", "2016-12-31T23:59:60Z", {}},
                    TimeCase{"offset_99", "2017-03-10T00:00:00+99:00", {}},
                    TimeCase{"offset_beyond_14", "2017-03-10T00:00:00+14:01", {}},
                    TimeCase{"offset_of_60_minutes", "2017-03-10T00:00:00+01:60", {}},
                    TimeCase{"offset_without_colon", "2017-03-10T00:00:00+0100", {}},
                    TimeCase{"offset_cut", "2017-03-10T00:00:00+01", {}},
                    TimeCase{"z_and_offset", "2017-03-10T00:00:00Z+00:00", {}},
                    TimeCase{"no_fraction_behind_the_point", "2017-03-10T00:00:00.Z", {}},
                    TimeCase{"eight_digits", "2017-03-10T00:00:00.12345678Z", {}},
                    TimeCase{"date_only", "2017-03-10", {}},
                    TimeCase{"no_seconds", "2017-03-10T00:00Z", {}},
                    TimeCase{"space_for_t", "2017-03-10 00:00:00Z", {}},
                    TimeCase{"trailing", "2017-03-10T00:00:00Z ", {}},
                    TimeCase{"leading", " 2017-03-10T00:00:00Z", {}},
                    TimeCase{"sign_in_a_number", "2017-+3-10T00:00:00Z", {}},
                    TimeCase{"negative_year", "-017-03-10T00:00:00Z", {}},
                    TimeCase{"words", "yesterday", {}}),
    [](const auto& row) { return row.param.name; });

TEST(WireTime, ReadsNoPrefixOfADateAsAnother) {
  const std::string full = "2017-03-14T03:25:16.36+00:00";
  for (std::size_t length = 0; length < full.size(); ++length) {
    const bool whole = length == 19 || length == 21 || length == 22;  // seconds, .3, .36
    EXPECT_EQ(read_wire_time(full.substr(0, length)).time.has_value(), whole)
        << full.substr(0, length);
  }
}

}  // namespace
}  // namespace pce
