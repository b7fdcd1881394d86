#pragma once
// Reading one map of the configuration: values by key, and everything wrong with them noted with
// its place.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/settings/mistake.h"
#include "exporter/settings/yaml_tree.h"

namespace pce {

// The mistakes found in one file.
class SettingComplaints {
 public:
  // `path`: the key's, such as "accounts[0].name". `suggestion`: see SettingMistake.
  void add(TextPlace place, const std::string& path, const std::string& message,
           const std::string& suggestion = {});
  bool none() const { return mistakes_.empty(); }
  std::vector<SettingMistake> in_order() const;  // of the file

 private:
  std::vector<SettingMistake> mistakes_;
};

// A value of the file, or of one of its lists.
struct SettingField {
  const YamlNode* value;
  TextPlace place;   // of the value, or of its key where there is no value
  std::string path;  // "insights.interval"
};

class SettingSection {
 public:
  // Complains when `map` is no map, and of each key that is not one of `keys`. Borrows `map` and
  // `complaints`.
  SettingSection(const SettingField& map, std::span<const std::string_view> keys,
                 SettingComplaints& complaints);
  // nullopt when the key is not there.
  std::optional<SettingField> find(std::string_view key) const;
  // Complains when the key is not there.
  std::optional<SettingField> require(std::string_view key, const std::string& wanted) const;
  bool is_map() const { return map_.value->kind == YamlNode::Kind::kMap; }

 private:
  std::string path_of(std::string_view key) const;
  SettingField map_;
  SettingComplaints& complaints_;
};

// These complain and give nullopt when the value is something else. `wanted` completes "wanted …".
std::optional<std::string> text_of(const SettingField& field, const std::string& wanted,
                                   SettingComplaints& complaints);
std::optional<std::int64_t> whole_number_of(const SettingField& field, std::int64_t min,
                                            std::int64_t max, SettingComplaints& complaints);
// true or false, unquoted: YAML 1.1's yes, no, on and off are refused.
std::optional<bool> truth_of(const SettingField& field, SettingComplaints& complaints);
// The index of the word in `words`.
std::optional<std::size_t> choice_of(const SettingField& field,
                                     std::span<const std::string_view> words,
                                     SettingComplaints& complaints);
std::optional<std::vector<SettingField>> list_of(const SettingField& field,
                                                 const std::string& wanted,
                                                 SettingComplaints& complaints);

}  // namespace pce
