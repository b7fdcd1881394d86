#include "tests/identity/system_call_trace.h"

#include <cstdlib>
#include <sstream>

namespace pce {
namespace {

// "\x41\x42" as AB.
std::string decoded(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 4 <= hex.size() && hex.substr(i, 2) == "\\x"; i += 4)
    text += static_cast<char>(std::strtol(std::string(hex.substr(i + 2, 2)).c_str(), nullptr, 16));
  EXPECT_EQ(4 * text.size(), hex.size()) << "a text of the trace is not in hex: " << hex;
  return text;
}

// The arguments between the brackets of a call; texts hold no quote, because they are in hex.
std::vector<std::string> arguments_of(std::string_view list) {
  std::vector<std::string> arguments;
  std::string argument;
  while (!list.empty()) {
    if (list.front() == '"') {
      const auto end = list.find('"', 1);
      argument += decoded(list.substr(1, end - 1));
      list.remove_prefix(end + 1);
      EXPECT_FALSE(list.starts_with("...")) << "the trace was cut: strace needs a larger -s";
    } else if (list.front() == ',') {
      arguments.push_back(std::move(argument));
      argument.clear();
      list.remove_prefix(list.starts_with(", ") ? 2 : 1);
    } else {
      argument += list.front();
      list.remove_prefix(1);
    }
  }
  arguments.push_back(std::move(argument));
  return arguments;
}

}  // namespace

std::vector<TracedCall> parse_trace(std::string_view trace) {
  std::vector<TracedCall> calls;
  std::istringstream lines{std::string(trace)};
  for (std::string line; std::getline(lines, line);) {
    const auto start = line.find_first_not_of("0123456789 ");  // the process
    if (start == std::string::npos || line.compare(start, 3, "+++") == 0 ||
        line.compare(start, 3, "---") == 0) {
      continue;
    }
    const auto open = line.find('(', start);
    const auto equals = line.rfind(") ");
    const auto value = line.find("= ", equals);
    if (open == std::string::npos || equals == std::string::npos || value == std::string::npos) {
      ADD_FAILURE() << "a line of the trace cannot be read: " << line;
      continue;
    }
    const long result = std::strtol(line.c_str() + value + 2, nullptr, 0);
    if (result < 0) continue;
    calls.push_back(
        {.name = line.substr(start, open - start),
         .arguments = arguments_of(std::string_view(line).substr(open + 1, equals - open - 1)),
         .result = result});
  }
  return calls;
}

}  // namespace pce
