#include "exporter/commands/pasted_lines.h"

#include <array>
#include <cerrno>
#include <unistd.h>

namespace pce {
namespace {

constexpr std::size_t kLineBytesMax = 64U * 1024;
constexpr char kEscape = '\x1B';
constexpr char kEndOfInput = '\x04';  // Ctrl-D
constexpr char kEraseLine = '\x15';   // Ctrl-U
constexpr char kErase = '\x7F';

}  // namespace

PastedLines::PastedLines(int descriptor) : descriptor_(descriptor), terminal_(descriptor) {
  if (isatty(descriptor) == 0) return;
  termios now{};
  const pid_t foreground = tcgetpgrp(descriptor);  // -1: a terminal that controls nobody of ours
  const bool in_background = foreground >= 0 && foreground != getpgrp();
  if (in_background || tcgetattr(descriptor, &now) != 0) {
    descriptor_ = -1;
    return;
  }
  before_ = now;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  tcsetattr(descriptor, TCSANOW, &now);
}

PastedLines::~PastedLines() {
  // What was typed and not read would be the shell's next command.
  if (before_) tcsetattr(terminal_, TCSAFLUSH, &*before_);
}

void PastedLines::read() {
  std::array<char, 4096> bytes{};
  const ssize_t got = ::read(descriptor_, bytes.data(), bytes.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    end_line();
    descriptor_ = -1;
    return;
  }
  for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(got))) take(c);
}

void PastedLines::take(char c) {
  if (escaped_) {
    // "\x1B[200~", with which some terminals wrap what is pasted, and keys such as arrows.
    escaped_ = c == '[' || c == ';' || (c >= '0' && c <= '9');
  } else if (c == kEscape) {
    escaped_ = true;
  } else if (c == '\n' || c == '\r' || (before_ && c == kEndOfInput)) {
    end_line();
  } else if (before_ && c == kEraseLine) {
    line_.clear();
  } else if (before_ && c == kErase) {
    if (!line_.empty()) line_.pop_back();
  } else if (line_.size() < kLineBytesMax) {
    line_ += c;
  }
}

void PastedLines::end_line() {
  if (line_.empty()) return;
  lines_ += line_ + '\n';
  line_.clear();
}

std::optional<std::string> PastedLines::next() {
  const auto end = lines_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = lines_.substr(0, end);
  lines_.erase(0, end + 1);
  return line;
}

}  // namespace pce
