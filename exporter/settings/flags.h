#pragma once
// Every flag and command there is, as plain data: the parser, the help text, the man page and the
// shell completion are made of the same table.
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
// The words a flag may have as its value; empty: it is not about a choice.
std::span<const std::string_view> choices(std::string_view flag);
std::string_view purpose();      // of the program, without a full stop
std::string_view exit_status();  // what it means
std::string help_text();

}  // namespace pce
