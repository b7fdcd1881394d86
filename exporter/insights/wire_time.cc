#include "exporter/insights/wire_time.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace pce {
namespace {

namespace chrono = std::chrono;

constexpr std::size_t kFractionDigitsMax = 7;  // .NET's ticks

// Takes things off the front of a text; after the first mismatch nothing matches any more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  int number(std::size_t count) {
    if (!ok_ || rest_.size() < count || leading_digits() < count) return fail();
    int value = 0;
    std::from_chars(rest_.data(), rest_.data() + count, value);
    rest_.remove_prefix(count);
    return value;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take(char c) {
    if (!ok_ || !rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // 1 to 7 digits behind the point, as whole milliseconds.
  int fraction_as_milliseconds() {
    const std::size_t digits = leading_digits();
    if (digits == 0 || digits > kFractionDigitsMax) return fail();
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < digits ? rest_[i] - '0' : 0);
    rest_.remove_prefix(digits);
    return value;
  }
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::size_t leading_digits() const {
    const auto end =
        std::find_if_not(rest_.begin(), rest_.end(), [](char c) { return c >= '0' && c <= '9'; });
    return static_cast<std::size_t>(end - rest_.begin());
  }
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

WireTime read_wire_time(std::string_view text) {
  Scanner scan(text);
  const int year_number = scan.number(4);
  scan.expect('-');
  const int month_number = scan.number(2);
  scan.expect('-');
  const int day_number = scan.number(2);
  scan.expect('T');
  const int hour = scan.number(2);
  scan.expect(':');
  const int minute = scan.number(2);
  scan.expect(':');
  const int second = scan.number(2);
  const int millisecond = scan.take('.') ? scan.fraction_as_milliseconds() : 0;

  chrono::minutes offset{0};
  if (!scan.take('Z') && !scan.finished()) {
    const bool west = scan.take('-');
    if (!west) scan.expect('+');
    const int offset_hours = scan.number(2);
    scan.expect(':');
    const int offset_minutes = scan.number(2);
    if (offset_minutes > 59) return {};
    offset = chrono::hours(offset_hours) + chrono::minutes(offset_minutes);
    if (offset > chrono::hours(14)) return {};
    if (west) offset = -offset;
  }
  if (!scan.finished()) return {};

  const chrono::year_month_day date{chrono::year(year_number),
                                    chrono::month(static_cast<unsigned>(month_number)),
                                    chrono::day(static_cast<unsigned>(day_number))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  if (year_number <= 1 || year_number >= 9999) return {.readable = true};
  const WallTime time = WallTime(chrono::sys_days(date)) + chrono::hours(hour) +
                        chrono::minutes(minute) + chrono::seconds(second) +
                        chrono::milliseconds(millisecond) - offset;
  return {.time = time, .readable = true};
}

}  // namespace pce
