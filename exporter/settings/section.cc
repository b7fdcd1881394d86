#include "exporter/settings/section.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <tuple>

#include "exporter/settings/message_text.h"
#include "exporter/settings/spelling.h"

namespace pce {
namespace {

// Where no text is wanted: without it, see SettingSection.
std::string kind_text(const YamlNode& value) {
  switch (value.kind) {
    case YamlNode::Kind::kNothing:
      return "nothing";
    case YamlNode::Kind::kText:
      return "text";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "something unknown";
}

void wrong(const SettingField& field, const std::string& wanted, SettingComplaints& complaints,
           std::string_view meant = {}) {
  const bool text = field.value->kind == YamlNode::Kind::kText;
  complaints.add(field.place, field.path,
                 "found " + (text ? in_quotes(field.value->text) : kind_text(*field.value)) +
                     ", wanted " + wanted,
                 std::string(meant));
}

}  // namespace

void SettingComplaints::add(TextPlace place, const std::string& path, const std::string& message,
                            const std::string& suggestion) {
  mistakes_.push_back({.place = place, .path = path, .message = message, .suggestion = suggestion});
}

std::vector<SettingMistake> SettingComplaints::in_order() const {
  std::vector<SettingMistake> sorted = mistakes_;
  std::ranges::stable_sort(sorted, {}, [](const SettingMistake& mistake) {
    return std::tuple(mistake.place->line, mistake.place->column);
  });
  return sorted;
}

SettingSection::SettingSection(const SettingField& map, std::span<const std::string_view> keys,
                               SettingComplaints& complaints)
    : map_(map), complaints_(complaints) {
  if (!is_map()) {
    const bool may_be_left_out = !map_.path.empty() && map_.path.find('[') == std::string::npos;
    complaints_.add(map_.place, map_.path,
                    "found " + kind_text(*map_.value) + ", wanted a map with any of the keys " +
                        any_of(keys) + (may_be_left_out ? ", or the section left out" : ""));
    return;
  }
  const auto known = [&](const YamlNode& entry) {
    return std::ranges::find(keys, entry.key) != keys.end();
  };
  // A whole file without one known key is not ours: its keys stay out of the message, because
  // whoever names the wrong file may have named a secret.
  const bool ours = !map_.path.empty() || std::ranges::any_of(map_.value->items, known);
  for (const YamlNode& entry : map_.value->items) {
    if (known(entry)) continue;
    const std::string meant(nearest(entry.key, keys).value_or(""));
    const bool named = ours || !meant.empty();
    complaints_.add(entry.key_place, named ? path_of(key_text(entry.key)) : map_.path,
                    "unknown key" + (meant.empty() ? ", wanted " + any_of(keys) : ""), meant);
  }
}

std::string SettingSection::path_of(std::string_view key) const {
  return map_.path.empty() ? std::string(key) : map_.path + "." + std::string(key);
}

std::optional<SettingField> SettingSection::find(std::string_view key) const {
  for (const YamlNode& entry : map_.value->items) {
    if (entry.key != key) continue;
    const bool nothing = entry.kind == YamlNode::Kind::kNothing;
    return SettingField{
        .value = &entry, .place = nothing ? entry.key_place : entry.place, .path = path_of(key)};
  }
  return std::nullopt;
}

std::optional<SettingField> SettingSection::require(std::string_view key,
                                                    const std::string& wanted) const {
  auto field = find(key);
  if (!field && is_map()) complaints_.add(map_.place, path_of(key), "missing, wanted " + wanted);
  return field;
}

std::optional<std::string> text_of(const SettingField& field, const std::string& wanted,
                                   SettingComplaints& complaints) {
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && !value.text.empty()) return value.text;
  wrong(field, wanted, complaints);
  return std::nullopt;
}

std::optional<std::int64_t> whole_number_of(const SettingField& field, std::int64_t min,
                                            std::int64_t max, SettingComplaints& complaints) {
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

std::optional<bool> truth_of(const SettingField& field, SettingComplaints& complaints) {
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && !value.was_quoted) {
    if (value.text == "true") return true;
    if (value.text == "false") return false;
  }
  wrong(field, std::string("true or false") + (value.was_quoted ? " without quotes" : ""),
        complaints);
  return std::nullopt;
}

std::optional<std::size_t> choice_of(const SettingField& field,
                                     std::span<const std::string_view> words,
                                     SettingComplaints& complaints) {
  const YamlNode& value = *field.value;
  const auto word = std::ranges::find(words, value.text);
  if (value.kind == YamlNode::Kind::kText && word != words.end()) {
    return static_cast<std::size_t>(word - words.begin());
  }
  wrong(field, any_of(words), complaints, nearest(value.text, words).value_or(""));
  return std::nullopt;
}

std::optional<std::vector<SettingField>> list_of(const SettingField& field,
                                                 const std::string& wanted,
                                                 SettingComplaints& complaints) {
  if (field.value->kind != YamlNode::Kind::kList) {
    complaints.add(field.place, field.path,
                   "found " + kind_text(*field.value) + ", wanted " + wanted);
    return std::nullopt;
  }
  std::vector<SettingField> items;
  for (const YamlNode& item : field.value->items) {
    const bool nothing = item.kind == YamlNode::Kind::kNothing;
    items.push_back({.value = &item,
                     .place = nothing ? field.place : item.place,
                     .path = field.path + "[" + std::to_string(items.size()) + "]"});
  }
  return items;
}

}  // namespace pce
