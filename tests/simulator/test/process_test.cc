// The program itself: its one line, its statuses, its end.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/simulator/test/raw_client.h"

extern char** environ;

namespace simulator {
namespace {

class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(PCE_BINARY_DIR) + "/partner_center_simulator");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    EXPECT_EQ(::posix_spawn(&child_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Program() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      wait();
    }
    ::close(output_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string line() const {
    std::string out;
    for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) out += c;
    return out;
  }
  void signal(int number) const { ::kill(child_, number); }
  // The exit status; 1000 and the signal when it was killed.
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t child_ = -1;
  int output_ = -1;
};

class Signalled : public testing::TestWithParam<int> {};
TEST_P(Signalled, EndsTheProgramWithZero) {
  Program program({"--web.listen-address=127.0.0.1:0", "--customers=3"});
  const std::string line = program.line();
  ASSERT_THAT(line, testing::StartsWith("Listening on http://127.0.0.1:"));
  EXPECT_THAT(ask(line.substr(13), "GET", "/_sim/estate"),
              testing::HasSubstr("\"customers_listed\": 4"));
  // A connection left open must not delay the end.
  const RawClient idle(line.substr(13));
  program.signal(GetParam());
  EXPECT_EQ(program.wait(), 0);
}
INSTANTIATE_TEST_SUITE_P(, Signalled, testing::Values(SIGTERM, SIGINT), [](const auto& tested) {
  return tested.param == SIGTERM ? "Term" : "Int";
});

struct Usage {
  std::string name;
  std::vector<std::string> arguments;
  int status;
};
class CommandLines : public testing::TestWithParam<Usage> {};
TEST_P(CommandLines, EndWithTheRightStatus) {
  Program program(GetParam().arguments);
  EXPECT_EQ(program.wait(), GetParam().status);
}
INSTANTIATE_TEST_SUITE_P(
    , CommandLines,
    testing::Values(Usage{"Version", {"--version"}, 0}, Usage{"Help", {"--help"}, 0},
                    Usage{"UnknownFlag", {"--colour"}, 2},
                    Usage{"BadDuration", {"--latency=20"}, 2},
                    Usage{"BadTenant", {"--partner-tenant=x"}, 2},
                    Usage{"TooManyProducts", {"--products=201"}, 2},
                    Usage{"NoCertificate", {"--client-certificate=/nowhere"}, 2},
                    Usage{"TlsWithoutKey", {"--tls-certificate=/nowhere"}, 2},
                    Usage{"TlsWithoutCertificate", {"--tls-key=/nowhere"}, 2},
                    Usage{"TlsOfNoFile", {"--tls-certificate=/nowhere", "--tls-key=/nowhere"}, 2},
                    Usage{"TlsOfNoPem",
                          {"--tls-certificate=" PCE_SOURCE_DIR "/LICENSE",
                           "--tls-key=" PCE_SOURCE_DIR "/LICENSE",
                           "--web.listen-address=127.0.0.1:0"},
                          1},
                    Usage{"NotLoopback", {"--web.listen-address=0.0.0.0:0"}, 1}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace simulator
