#pragma once
// Lines that somebody pastes at a terminal, or sends through a pipe. At a terminal they are not
// shown, because an address that a sign-in brought back holds a code, and may have any length: a
// terminal by itself cuts lines after 4095 bytes.
#include <optional>
#include <string>
#include <string_view>
#include <termios.h>

namespace pce {

class PastedLines {
 public:
  explicit PastedLines(int descriptor);  // stays open
  ~PastedLines();                        // gives the terminal back as it was
  PastedLines(const PastedLines&) = delete;
  PastedLines& operator=(const PastedLines&) = delete;

  // What poll() may wait on; -1 when nothing more will come, or where a terminal belongs to
  // somebody else, as it does when we run in the background.
  int descriptor() const { return descriptor_; }
  // Takes in what has come, which poll() said there is.
  void read();
  // The next whole line, without its end.
  std::optional<std::string> next();

 private:
  void take(char c);
  void end_line();

  int descriptor_;
  const int terminal_;             // the same for good, where `before_` has something
  std::optional<termios> before_;  // how the terminal was
  std::string lines_;              // whole ones, each with its end
  std::string line_;               // the one that is being typed
  bool escaped_ = false;           // inside an escape sequence
};

}  // namespace pce
