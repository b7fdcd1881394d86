#pragma once
// Text from outside, made fit for a message of one line.
#include <string>
#include <string_view>

namespace pce {

// In double quotes, without control characters, cut after 60 bytes.
std::string in_quotes(std::string_view text);

// As one word for a POSIX shell.
std::string shell_word(std::string_view text);

}  // namespace pce
