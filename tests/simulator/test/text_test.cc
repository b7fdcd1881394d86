#include "tests/simulator/text.h"

#include <gtest/gtest.h>

#include "tests/simulator/clock.h"
#include "tests/simulator/dates.h"

namespace simulator {
namespace {

using namespace std::chrono_literals;

TEST(Text, UpperKnowsMoreThanAscii) {
  EXPECT_EQ(upper("Müller straße ω я é 東 🚀 ÷"), "MÜLLER STRAßE Ω Я É 東 🚀 ÷");
}

TEST(Text, PercentEncodingGoesAndComesBack) {
  const std::string odd = "a b+c&d=e/f%\xc3\xbc'\"";
  EXPECT_EQ(url_decode(url_encode(odd)), odd);
  EXPECT_EQ(url_decode("100%"), "100%");
  const Fields form = parse_form("a=1&b=x%20y+z&c&=d");
  ASSERT_EQ(form.size(), 4U);
  EXPECT_EQ(find_field(form, "B"), "x y z");
}

TEST(Text, Base64GoesAndComesBackWithAnyLength) {
  for (const std::string text : {"", "a", "ab", "abc", "\xff\xfe\xfd\xfc"}) {
    EXPECT_EQ(base64_decode(base64(text)), text);
    EXPECT_EQ(base64_decode(base64url(text)), text);
  }
  EXPECT_FALSE(base64_decode("a*b"));
}

TEST(Text, DurationsNeedUnits) {
  EXPECT_EQ(parse_duration("20ms"), 20ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("1h30m"), 5'400'000ms);
  for (const char* wrong : {"", "5", "-1s", "1x", "s", "nan", "1e300d"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(Dates, EverySpellingReadsBack) {
  const auto when = parse_instant("2017-03-14T03:25:16.36+00:00");
  ASSERT_TRUE(when);
  for (const char* name :
       {"offset", "offset_fraction", "zulu", "zulu_fraction", "no_offset", "no_offset_fraction"}) {
    const auto spelling = date_spelling_named(name);
    ASSERT_TRUE(spelling);
    EXPECT_EQ(parse_instant(spell(*when, *spelling)), when) << name;
  }
  EXPECT_EQ(spell(*when, DateSpelling::kOffset), "2017-03-14T03:25:16.36+00:00");
  EXPECT_EQ(spell(*when, DateSpelling::kNoOffset), "2017-03-14T03:25:16.36");
  EXPECT_EQ(spell(*when, DateSpelling::kOffsetFraction), "2017-03-14T03:25:16.3600000+00:00");
  EXPECT_FALSE(parse_instant(spell(*when, DateSpelling::kGarbage)));
  EXPECT_EQ(parse_instant("2017-03-14T05:25:16+02:00"), parse_instant("2017-03-14T03:25:16Z"));
  EXPECT_FALSE(parse_instant("2017-13-14"));
}

TEST(Dates, HttpDatesAreAsInTheStandard) {
  EXPECT_EQ(
      http_date(std::chrono::floor<std::chrono::seconds>(*parse_instant("2017-03-15T01:19:18Z"))),
      "Wed, 15 Mar 2017 01:19:18 GMT");
}

TEST(Clock, CanBeSteppedAndTellsClientsRealSeconds) {
  Clock clock(60);
  const Instant before = clock.now();
  clock.advance(1h);
  EXPECT_GE(clock.now() - before, 1h);
  EXPECT_LT(clock.now() - before, 2h);
  EXPECT_EQ(clock.as_seen_by_clients(2min), 2s);
  EXPECT_EQ(clock.as_seen_by_clients(1s), 1s);
  clock.set_speed(1);
  EXPECT_EQ(clock.as_seen_by_clients(90s), 90s);
  EXPECT_GE(clock.now() - before, 1h);
}

}  // namespace
}  // namespace simulator
