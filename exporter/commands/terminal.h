#pragma once
// What the commands say to people. Colours and progress appear on a terminal only, and colours only
// without NO_COLOR (https://no-color.org).
#include <cstdio>
#include <string>
#include <string_view>

namespace pce {

enum class Colour { kPlain, kGreen, kYellow, kRed, kBold, kDim };

class Terminal {
 public:
  // `out` for what was asked for, `notes` for progress; neither is closed.
  explicit Terminal(std::FILE* out = stdout, std::FILE* notes = stderr);
  ~Terminal() { progress({}); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void print(std::string_view text);  // as it is, and at once
  void line(std::string_view text = {});
  std::string coloured(Colour colour, std::string_view text) const;
  bool is_terminal() const { return is_terminal_; }

  // One line that the next one, or the next print(), takes the place of; nothing where the notes
  // are not read on a terminal. Empty: takes it away.
  void progress(std::string_view text);

 private:
  std::FILE* const out_;
  std::FILE* const notes_;
  const bool is_terminal_;
  const bool colours_;
  const bool shows_progress_;
  bool progress_stands_ = false;
};

// Somebody else's text for one line of a terminal: what would move the cursor, change the direction
// of writing or begin another line is a space each. `text` is valid UTF-8.
std::string harmless(std::string_view text);

}  // namespace pce
