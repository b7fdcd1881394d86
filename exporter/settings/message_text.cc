#include "exporter/settings/message_text.h"

#include <cstddef>

#include "exporter/base/label.h"

namespace pce {
namespace {

constexpr std::size_t kBytesMax = 60;
constexpr std::string_view kWord =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:@%,=";

}  // namespace

std::string in_quotes(std::string_view text) {
  if (text.size() <= kBytesMax) return '"' + escaped_label(text) + '"';
  std::size_t end = kBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return '"' + escaped_label(text.substr(0, end)) + "…\"";
}

std::string key_text(std::string_view key) {
  const bool word =
      !key.empty() && key.size() <= 40 && key.find_first_not_of(kWord) == std::string_view::npos;
  return word ? std::string(key) : in_quotes(key);
}

std::string path_text(const std::filesystem::path& path) { return escaped_label(path.string()); }

std::string shell_word(std::string_view text) {
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + '\'';
}

}  // namespace pce
