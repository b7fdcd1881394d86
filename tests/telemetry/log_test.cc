#include "exporter/telemetry/log.h"

namespace pce {
namespace {

constexpr const char* kTime = "2026-11-20T18:21:54.520Z";

TEST(LogLine, IsLogfmtWithQuotesWhereNeeded) {
  EXPECT_EQ(
      format_log_line(
          LogFormat::kLogfmt, kTime, LogLevel::kInfo, "Round finished",
          {{"partner", "contoso"}, {"failed", 2}, {"took", 0.25}, {"up", true}, {"error", ""}}),
      "time=2026-11-20T18:21:54.520Z level=INFO msg=\"Round finished\" partner=contoso failed=2 "
      "took=0.25 "
      "up=true error=\"\"");
}

TEST(LogLine, IsOneJsonObject) {
  EXPECT_EQ(
      format_log_line(LogFormat::kJson, kTime, LogLevel::kWarn, "Round \"x\"",
                      {{"failed", 2}, {"up", false}}),
      R"({"time":"2026-11-20T18:21:54.520Z","level":"WARN","msg":"Round \"x\"","failed":2,"up":false})");
}

TEST(LogLine, StaysOneLineWhateverTheValue) {
  for (const auto format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    const std::string line =
        format_log_line(format, kTime, LogLevel::kInfo, "m",
                        {{"customer", std::string_view("a\nlevel=ERROR\r\x1b[2J\0b", 21)}});
    EXPECT_EQ(line.find_first_of(std::string_view("\n\r\x1b\0", 4)), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace pce
