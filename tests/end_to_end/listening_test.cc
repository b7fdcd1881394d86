// Where the exporter can be made to listen, and what it says when it cannot.
#include <signal.h>

#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/raw_client.h"

namespace pce {
namespace {

using testing::HasSubstr;

class Listening : public testing::Test {
 protected:
  Listening() { stage_.start_simulator(); }
  std::vector<std::string> arguments(std::vector<std::string> more) {
    more.push_back("--config.file=" + stage_.write_config({}).string());
    return more;
  }
  // The address behind each "Listening on" of the exporter's log, once there are so many.
  std::vector<std::string> addresses(std::size_t count) {
    std::vector<std::string> found;
    EXPECT_TRUE(eventually([&] {
      found.clear();
      for (const std::string& line : lines_of(stage_.exporter().output())) {
        const auto at = line.find("msg=\"Listening on\" address=");
        if (at != std::string::npos) found.push_back(line.substr(line.find("address=", at) + 8));
      }
      return found.size() >= count;
    })) << stage_.exporter().output();
    return found;
  }
  static int port_of(const std::string& address) {
    return std::stoi(address.substr(address.rfind(':') + 1));
  }
  static std::string over(const std::string& path) {
    return run_program({"curl", "--silent", "--max-time", "20", "--unix-socket", path,
                        "http://exporter/-/healthy"})
        .output;
  }

  Stage stage_;
  const std::string path_ = stage_.folder() / "exporter.sock";
};

TEST_F(Listening, OnSeveralAddressesOfAllKinds) {
  stage_.start_exporter_with(
      arguments({"--web.listen-address=127.0.0.1:0", "--web.listen-address=[::1]:0",
                 "--web.listen-address=:0", "--web.listen-address=unix:" + path_}));
  const auto found = addresses(4);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_THAT(found[0], testing::StartsWith("127.0.0.1:"));
  EXPECT_THAT(found[1], testing::StartsWith("[::1]:"));
  EXPECT_EQ(found[3], "unix:" + path_);
  EXPECT_EQ(ask(port_of(found[0]), {.path = "/-/healthy"}).status, 200);
  EXPECT_EQ(ask(port_of(found[2]), {.path = "/-/healthy"}).status, 200);
  RawClient six("::1", static_cast<std::uint16_t>(port_of(found[1])));
  EXPECT_EQ(six.get("/-/healthy")->status, 200);
  EXPECT_THAT(over(path_), HasSubstr("ealthy"));
}

TEST_F(Listening, ASocketFileOutlivesAKillAndIsUsedAgain) {
  const auto only = arguments({"--web.listen-address=unix:" + path_});
  stage_.start_exporter_with(only);
  addresses(1);
  stage_.exporter().signal(SIGKILL);
  stage_.exporter().wait();
  EXPECT_TRUE(std::filesystem::exists(path_));
  stage_.start_exporter_with(only);
  addresses(1);
  EXPECT_THAT(over(path_), HasSubstr("ealthy"));
  stage_.exporter().signal(SIGTERM);
  EXPECT_EQ(stage_.exporter().wait(), 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Listening, OnSocketsOfSystemd) {
  const int port = free_port();
  stage_.start_exporter_with(arguments({"--web.systemd-socket"}),
                             {"systemd-socket-activate",
                              "--listen=127.0.0.1:" + std::to_string(port), "--listen=" + path_});
  // It starts us when somebody comes, who then waits for us.
  EXPECT_TRUE(eventually([&] { return ask(port, {.path = "/-/healthy"}).status == 200; }))
      << stage_.exporter().output();
  EXPECT_THAT(addresses(2),
              testing::ElementsAre("127.0.0.1:" + std::to_string(port), "unix:" + path_));
  EXPECT_THAT(over(path_), HasSubstr("ealthy"));
  stage_.exporter().signal(SIGTERM);
  EXPECT_EQ(stage_.exporter().wait(), 0);
  EXPECT_TRUE(std::filesystem::exists(path_)) << "it is systemd's";
}

TEST_F(Listening, WithoutSocketsOfSystemdItSaysWhatToDo) {
  struct Row {
    std::vector<std::string> environment;
    std::string complaint;
  };
  for (const auto& [environment, complaint] : std::vector<Row>{
           {{}, "no socket was handed over"},
           {{"LISTEN_PID=1", "LISTEN_FDS=1"}, "LISTEN_PID is"},
       }) {
    std::vector<std::string> before{"env"};
    before.insert(before.end(), environment.begin(), environment.end());
    stage_.start_exporter_with(arguments({"--web.systemd-socket"}), before);
    EXPECT_EQ(stage_.exporter().wait(), 1);
    stage_.exporter().wait_for_last_word();
    EXPECT_THAT(stage_.exporter().output(), HasSubstr("--web.systemd-socket: " + complaint));
  }
}

TEST_F(Listening, APortThatIsTakenIsASentenceWithItsHolder) {
  Program other({"python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"});
  const std::string line = other.line_with("port ");
  const std::string port = std::to_string(std::stoi(line.substr(line.find("port ") + 5)));
  for (const std::string host : {"127.0.0.1", ""}) {
    stage_.start_exporter_with(arguments({"--web.listen-address=" + host + ":" + port}));
    EXPECT_EQ(stage_.exporter().wait(), 1);
    stage_.exporter().wait_for_last_word();
    EXPECT_THAT(
        stage_.exporter().output(),
        testing::AllOf(HasSubstr("port " + port + " is in use already, by"), HasSubstr("python3"),
                       HasSubstr("(process " + std::to_string(other.pid()) + ")"),
                       HasSubstr("or choose another with --web.listen-address")));
  }
}

}  // namespace
}  // namespace pce
