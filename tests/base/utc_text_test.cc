#include "exporter/base/utc_text.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

TEST(UtcText, ReadsBackEqual) {
  for (const auto& [text, since_1970] :
       {std::pair("1970-01-01T00:00:00.000Z", milliseconds(0)),
        std::pair("2026-11-26T08:05:09.040Z", milliseconds(1795680309040)),
        std::pair("2024-02-29T23:59:59.999Z", milliseconds(1709251199999)),
        std::pair("1969-12-31T23:59:59.999Z", milliseconds(-1))}) {
    EXPECT_EQ(utc_text(WallTime(since_1970)), text);
    EXPECT_EQ(read_utc_text(text), WallTime(since_1970)) << text;
  }
  EXPECT_EQ(utc_day(WallTime(milliseconds(1795680309040))), "2026-11-26");
}

TEST(UtcText, NeedsNoFractionAndCutsALongOne) {
  EXPECT_EQ(read_utc_text("1970-01-01T00:00:01Z"), WallTime(milliseconds(1000)));
  EXPECT_EQ(read_utc_text("1970-01-01T00:00:01.5Z"), WallTime(milliseconds(1500)));
  EXPECT_EQ(read_utc_text("1970-01-01T00:00:01.1239999Z"), WallTime(milliseconds(1123)));
}

TEST(UtcText, IsNothingElse) {
  for (const char* text :
       {"", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00+00:00",
        "1970-01-01 00:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00ZZ",
        "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z", "70-01-01T00:00:00Z",
        "1970-01-01T00:00:0xZ", "tomorrow"}) {
    EXPECT_FALSE(read_utc_text(text)) << text;
  }
}

}  // namespace
}  // namespace pce
