#include "exporter/settings/section.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <tuple>

#include "exporter/settings/message_text.h"
#include "exporter/settings/spelling.h"

namespace pce {
namespace {

void wrong(const Field& field, const std::string& wanted, Complaints& complaints) {
  complaints.add(field.place, field.path,
                 "found " + found_text(*field.value) + ", wanted " + wanted);
}

}  // namespace

void Complaints::add(Place place, const std::string& path, const std::string& message) {
  lines_.push_back(
      {.place = place,
       .text = place_text(file_, place) + ": " + (path.empty() ? "" : path + ": ") + message});
}

Error Complaints::error() const {
  constexpr std::size_t kLinesMax = 20;
  std::vector<Line> sorted = lines_;
  std::ranges::stable_sort(
      sorted, {}, [](const Line& line) { return std::tuple(line.place.line, line.place.column); });
  std::string message;
  for (std::size_t i = 0; i < std::min(sorted.size(), kLinesMax); ++i) {
    if (i > 0) message += '\n';
    message += sorted[i].text;
  }
  if (sorted.size() > kLinesMax) {
    message += "\n" + file_ + ": and " + std::to_string(sorted.size() - kLinesMax) + " more";
  }
  return Error{.kind = ErrorKind::kSettings, .message = message};
}

Section::Section(const Field& map, std::span<const std::string_view> keys, Complaints& complaints)
    : map_(map), complaints_(complaints) {
  if (!is_map()) {
    // The text itself stays out of the message: whoever names the wrong file may have named a
    // secret.
    const bool text = map_.value->kind == YamlNode::Kind::kText;
    complaints_.add(map_.place, map_.path,
                    "found " + (text ? "text" : found_text(*map_.value)) + ", wanted the keys " +
                        any_of(keys) +
                        (map_.path.empty() ? "" : ", or the whole section left out"));
    return;
  }
  for (const YamlEntry& entry : map_.value->entries) {
    if (std::ranges::find(keys, entry.key) != keys.end()) continue;
    const std::string meant = suggestion(entry.key, keys);
    complaints_.add(
        entry.place, map_.path,
        "unknown key " + in_quotes(entry.key) + (meant.empty() ? ", wanted " + any_of(keys) : meant));
  }
}

std::string Section::path_of(std::string_view key) const {
  return map_.path.empty() ? std::string(key) : map_.path + "." + std::string(key);
}

std::optional<Field> Section::find(std::string_view key) const {
  for (const YamlEntry& entry : map_.value->entries) {
    if (entry.key != key) continue;
    const bool nothing = entry.value.kind == YamlNode::Kind::kNothing;
    return Field{.value = &entry.value,
                 .place = nothing ? entry.place : entry.value.place,
                 .path = path_of(key)};
  }
  return std::nullopt;
}

std::optional<Field> Section::require(std::string_view key, const std::string& wanted) const {
  auto field = find(key);
  if (!field && is_map()) complaints_.add(map_.place, path_of(key), "missing, wanted " + wanted);
  return field;
}

std::optional<std::string> text_of(const Field& field, const std::string& wanted,
                                   Complaints& complaints) {
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && !value.text.empty()) return value.text;
  wrong(field, wanted, complaints);
  return std::nullopt;
}

std::optional<std::int64_t> whole_number_of(const Field& field, std::int64_t min, std::int64_t max,
                                            Complaints& complaints) {
  const YamlNode& value = *field.value;
  const char* end = value.text.data() + value.text.size();
  std::int64_t number = 0;
  const auto read = std::from_chars(value.text.data(), end, number);
  if (value.kind == YamlNode::Kind::kText && !value.was_quoted && read.ec == std::errc() &&
      read.ptr == end && number >= min && number <= max) {
    return number;
  }
  wrong(field,
        "a whole number from " + std::to_string(min) + " to " + std::to_string(max) +
            (value.was_quoted ? " without quotes" : ""),
        complaints);
  return std::nullopt;
}

std::optional<std::size_t> choice_of(const Field& field, std::span<const std::string_view> words,
                                     Complaints& complaints) {
  const YamlNode& value = *field.value;
  const auto word = std::ranges::find(words, value.text);
  if (value.kind == YamlNode::Kind::kText && word != words.end()) {
    return static_cast<std::size_t>(word - words.begin());
  }
  wrong(field, any_of(words) + suggestion(value.text, words), complaints);
  return std::nullopt;
}

std::optional<std::vector<Field>> list_of(const Field& field, const std::string& wanted,
                                          Complaints& complaints) {
  if (field.value->kind != YamlNode::Kind::kList) {
    wrong(field, wanted, complaints);
    return std::nullopt;
  }
  std::vector<Field> items;
  for (const YamlNode& item : field.value->items) {
    const bool nothing = item.kind == YamlNode::Kind::kNothing;
    items.push_back({.value = &item,
                     .place = nothing ? field.place : item.place,
                     .path = field.path + "[" + std::to_string(items.size()) + "]"});
  }
  return items;
}

std::string found_text(const YamlNode& value) {
  switch (value.kind) {
    case YamlNode::Kind::kNothing:
      return "nothing";
    case YamlNode::Kind::kText:
      return in_quotes(value.text);
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "something unknown";
}

}  // namespace pce
