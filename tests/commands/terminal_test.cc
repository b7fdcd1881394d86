#include "exporter/commands/terminal.h"

#include <cstdlib>
#include <optional>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <unistd.h>

namespace pce {
namespace {

// Both ends of a terminal that nobody sees.
class PseudoTerminal {
 public:
  PseudoTerminal() {
    int slave = -1;
    if (openpty(&master_, &slave, nullptr, nullptr, nullptr) != 0)
      throw std::runtime_error("no pseudo terminal to be had");
    file_ = fdopen(slave, "w");
  }
  ~PseudoTerminal() {
    std::fclose(file_);
    close(master_);
  }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;
  std::FILE* file() { return file_; }
  // What has come, which a busy machine may hand over in pieces.
  std::string seen() const {
    std::string all;
    pollfd wanted{.fd = master_, .events = POLLIN, .revents = 0};
    for (int patience = 10'000; poll(&wanted, 1, patience) > 0; patience = 50) {
      char bytes[4096];
      const ssize_t got = read(master_, bytes, sizeof bytes);
      if (got <= 0) break;
      all.append(bytes, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int master_ = -1;
  std::FILE* file_ = nullptr;
};

// Environment variables as a test wants them; nullopt: not set.
class Environment {
 public:
  Environment(const char* name, std::optional<std::string> value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    set(value);
  }
  ~Environment() { set(old_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    value ? setenv(name_, value->c_str(), 1) : unsetenv(name_);
  }
  const char* const name_;
  std::optional<std::string> old_;
};

class TerminalTest : public testing::Test {
 protected:
  Environment no_color_{"NO_COLOR", std::nullopt};
  Environment term_{"TERM", "xterm"};
};

TEST_F(TerminalTest, IsColouredWhereSomebodyReads) {
  PseudoTerminal pty;
  Terminal terminal(pty.file(), pty.file());
  terminal.line(terminal.coloured(Colour::kGreen, "fine"));
  EXPECT_EQ(pty.seen(), "\x1B[32mfine\x1B[0m\r\n");
}

TEST_F(TerminalTest, IsPlainInAPipe) {
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    Terminal terminal(file, file);
    terminal.progress("half way");
    terminal.line(terminal.coloured(Colour::kRed, "broken"));
  }
  EXPECT_EQ(std::ftell(file), 7);
  std::fclose(file);
}

TEST_F(TerminalTest, RespectsNoColorAndDumbTerminals) {
  for (const auto& [name, value] :
       {std::pair("NO_COLOR", "1"), std::pair("TERM", "dumb"), std::pair("NO_COLOR", "0")}) {
    const Environment variable(name, value);
    PseudoTerminal pty;
    Terminal terminal(pty.file(), pty.file());
    EXPECT_EQ(terminal.coloured(Colour::kRed, "x"), "x") << name;
  }
  const Environment empty("NO_COLOR", "");
  PseudoTerminal pty;
  EXPECT_NE(Terminal(pty.file(), pty.file()).coloured(Colour::kRed, "x"), "x");
}

TEST_F(TerminalTest, ShowsProgressOnOneLineThatGoesAway) {
  PseudoTerminal pty;
  Terminal terminal(pty.file(), pty.file());
  terminal.progress("1 of 2");
  terminal.progress("2 of 2");
  terminal.line("done");
  EXPECT_EQ(pty.seen(), "\r\x1B[K1 of 2\r\x1B[K2 of 2\r\x1B[Kdone\r\n");
}

TEST(Harmless, IsTextThatCannotMoveTheCursorOrTurnTheLine) {
  EXPECT_EQ(harmless("Müller & Söhne 日本 🏭 \"x\" \\"), "Müller & Söhne 日本 🏭 \"x\" \\");
  EXPECT_EQ(harmless("a\x1B[2J\r\n\tb\x7F"), "a [2J   b ");
  EXPECT_EQ(harmless("a\xC2\x9B[31m"), "a [31m") << "a C1 control";
  EXPECT_EQ(harmless("a\u202Eb\u2066c\u200Fd\u2028e\u061Cf"), "a b c d e f");
  EXPECT_EQ(harmless("\u00A0\u2030\u20AC\u2065"), "\u00A0\u2030\u20AC\u2065");
  EXPECT_EQ(harmless("\xE2\x80"), "\xE2\x80") << "the end of the text is its end";
}

}  // namespace
}  // namespace pce
