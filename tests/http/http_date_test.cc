#include "exporter/http/http_date.h"

namespace pce {
namespace {

struct DateForm {
  std::string name, text;
  std::optional<long> seconds;
};

class HttpDate : public testing::TestWithParam<DateForm> {};

TEST_P(HttpDate, ReadsWhatTheRfcAllowsAndNothingElse) {
  const auto time = parse_http_date(GetParam().text);
  ASSERT_EQ(time.has_value(), GetParam().seconds.has_value());
  if (time) {
    EXPECT_EQ(time->time_since_epoch(), std::chrono::seconds(*GetParam().seconds));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, HttpDate,
    testing::Values(DateForm{"preferred", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
                    DateForm{"rfc850", "Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
                    DateForm{"rfc850_this_century", "Tuesday, 14-Nov-23 22:13:20 GMT",
                             1'700'000'000},
                    DateForm{"asctime", "Sun Nov  6 08:49:37 1994", 784111777},
                    DateForm{"epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 0},
                    DateForm{"empty", "", {}},
                    DateForm{"other_zone", "Sun, 06 Nov 1994 08:49:37 CET", {}},
                    DateForm{"no_such_day", "Wed, 30 Feb 1994 08:49:37 GMT", {}},
                    DateForm{"no_such_month", "Sun, 06 Nox 1994 08:49:37 GMT", {}},
                    DateForm{"hour_24", "Sun, 06 Nov 1994 24:00:00 GMT", {}},
                    DateForm{"signed_hour", "Sun, 06 Nov 1994 -1:00:00 GMT", {}},
                    DateForm{"short_time", "Sun, 06 Nov 1994 8:49:37 GMT", {}},
                    DateForm{"iso", "1994-11-06T08:49:37Z", {}}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
