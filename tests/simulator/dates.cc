#include "tests/simulator/dates.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, DateSpelling>, 10> kNames{{
    {"offset", DateSpelling::kOffset},
    {"offset_fraction", DateSpelling::kOffsetFraction},
    {"zulu", DateSpelling::kZulu},
    {"zulu_fraction", DateSpelling::kZuluFraction},
    {"no_offset", DateSpelling::kNoOffset},
    {"no_offset_fraction", DateSpelling::kNoOffsetFraction},
    {"sentinel_none", DateSpelling::kSentinelNone},
    {"sentinel_far", DateSpelling::kSentinelFar},
    {"garbage", DateSpelling::kGarbage},
    {"mixed", DateSpelling::kMixed},
}};

struct Parts {
  int year;
  unsigned month, day, weekday;
  std::int64_t hour, minute, second, millisecond;
};

Parts parts_of(Instant when) {
  const auto midnight = floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(when - midnight);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          std::chrono::weekday(midnight).c_encoding(),
          time.hours().count(),
          time.minutes().count(),
          time.seconds().count(),
          time.subseconds().count()};
}

// ".36" for 360 ms, nothing for 0.
std::string short_fraction(std::int64_t millisecond) {
  if (millisecond == 0) return "";
  std::string text = fmt::format(".{:03}", millisecond);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

}  // namespace

std::optional<DateSpelling> date_spelling_named(std::string_view name) {
  for (const auto& [known, spelling] : kNames) {
    if (known == name) return spelling;
  }
  return std::nullopt;
}

std::string spell(Instant when, DateSpelling spelling, std::size_t row) {
  if (spelling == DateSpelling::kMixed) spelling = kNames[row % 6].second;
  const Parts p = parts_of(when);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", p.year, p.month, p.day,
                                 p.hour, p.minute, p.second);
  switch (spelling) {
    case DateSpelling::kOffset:
      return text + short_fraction(p.millisecond) + "+00:00";
    case DateSpelling::kOffsetFraction:
      return text + fmt::format(".{:03}0000+00:00", p.millisecond);
    case DateSpelling::kZulu:
      return text + short_fraction(p.millisecond) + "Z";
    case DateSpelling::kZuluFraction:
      return text + fmt::format(".{:03}Z", p.millisecond);
    case DateSpelling::kNoOffset:
      return text + short_fraction(p.millisecond);
    case DateSpelling::kNoOffsetFraction:
      return text + fmt::format(".{:03}", p.millisecond);
    case DateSpelling::kSentinelNone:
      return "0001-01-01T00:00:00";
    case DateSpelling::kSentinelFar:
      return "9999-12-14T00:00:00Z";
    case DateSpelling::kGarbage:
    case DateSpelling::kMixed:
      break;
  }
  return "14 Mar 2017, early";
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t length) -> std::optional<int> {
    if (at + length > text.size()) return std::nullopt;
    const auto value = parse_integer(text.substr(at, length));
    if (!value || *value < 0) return std::nullopt;
    return static_cast<int>(*value);
  };
  const auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  Instant when = std::chrono::sys_days(date);
  if (text.size() == 10) return when;
  const auto hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!hour || !minute || !second || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  when += std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    std::int64_t unit = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      when += milliseconds((text[at] - '0') * unit);
    }
  }
  const auto rest = text.substr(at);
  if (rest.empty() || rest == "Z") return when;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const auto offset_hours = number(at + 1, 2), offset_minutes = number(at + 4, 2);
  if (!offset_hours || !offset_minutes) return std::nullopt;
  const auto offset = std::chrono::hours(*offset_hours) + std::chrono::minutes(*offset_minutes);
  return rest[0] == '+' ? when - offset : when + offset;
}

std::string http_date(std::chrono::sys_seconds when) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts p = parts_of(when);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[p.weekday], p.day,
                     kMonths[p.month - 1], p.year, p.hour, p.minute, p.second);
}

}  // namespace simulator
