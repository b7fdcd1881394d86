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
  std::string_view
      commands;  // those that take it, separated by spaces; "run" is the exporter itself
};

struct CommandInfo {
  std::string_view name;
  std::string_view operand;  // its placeholder in the help; empty: it has none
  std::string_view help;
};

std::span<const FlagInfo> flags();        // by group
std::span<const CommandInfo> commands();  // what may stand where "run" would
// Whether `command` takes `flag`.
bool takes(std::string_view command, const FlagInfo& flag);
std::string help_text();

}  // namespace pce
