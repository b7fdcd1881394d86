#include "exporter/commands/terminal.h"

#include <cstdlib>
#include <unistd.h>

namespace pce {
namespace {

bool is_dumb() {
  const char* const kind = std::getenv("TERM");
  return kind != nullptr && std::string_view(kind) == "dumb";
}

bool colours_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && !is_dumb();
}

const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::kPlain:
      return "";
    case Colour::kGreen:
      return "\x1B[32m";
    case Colour::kYellow:
      return "\x1B[33m";
    case Colour::kRed:
      return "\x1B[31m";
    case Colour::kBold:
      return "\x1B[1m";
    case Colour::kDim:
      return "\x1B[2m";
  }
  return "";
}

}  // namespace

Terminal::Terminal(std::FILE* out, std::FILE* notes)
    : out_(out),
      notes_(notes),
      is_terminal_(isatty(fileno(out)) != 0),
      colours_(is_terminal_ && colours_wanted()),
      shows_progress_(isatty(fileno(notes)) != 0 && !is_dumb()) {}

void Terminal::print(std::string_view text) {
  progress({});
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Terminal::line(std::string_view text) { print(std::string(text) + "\n"); }

std::string Terminal::coloured(Colour colour, std::string_view text) const {
  if (!colours_ || colour == Colour::kPlain) return std::string(text);
  return code_of(colour) + std::string(text) + "\x1B[0m";
}

void Terminal::progress(std::string_view text) {
  if (!shows_progress_ || (text.empty() && !progress_stands_)) return;
  const std::string line = "\r\x1B[K" + std::string(text);
  std::fwrite(line.data(), 1, line.size(), notes_);
  std::fflush(notes_);
  progress_stands_ = !text.empty();
}

std::string harmless(std::string_view text) {
  const auto begins = [&](std::size_t at, std::string_view bytes, char low, char high) {
    if (text.substr(at, bytes.size()) != bytes || at + bytes.size() >= text.size()) return false;
    const auto last = static_cast<unsigned char>(text[at + bytes.size()]);
    return last >= static_cast<unsigned char>(low) && last <= static_cast<unsigned char>(high);
  };
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    std::size_t harm = byte < 0x20 || byte == 0x7F ? 1 : 0;
    if (begins(at, "\xC2", '\x80', '\x9F')) harm = 2;      // C1 controls
    if (begins(at, "\xD8", '\x9C', '\x9C')) harm = 2;      // U+061C
    if (begins(at, "\xE2\x80", '\x8E', '\x8F')) harm = 3;  // U+200E, U+200F
    if (begins(at, "\xE2\x80", '\xA8', '\xAE')) harm = 3;  // line ends, embeddings, overrides
    if (begins(at, "\xE2\x81", '\xA6', '\xA9')) harm = 3;  // isolates
    if (harm == 0) {
      out += text[at++];
    } else {
      out += ' ';
      at += harm;
    }
  }
  return out;
}

}  // namespace pce
