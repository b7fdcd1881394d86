#include "exporter/settings/duration.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

struct Good {
  const char* name;
  const char* text;
  std::int64_t count;
};

TEST(Duration, ReadsWhatPrometheusReads) {
  constexpr std::int64_t kHour = 3'600'000;
  const std::vector<Good> table{
      {.name = "zero without a unit", .text = "0", .count = 0},
      {.name = "zero with a unit", .text = "0s", .count = 0},
      {.name = "milliseconds", .text = "250ms", .count = 250},
      {.name = "seconds", .text = "15s", .count = 15'000},
      {.name = "minutes", .text = "5m", .count = 300'000},
      {.name = "hours", .text = "6h", .count = 6 * kHour},
      {.name = "days", .text = "1d", .count = 24 * kHour},
      {.name = "weeks", .text = "1w", .count = 168 * kHour},
      {.name = "years of 365 days", .text = "1y", .count = 365 * 24 * kHour},
      {.name = "two units", .text = "1h30m", .count = kHour * 3 / 2},
      {.name = "all units",
       .text = "1y2w3d4h5m6s7ms",
       .count = (365 + 14 + 3) * 24 * kHour + 4 * kHour + 306'007},
      {.name = "more than the next unit holds", .text = "90m", .count = kHour * 3 / 2},
      {.name = "leading zeros", .text = "007s", .count = 7'000},
      {.name = "the longest", .text = "100y", .count = 100 * 365 * 24 * kHour},
  };
  for (const Good& row : table) {
    SCOPED_TRACE(row.name);
    const auto duration = parse_duration(row.text);
    ASSERT_TRUE(duration) << duration.error().message;
    EXPECT_EQ(duration->count(), row.count);
  }
}

struct Bad {
  const char* name;
  const char* text;
  const char* complaint;
};

TEST(Duration, RefusesEverythingElse) {
  const std::vector<Bad> table{
      {.name = "nothing", .text = "", .complaint = "found \"\""},
      {.name = "a bare number", .text = "21600", .complaint = "the unit is missing"},
      {.name = "negative", .text = "-5m", .complaint = "not a negative one"},
      {.name = "plus sign", .text = "+5m", .complaint = "found \"+5m\""},
      {.name = "a unit alone", .text = "h", .complaint = "found \"h\""},
      {.name = "a number at the end", .text = "1h30", .complaint = "the units are"},
      {.name = "unknown unit", .text = "6hours", .complaint = "the units are"},
      {.name = "nanoseconds", .text = "5ns", .complaint = "the units are"},
      {.name = "upper case", .text = "6H", .complaint = "the units are"},
      {.name = "space inside", .text = "1h 30m", .complaint = "the units are"},
      {.name = "space in front", .text = " 1h", .complaint = "wanted a duration"},
      {.name = "fraction", .text = "1.5h", .complaint = "the units are"},
      {.name = "smaller unit first", .text = "30m1h", .complaint = "the largest first"},
      {.name = "seconds behind milliseconds", .text = "5ms1s", .complaint = "the largest first"},
      {.name = "a unit twice", .text = "1h1h", .complaint = "each unit once"},
      {.name = "too long", .text = "101y", .complaint = "at most 100y"},
      {.name = "too long in sum", .text = "100y1ms", .complaint = "at most 100y"},
      {.name = "beyond 64 bits as a product",
       .text = "9223372036854775807y",
       .complaint = "at most 100y"},
      {.name = "beyond 64 bits as a number",
       .text = "99999999999999999999s",
       .complaint = "at most 100y"},
      {.name = "not ASCII", .text = "6µs", .complaint = "the units are"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.name);
    const auto duration = parse_duration(row.text);
    ASSERT_FALSE(duration);
    EXPECT_EQ(duration.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(duration.error().message, testing::HasSubstr(row.complaint));
  }
}

TEST(Duration, IsWrittenInHoursAndSmallerUnits) {
  EXPECT_EQ(duration_text(milliseconds(0)), "0s");
  EXPECT_EQ(duration_text(milliseconds(250)), "250ms");
  EXPECT_EQ(duration_text(std::chrono::hours(48)), "48h");
  EXPECT_EQ(duration_text(std::chrono::minutes(90)), "1h30m");
  EXPECT_EQ(duration_text(milliseconds(3'661'001)), "1h1m1s1ms");
}

TEST(Duration, ReadsBackWhatItWrites) {
  for (std::int64_t count = 1; count < 400'000'000'000; count = count * 3 + 7) {
    const auto again = parse_duration(duration_text(milliseconds(count)));
    ASSERT_TRUE(again) << count;
    EXPECT_EQ(again->count(), count);
  }
}

}  // namespace
}  // namespace pce
