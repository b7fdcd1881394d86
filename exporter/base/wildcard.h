#pragma once
// Patterns in which "*" stands for any text: in the configuration, on the command line, in
// requests.
#include <string_view>

namespace pce {

// Whether all of `text` reads as `pattern` says. ASCII letters of either case are equal.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace pce
