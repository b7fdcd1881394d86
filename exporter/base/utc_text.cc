#include "exporter/base/utc_text.h"

#include <cstdio>

namespace pce {
namespace {

namespace chrono = std::chrono;

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Whether `text` has digits where `form` has zeros, and otherwise equals it.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

}  // namespace

std::string utc_text(WallTime time) {
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::hh_mm_ss clock(time - day);
  char text[24];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", int(clock.hours().count()),
                int(clock.minutes().count()), int(clock.seconds().count()),
                int(clock.subseconds().count()));
  return utc_day(time) + text;
}

std::string utc_day(WallTime time) {
  const chrono::year_month_day date(chrono::floor<chrono::days>(time));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                unsigned(date.day()));
  return text;
}

std::optional<WallTime> read_utc_text(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size() || !has_form(text.substr(0, kForm.size()), kForm))
    return std::nullopt;
  std::string_view rest = text.substr(kForm.size());
  int milliseconds = 0;
  if (rest.front() == '.') {
    rest.remove_prefix(1);
    int weight = 100;
    bool digits = false;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1)) {
      milliseconds += weight * (rest.front() - '0');
      weight /= 10;
      digits = true;
    }
    if (!digits) return std::nullopt;
  }
  if (rest != "Z") return std::nullopt;
  const chrono::year_month_day date{
      chrono::year(number_of(text.substr(0, 4))),
      chrono::month(static_cast<unsigned>(number_of(text.substr(5, 2)))),
      chrono::day(static_cast<unsigned>(number_of(text.substr(8, 2))))};
  const int hour = number_of(text.substr(11, 2));
  const int minute = number_of(text.substr(14, 2));
  const int second = number_of(text.substr(17, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return WallTime(chrono::sys_days(date)) + chrono::hours(hour) + chrono::minutes(minute) +
         chrono::seconds(second) + chrono::milliseconds(milliseconds);
}

}  // namespace pce
