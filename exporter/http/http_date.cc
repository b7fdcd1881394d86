#include "exporter/http/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace pce {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto start = text.find_first_not_of(" ,-");
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    const auto length = std::min(text.find_first_of(" ,-"), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

std::optional<int> digits(std::string_view text, std::size_t longest) {
  int value = 0;
  if (text.empty() || text.size() > longest || text.front() < '0' || text.front() > '9') return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
  const auto words = words_of(text);
  std::string_view day_word, month_word, year_word, time_word;
  if (words.size() == 6 && words[5] == "GMT") {  // weekday, day, month, year, time, zone
    day_word = words[1], month_word = words[2], year_word = words[3], time_word = words[4];
  } else if (words.size() == 5) {  // asctime: weekday, month, day, time, year
    month_word = words[1], day_word = words[2], time_word = words[3], year_word = words[4];
  } else {
    return std::nullopt;
  }
  const auto month_at = std::ranges::find(kMonths, month_word);
  const auto day = digits(day_word, 2);
  auto year = digits(year_word, 4);
  if (month_at == kMonths.end() || !day || !year) return std::nullopt;
  if (year_word.size() == 2) *year += *year < 70 ? 2000 : 1900;
  if (time_word.size() != 8 || time_word[2] != ':' || time_word[5] != ':') return std::nullopt;
  const auto hour = digits(time_word.substr(0, 2), 2);
  const auto minute = digits(time_word.substr(3, 2), 2);
  const auto second = digits(time_word.substr(6, 2), 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month_at - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

}  // namespace pce
