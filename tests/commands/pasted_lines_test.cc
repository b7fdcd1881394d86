#include "exporter/commands/pasted_lines.h"

#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <unistd.h>

namespace pce {
namespace {

// Both ends of something that is written to at one and read from at the other.
struct Ends {
  int typed = -1;
  int read = -1;
  Ends() = default;
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    close(typed);
    close(read);
  }
  void type(const std::string& text) const {
    ASSERT_EQ(write(typed, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
};

struct Pipe : Ends {
  Pipe() {
    int both[2];
    if (pipe(both) != 0) throw std::runtime_error("no pipe to be had");
    read = both[0];
    typed = both[1];
  }
};

struct PseudoTerminal : Ends {
  PseudoTerminal() {
    if (openpty(&typed, &read, nullptr, nullptr, nullptr) != 0)
      throw std::runtime_error("no pseudo terminal to be had");
  }
  bool echoes() const {
    termios now{};
    tcgetattr(read, &now);
    return (now.c_lflag & ECHO) != 0;
  }
  std::string shown() const {
    pollfd wanted{.fd = typed, .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, 0) <= 0) return {};
    char bytes[4096];
    const ssize_t got = ::read(typed, bytes, sizeof bytes);
    return {bytes, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }
};

// Reads until there is a line, or nothing more.
std::optional<std::string> line_of(PastedLines& lines) {
  for (;;) {
    if (auto line = lines.next()) return line;
    pollfd wanted{.fd = lines.descriptor(), .events = POLLIN, .revents = 0};
    if (lines.descriptor() < 0 || poll(&wanted, 1, 10'000) <= 0) return std::nullopt;
    lines.read();
  }
}

TEST(PastedLines, ComeOneByOneFromAPipe) {
  Pipe pipe;
  PastedLines lines(pipe.read);
  pipe.type("first\r\n\nsec");
  EXPECT_EQ(line_of(lines), "first");
  EXPECT_EQ(lines.next(), std::nullopt);
  pipe.type("ond\nthird\n");
  EXPECT_EQ(line_of(lines), "second");
  EXPECT_EQ(line_of(lines), "third");
}

TEST(PastedLines, EndWithThePipe) {
  Pipe pipe;
  PastedLines lines(pipe.read);
  pipe.type("without an end");
  close(std::exchange(pipe.typed, -1));
  EXPECT_EQ(line_of(lines), "without an end");
  EXPECT_EQ(line_of(lines), std::nullopt);
  EXPECT_EQ(lines.descriptor(), -1);
}

TEST(PastedLines, AreNotShownAndMayBeLongerThanATerminalsLine) {
  PseudoTerminal terminal;
  PastedLines lines(terminal.read);
  const std::string address(9000, 'a');
  // In pieces, as a terminal's buffer takes them.
  std::optional<std::string> line;
  for (std::size_t at = 0; at < address.size(); at += 1000) {
    terminal.type(address.substr(at, 1000));
    lines.read();
  }
  terminal.type("\r");
  EXPECT_EQ(line_of(lines), address);
  EXPECT_EQ(terminal.shown(), "");
}

TEST(PastedLines, TakeKeysAsATerminalWould) {
  PseudoTerminal terminal;
  PastedLines lines(terminal.read);
  terminal.type(
      "wrong\x15"
      "abx\x7F"
      "c\x1B[A\n");
  EXPECT_EQ(line_of(lines), "abc");
  terminal.type("\x1B[200~pasted\x1B[201~\n");
  EXPECT_EQ(line_of(lines), "pasted");
}

TEST(PastedLines, GiveTheTerminalBackAsItWas) {
  PseudoTerminal terminal;
  ASSERT_TRUE(terminal.echoes());
  {
    PastedLines lines(terminal.read);
    EXPECT_FALSE(terminal.echoes());
  }
  EXPECT_TRUE(terminal.echoes());
}

}  // namespace
}  // namespace pce
