#include "exporter/base/foreign_text.h"

#include <algorithm>

namespace pce {
namespace {

constexpr std::size_t kLineBytesMax = 200;
constexpr std::size_t kWordBytesMax = 48;
constexpr std::size_t kTellingBytes = 12;
constexpr std::size_t kSecretBytesMin = 6;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool continues_sequence(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string foreign_line(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  text = text.substr(0, text.find_first_of("\r\n"));
  std::string line;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (word.size() > kWordBytesMax) {
      line += "[…]";
    } else {
      for (const char c : word) line += is_control(c) ? ' ' : c;
    }
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (!text.empty()) line += ' ';
    if (line.size() > kLineBytesMax) {
      std::size_t end = kLineBytesMax;
      while (end > 0 && continues_sequence(line[end])) --end;
      line.resize(end);
      line += "…";
      break;
    }
  }
  return line;
}

std::string foreign_host(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return foreign_line(url.substr(0, url.find_first_of("/?#")));
}

std::string foreign_words(std::string_view text, std::size_t bytes_max) {
  std::size_t end = std::min(text.size(), bytes_max);
  while (end > 0 && end < text.size() && continues_sequence(text[end])) --end;
  std::string words(text.substr(0, end));
  std::ranges::replace_if(words, is_control, ' ');
  return words;
}

bool mentions(std::string_view text, const Secret& secret) {
  const std::string_view beginning = secret.reveal().substr(0, kTellingBytes);
  return beginning.size() >= kSecretBytesMin && text.find(beginning) != std::string_view::npos;
}

}  // namespace pce
