#include "exporter/settings/insight_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "exporter/settings/duration.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/spelling.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 7> kInsightKeys{
    "source", "collectors", "interval", "stale_after", "guard", "reexamine", "processed_date"};
constexpr std::array<std::string_view, 3> kGuardKeys{"min_rows_percent", "confirmations", "over"};
// In the order of enum InsightSource.
constexpr std::array<std::string_view, 3> kSources{"auto", "commercial", "classic"};
constexpr std::array<std::string_view, 4> kCollectors{"customer_deployment", "customer_usage",
                                                      "partner_deployment", "partner_usage"};
constexpr std::int64_t kConfirmationsMax = 100;
constexpr const char* kByDefault = " (the default)";

enum class Zero { kRefused, kAllowed };

std::optional<milliseconds> duration_of(const SettingField& field, Zero zero,
                                        SettingComplaints& complaints) {
  const auto text = text_of(field, "a duration such as 6h, 1h30m or 250ms", complaints);
  if (!text) return std::nullopt;
  const auto duration = parse_duration(*text);
  if (!duration) {
    complaints.add(field.place, field.path, duration.error().message);
    return std::nullopt;
  }
  if (duration->count() == 0 && zero == Zero::kRefused) {
    complaints.add(field.place, field.path,
                   "found " + in_quotes(*text) + ", wanted a duration longer than 0");
    return std::nullopt;
  }
  return *duration;
}

// A duration of the file or, where it says nothing, the default.
struct Duration {
  std::optional<SettingField> field;
  std::optional<milliseconds> value;  // nullopt: complained of

  std::string text() const { return duration_text(*value) + (field ? "" : kByDefault); }
};

Duration duration_in(const SettingSection& section, std::string_view key, milliseconds fallback,
                     Zero zero, SettingComplaints& complaints) {
  auto field = section.find(key);
  const auto value = field ? duration_of(*field, zero, complaints) : fallback;
  return {.field = std::move(field), .value = value};
}

void read_guard(const SettingField& field, const Duration& stale_after, GuardSettings& guard,
                SettingComplaints& complaints) {
  const SettingSection section(field, kGuardKeys, complaints);
  if (const auto percent = section.find("min_rows_percent")) {
    if (const auto number = whole_number_of(*percent, 0, 100, complaints))
      guard.min_rows_percent = static_cast<int>(*number);
  }
  if (const auto confirmations = section.find("confirmations")) {
    if (const auto number = whole_number_of(*confirmations, 1, kConfirmationsMax, complaints))
      guard.confirmations = static_cast<int>(*number);
  }
  const Duration over = duration_in(section, "over", guard.over, Zero::kAllowed, complaints);
  if (!over.value || !stale_after.value) return;
  if (over.field && *over.value > *stale_after.value) {
    complaints.add(over.field->place, over.field->path,
                   "found over " + over.text() + " longer than stale_after " + stale_after.text() +
                       ", wanted it at most as long: the rows held back would go away " +
                       duration_text(*over.value - *stale_after.value) +
                       " before a doubtful answer can be believed");
    return;
  }
  guard.over = *over.value;
}

void read_durations(const SettingSection& section, Settings& settings,
                    SettingComplaints& complaints) {
  const Duration interval =
      duration_in(section, "interval", settings.interval, Zero::kRefused, complaints);
  const Duration stale_after =
      duration_in(section, "stale_after", settings.stale_after, Zero::kRefused, complaints);
  if (stale_after.value) settings.guard.over = std::min(settings.guard.over, *stale_after.value);
  if (const auto guard = section.find("guard"))
    read_guard(*guard, stale_after, settings.guard, complaints);
  if (const auto reexamine = section.find("reexamine")) {
    if (const auto duration = duration_of(*reexamine, Zero::kRefused, complaints))
      settings.reexamine = *duration;
  }
  if (!interval.value || !stale_after.value) return;
  if (*stale_after.value < *interval.value) {
    // Unless both are the defaults, one of the two stands in the file.
    const SettingField& field = stale_after.field ? *stale_after.field : *interval.field;
    complaints.add(field.place, field.path,
                   "found stale_after " + stale_after.text() + " shorter than interval " +
                       interval.text() +
                       ", wanted it at least as long: samples would go away between two reads");
    return;
  }
  settings.interval = *interval.value;
  settings.stale_after = *stale_after.value;
}

// YYYY-MM-DD that the calendar has.
bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t digits) {
    const std::string_view part = text.substr(from, digits);
    int value = -1;
    if (part.find_first_not_of("0123456789") == std::string_view::npos)
      std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 0 || month < 0 || day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

// `source_unreadable`: what settings.source says is not what was meant.
void read_processed_date(const SettingField& field, bool source_unreadable, bool source_by_default,
                         Settings& settings, SettingComplaints& complaints) {
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && value.text.empty()) return;
  const std::string wanted = "\"\" for the newest, or a day such as 2026-11-20";
  const auto text = text_of(field, wanted, complaints);
  if (!text) return;
  if (!is_day(*text)) {
    complaints.add(field.place, field.path, "found " + in_quotes(*text) + ", wanted " + wanted);
    return;
  }
  if (source_unreadable) return;
  if (settings.source != InsightSource::kCommercial) {
    complaints.add(field.place, field.path,
                   "found " + in_quotes(*text) + " with source " +
                       std::string(kSources[static_cast<std::size_t>(settings.source)]) +
                       (source_by_default ? kByDefault : "") +
                       ", wanted source: commercial beside it: the classic insights know the "
                       "newest figures only, and a fallback to them would mix two days");
    return;
  }
  settings.processed_date = *text;
}

void read_collectors(const SettingField& field, Settings& settings, SettingComplaints& complaints) {
  const std::string wanted = "a list of " + any_of(kCollectors);
  const auto items = list_of(field, wanted, complaints);
  if (!items) return;
  if (items->empty())
    complaints.add(field.place, field.path, "found an empty list, wanted " + wanted);
  settings.collectors.clear();
  for (const SettingField& item : *items) {
    const auto index = choice_of(item, kCollectors, complaints);
    if (!index) continue;
    const std::string name(kCollectors[*index]);
    if (std::ranges::find(settings.collectors, name) != settings.collectors.end()) {
      complaints.add(item.place, item.path,
                     "found " + in_quotes(name) + " a second time, wanted it once");
      continue;
    }
    settings.collectors.push_back(name);
  }
}

}  // namespace

std::span<const std::string_view> collector_names() { return kCollectors; }

void read_insights(const SettingField& insights, Settings& settings,
                   SettingComplaints& complaints) {
  const SettingSection section(insights, kInsightKeys, complaints);
  const auto source_field = section.find("source");
  bool source_unreadable = false;
  if (source_field) {
    const auto index = choice_of(*source_field, kSources, complaints);
    source_unreadable = !index;
    if (index) settings.source = static_cast<InsightSource>(*index);
  }
  if (const auto collectors = section.find("collectors"))
    read_collectors(*collectors, settings, complaints);
  read_durations(section, settings, complaints);
  if (const auto date = section.find("processed_date"))
    read_processed_date(*date, source_unreadable, !source_field, settings, complaints);
}

}  // namespace pce
