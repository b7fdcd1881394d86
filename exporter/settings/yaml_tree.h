#pragma once
// A YAML document as plain data with places, so that one file knows the library that reads it.
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"

namespace pce {

// Counted from 1; columns in characters.
struct TextPlace {
  int line = 1;
  int column = 1;
};

// "FILE:LINE:COLUMN"
std::string place_text(const std::string& file, TextPlace place);

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

// Refused, with file and place in front: text that is not UTF-8, control characters, a second
// document, a key that stands twice or is not a word, anchors, aliases, tags, more than some
// hundred levels. A text without content gives a node of kNothing.
Result<YamlNode> read_yaml(std::string_view text, const std::string& file);

}  // namespace pce
