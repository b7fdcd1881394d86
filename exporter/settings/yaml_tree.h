#pragma once
// A YAML document as plain data with places, so that one file knows the library that reads it.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exporter/settings/mistake.h"

namespace pce {

struct YamlNode {
  enum class Kind { kNothing, kText, kList, kMap };  // kNothing: no value, `~` or `null`
  Kind kind = Kind::kNothing;
  TextPlace place{};
  std::string key{};  // its own, where it is a value of a map
  TextPlace key_place{};
  std::string text{};             // of kText
  bool was_quoted = false;        // kText written so that it can be nothing but text
  std::vector<YamlNode> items{};  // of kList and kMap, in the order of the file; no key twice
};

// Refused, with its place: text that is not UTF-8, control characters, a second
// document, a key that stands twice or is not a word, anchors, aliases, tags, more than some
// hundred levels. A text without content gives a node of kNothing.
std::variant<YamlNode, SettingMistake> read_yaml(std::string_view text);

}  // namespace pce
