#include "exporter/settings/insight_settings.h"

#include <string>
#include <vector>

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

Result<Settings> with_insights(const std::string& keys) {
  return parse_settings(R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
insights: {)" + keys + "}\n",
                        "f", "/etc/exporter");
}

TEST(InsightSettings, StandAtTheirDefaults) {
  const auto settings = with_insights("interval: 6h");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->source, InsightSource::kAuto);
  EXPECT_EQ(settings->stale_after, hours(48));
  EXPECT_EQ(settings->guard.min_rows_percent, 50);
  EXPECT_EQ(settings->guard.confirmations, 3);
  EXPECT_EQ(settings->guard.over, hours(24));
  EXPECT_EQ(settings->reexamine, hours(24));
  EXPECT_EQ(settings->processed_date, "");
  EXPECT_FALSE(settings->resellers);
}

struct OverRow {
  std::string name, keys;
  milliseconds over;
};

class GuardOver : public testing::TestWithParam<OverRow> {};

TEST_P(GuardOver, FitsIntoStaleAfter) {
  const auto settings = with_insights(GetParam().keys);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->guard.over, GetParam().over);
}

INSTANTIATE_TEST_SUITE_P(
    Files, GuardOver,
    testing::Values(
        OverRow{"default_shrinks", "interval: 1s, stale_after: 10m", minutes(10)},
        OverRow{"default_shrinks_beside_other_keys",
                "interval: 1s, stale_after: 10m, guard: {confirmations: 2}", minutes(10)},
        OverRow{"default_does_not_grow", "stale_after: 30d", hours(24)},
        OverRow{"zero", "guard: {over: 0s}", milliseconds(0)},
        OverRow{"bare_zero", "guard: {over: 0}", milliseconds(0)},
        OverRow{"as_long_as", "stale_after: 90m, interval: 1m, guard: {over: 90m}", minutes(90)}),
    [](const auto& row) { return row.param.name; });

TEST(InsightSettings, RefuseAGuardThatOutlivesTheRowsItHolds) {
  const auto settings =
      with_insights("interval: 1m, stale_after: 90m, guard: {confirmations: 1, over: 90m1ms}");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().message,
              testing::HasSubstr("found over 1h30m1ms longer than stale_after 1h30m"));
}

struct DayRow {
  const char* text;
  bool good;
};

TEST(InsightSettings, TakeADayTheCalendarHas) {
  const std::vector<DayRow> table{
      {.text = "2026-11-20", .good = true},  {.text = "\"2026-11-20\"", .good = true},
      {.text = "2024-02-29", .good = true},  {.text = "2000-02-29", .good = true},
      {.text = "2025-12-31", .good = true},  {.text = "2026-02-29", .good = false},
      {.text = "1900-02-29", .good = false}, {.text = "2026-04-31", .good = false},
      {.text = "2026-13-01", .good = false}, {.text = "2026-00-10", .good = false},
      {.text = "2026-01-00", .good = false}, {.text = "2026-1-01", .good = false},
      {.text = "26-01-01", .good = false},   {.text = "2026/01/01", .good = false},
      {.text = "20260101", .good = false},   {.text = "2026-01-01T00:00:00Z", .good = false},
      {.text = "2026-01-0x", .good = false}, {.text = "2026--1-01", .good = false},
      {.text = "-026-01-01", .good = false}, {.text = "+026-01-01", .good = false},
      {.text = "yesterday", .good = false},  {.text = "\" 2026-1-1 \"", .good = false},
  };
  for (const DayRow& row : table) {
    const auto settings =
        with_insights("source: commercial, processed_date: " + std::string(row.text));
    EXPECT_EQ(settings.has_value(), row.good) << row.text;
  }
}

TEST(InsightSettings, TakeAnEmptyDayWithEverySource) {
  for (const char* source : {"auto", "commercial", "classic"}) {
    const auto settings = with_insights("processed_date: \"\", source: " + std::string(source));
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->processed_date, "");
  }
}

}  // namespace
}  // namespace pce
