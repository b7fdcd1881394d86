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

}  // namespace pce
