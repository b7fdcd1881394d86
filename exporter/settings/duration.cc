#include "exporter/settings/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::array<Unit, 7> kUnits{{{"y", 365 * kDay},
                                      {"w", 7 * kDay},
                                      {"d", kDay},
                                      {"h", kHour},
                                      {"m", kMinute},
                                      {"s", kSecond},
                                      {"ms", 1}}};
constexpr std::int64_t kLongest = 100L * 365 * kDay;

Error refused(std::string_view text, const std::string& why) {
  return Error{.kind = ErrorKind::kSettings,
               .message = "found " + in_quotes(text) +
                          ", wanted a duration such as 6h, 1h30m or 250ms" + why};
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return refused(text, "");
  if (text.front() == '-') return refused(text, ": not a negative one");
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    return refused(text, ": the unit is missing (ms, s, m, h, d, w or y)");
  }

  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t digits = 0;
    while (digits < rest.size() && digit(rest[digits])) ++digits;
    std::size_t letters = digits;
    while (letters < rest.size() && !digit(rest[letters])) ++letters;
    const std::string_view name = rest.substr(digits, letters - digits);
    if (digits == 0) return refused(text, "");

    std::size_t unit = 0;
    while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
    if (unit == kUnits.size()) return refused(text, ": the units are y, w, d, h, m, s and ms");
    if (unit < next_unit) return refused(text, ": each unit once, the largest first");
    next_unit = unit + 1;

    std::int64_t count = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + digits, count);
    if (read.ec != std::errc() || count > (kLongest - total) / kUnits[unit].milliseconds) {
      return refused(text, ": at most 100y");
    }
    total += count * kUnits[unit].milliseconds;
    rest.remove_prefix(letters);
  }
  return std::chrono::milliseconds(total);
}

std::string duration_text(std::chrono::milliseconds duration) {
  std::int64_t left = duration.count();
  std::string out;
  for (const Unit& unit : kUnits) {
    if (unit.milliseconds > kHour || left < unit.milliseconds) continue;
    out += std::to_string(left / unit.milliseconds);
    out += unit.name;
    left %= unit.milliseconds;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace pce
