#pragma once
// Text from outside, made fit for a message of one line.
#include <filesystem>
#include <string>
#include <string_view>

namespace pce {

// In double quotes, without control characters, cut after 60 bytes.
std::string in_quotes(std::string_view text);

// The same for a key of the configuration: in quotes only when it would not read as a word.
std::string key_text(std::string_view key);

// A path without control characters, whole.
std::string path_text(const std::filesystem::path& path);

// As one word for a POSIX shell.
std::string shell_word(std::string_view text);

}  // namespace pce
