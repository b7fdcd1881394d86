#pragma once
// Instants and the spellings they have on the wire. Source: partner-center-api.md 7.3.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace simulator {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

enum class DateSpelling {
  kOffset,  // 2017-03-10T00:00:00+00:00, with a fraction when there is one: what classic insights
            // send
  kOffsetFraction,    // 2017-03-10T00:00:00.0000000+00:00
  kZulu,              // 2017-03-10T00:00:00Z
  kZuluFraction,      // 2017-03-10T00:00:00.000Z
  kNoOffset,          // 2017-03-10T00:00:00: what commercial insights send
  kNoOffsetFraction,  // 2017-03-10T00:00:00.000
  kSentinelNone,      // 0001-01-01T00:00:00
  kSentinelFar,       // 9999-12-14T00:00:00Z
  kGarbage,           // text that is no date
  kMixed,             // the first six by turns, row by row
};

std::optional<DateSpelling> date_spelling_named(std::string_view name);
std::string spell(Instant when, DateSpelling spelling, std::size_t row = 0);

// Reads YYYY-MM-DD or any spelling above but the garbage; no offset means UTC.
std::optional<Instant> parse_instant(std::string_view text);

// "Wed, 15 Mar 2017 01:19:18 GMT"
std::string http_date(std::chrono::sys_seconds when);

}  // namespace simulator
