#pragma once
// Every flag and command there is, as plain data: the parser and the help text are made of the same
// table.
#include <span>
#include <string>
#include <string_view>

namespace pce {

struct FlagInfo {
  std::string_view group;
  std::string_view name;   // "--config.file"
  std::string_view value;  // its placeholder in the help; empty: a switch
  std::string_view help;
};

struct CommandInfo {
  std::string_view name;
  std::string_view help;
  bool supported;
};

std::span<const FlagInfo> flags();        // by group
std::span<const CommandInfo> commands();  // what may stand where "run" would
std::string help_text();

}  // namespace pce
