#pragma once
// What is wrong with a configuration file, one thing at a time: for people as lines, for programs
// as fields.
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/result.h"

namespace pce {

// Counted from 1; columns in characters.
struct TextPlace {
  int line = 1;
  int column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

// "FILE:LINE:COLUMN"
std::string place_text(const std::string& file, TextPlace place);

struct SettingMistake {
  std::optional<TextPlace> place{};  // nullopt: the file cannot be read, the message names it
  std::string path{};                // the key's, "accounts[0].name"; empty: no single key's
  std::string message{};             // "found …, wanted …", on one line
  std::string suggestion{};          // the known word that may have been meant; empty: none
};

// "FILE:LINE:COLUMN: key.path: found …, wanted … (did you mean "…"?)"
std::string mistake_text(const std::string& file, const SettingMistake& mistake);

// All of them, one a line; at most 20, then how many more there are. kSettings.
Error settings_error(const std::string& file, const std::vector<SettingMistake>& mistakes);

}  // namespace pce
