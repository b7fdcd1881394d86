#include "exporter/settings/pattern_list.h"

#include <algorithm>
#include <map>
#include <optional>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::size_t kNamesMax = 10'000;
constexpr std::size_t kNameBytesMax = 512;

struct Name {
  std::string text;
  SettingField field;
};

std::vector<Name> names_in(const SettingField& field, const std::string& wanted_list,
                           const std::string& wanted, SettingComplaints& complaints) {
  std::vector<Name> names;
  const auto items = list_of(field, wanted_list, complaints);
  if (!items) return names;
  if (items->size() > kNamesMax) {
    complaints.add(field.place, field.path,
                   "found " + std::to_string(items->size()) + " entries, wanted at most " +
                       std::to_string(kNamesMax));
    return names;
  }
  std::map<std::string, TextPlace> places;
  for (const SettingField& item : *items) {
    auto text = text_of(item, wanted, complaints);
    if (!text || !is_name(item, *text, wanted, complaints)) continue;
    const auto [earlier, is_new] = places.emplace(*text, item.place);
    if (!is_new) {
      complaints.add(
          item.place, item.path,
          "found a second time, it already stands in line " + std::to_string(earlier->second.line));
      continue;
    }
    names.push_back({.text = std::move(*text), .field = item});
  }
  return names;
}

}  // namespace

bool is_name(const SettingField& field, const std::string& text, const std::string& wanted,
             SettingComplaints& complaints) {
  const bool control = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!control && text.size() <= kNameBytesMax) return true;
  complaints.add(field.place, field.path,
                 "found " + in_quotes(text) + ", wanted " + wanted + ", at most " +
                     std::to_string(kNameBytesMax) + " bytes on one line");
  return false;
}

std::vector<CustomerPattern> pattern_list_of(const SettingField& field,
                                             SettingComplaints& complaints) {
  std::vector<CustomerPattern> patterns;
  for (const Name& name : names_in(field, "a list of customer ids or names, with * for any text",
                                   "a customer's id or name, with * for any text", complaints)) {
    patterns.emplace_back(name.text, name.field.place.line);
  }
  return patterns;
}

std::vector<std::string> name_list_of(const SettingField& field, const std::string& what,
                                      SettingComplaints& complaints) {
  const std::string wanted = "a " + what + "'s name as its label shows it";
  std::vector<std::string> texts;
  for (Name& name : names_in(field, "a list of " + what + " names", wanted, complaints)) {
    if (name.text.find('*') != std::string::npos) {
      complaints.add(name.field.place, name.field.path,
                     "found " + in_quotes(name.text) + ", wanted " + wanted +
                         ", whole: * stands for nothing else here");
      continue;
    }
    texts.push_back(std::move(name.text));
  }
  return texts;
}

}  // namespace pce
