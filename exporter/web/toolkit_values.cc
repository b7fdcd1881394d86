#include "exporter/web/toolkit_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::array<std::string_view, 11> kTrue{"true", "True", "TRUE", "yes", "Yes", "YES",
                                                 "on",   "On",   "ON",   "y",   "Y"};
constexpr std::array<std::string_view, 11> kFalse{"false", "False", "FALSE", "no", "No", "NO",
                                                  "off",   "Off",   "OFF",   "n",  "N"};
constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"ns", 1},
                                                                     {"us", 1e3},
                                                                     {"\u00b5s", 1e3},
                                                                     {"\u03bcs", 1e3},
                                                                     {"ms", 1e6},
                                                                     {"s", 1e9},
                                                                     {"m", 60e9},
                                                                     {"h", 3600e9}}};
constexpr double kNanosecondsMax = 9e18;

}  // namespace

std::optional<SettingField> find_value(const SettingSection& section, std::string_view key) {
  if (!section.is_map()) return std::nullopt;
  auto field = section.find(key);
  if (!field || field->value->kind == YamlNode::Kind::kNothing) return std::nullopt;
  if (field->value->kind == YamlNode::Kind::kText && field->value->text.empty()) {
    return std::nullopt;
  }
  return field;
}

std::optional<bool> toolkit_truth_of(const SettingField& field, SettingComplaints& complaints) {
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && !value.was_quoted) {
    if (std::ranges::find(kTrue, value.text) != kTrue.end()) return true;
    if (std::ranges::find(kFalse, value.text) != kFalse.end()) return false;
  }
  return truth_of(field, complaints);
}

std::optional<std::chrono::nanoseconds> parse_go_duration(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds(0);
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + digits, number);
    if (read.ec != std::errc() || read.ptr != text.data() + digits) return std::nullopt;
    text.remove_prefix(digits);
    const std::string_view unit =
        text.substr(0, std::min(text.find_first_of("0123456789."), text.size()));
    const auto known = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
    if (known == kUnits.end()) return std::nullopt;
    text.remove_prefix(unit.size());
    sum += number * known->second;
    if (sum > kNanosecondsMax) return std::nullopt;
  }
  return std::chrono::nanoseconds(std::llround(sum));
}

}  // namespace pce
