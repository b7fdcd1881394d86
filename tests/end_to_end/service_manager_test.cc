// The daemon under a service manager: what it is told, and when its watchdog starves.
#include <filesystem>
#include <fstream>
#include <signal.h>

#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tests/end_to_end/stage.h"
#include "tests/support/notify_socket.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kWatchdog{2000};

class ServiceManagerTest : public testing::Test {
 protected:
  void start(int port = 0) {
    stage_.start_exporter_with(
        {"--config.file=" + stage_.write_config({}).string(),
         "--web.listen-address=127.0.0.1:" + std::to_string(port)},
        {"env", "NOTIFY_SOCKET=" + socket_.path(),
         "WATCHDOG_USEC=" + std::to_string(std::chrono::microseconds(kWatchdog).count())});
  }
  std::string next_but_food() const {
    std::string message = socket_.next();
    while (message == "WATCHDOG=1") message = socket_.next();
    return message;
  }
  // Whether the watchdog is satisfied for so long.
  bool fed_for(milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      if (socket_.next(kWatchdog) != "WATCHDOG=1") return false;
    }
    return true;
  }

  Stage stage_;
  NotifySocket socket_{(stage_.folder() / "notify").string()};
};

TEST_F(ServiceManagerTest, HearsThatItIsReadyWhenItListensAndThatItStops) {
  stage_.start_simulator();
  const int port = free_port();
  start(port);
  EXPECT_EQ(next_but_food(), "READY=1");
  EXPECT_EQ(ask(port, {.path = "/-/healthy"}).status, 200) << "ready before it listens";
  stage_.exporter().signal(SIGTERM);
  EXPECT_EQ(next_but_food(), "STOPPING=1");
  EXPECT_EQ(stage_.exporter().wait(), 0);
}

TEST_F(ServiceManagerTest, HearsWhenTheConfigurationIsReloadedWellOrBadly) {
  stage_.start_simulator();
  start();
  EXPECT_EQ(next_but_food(), "READY=1");
  for (const bool broken : {false, true}) {
    if (broken) stage_.write_file("exporter.yml", "accounts: [");
    stage_.exporter().signal(SIGHUP);
    EXPECT_THAT(next_but_food(), testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
    EXPECT_EQ(next_but_food(), "READY=1");
  }
}

TEST_F(ServiceManagerTest, IsNotToldOfReadinessWhereThePortIsTaken) {
  stage_.start_simulator();
  start(stage_.simulator_port());
  EXPECT_EQ(stage_.exporter().wait(), 1);
  EXPECT_EQ(socket_.next(milliseconds(0)), "");
}

TEST_F(ServiceManagerTest, KeepsItsWatchdogFedDuringACallThatIsNeverAnswered) {
  stage_.start_simulator();
  stage_.add_fault(R"({"match": {"path_contains": "/v1/"}, "fault": {"hold": true}})");
  start();
  EXPECT_EQ(next_but_food(), "READY=1");
  EXPECT_TRUE(eventually([&] {
    return ask(stage_.simulator_port(), {.path = "/_sim/faults"}).body.find("\"hit\": 1") !=
           std::string::npos;
  }));
  EXPECT_TRUE(fed_for(3 * kWatchdog)) << stage_.exporter().output();
}

// One thread of the daemon that stands still, while its others go on.
class StoppedThread {
 public:
  StoppedThread(pid_t process, const std::string& name) {
    const auto tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      std::string found;
      std::getline(std::ifstream(task.path() / "comm"), found);
      // Its workers are called like it, and are younger.
      if (found == name && thread_ == 0) thread_ = std::stoi(task.path().filename().string());
    }
    if (thread_ == 0) ADD_FAILURE() << "no thread is called " << name;
    EXPECT_EQ(ptrace(PTRACE_SEIZE, thread_, nullptr, nullptr), 0) << strerror(errno);
    EXPECT_EQ(ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr), 0) << strerror(errno);
    EXPECT_EQ(waitpid(thread_, nullptr, __WALL), thread_);
  }
  ~StoppedThread() { ptrace(PTRACE_DETACH, thread_, nullptr, nullptr); }
  StoppedThread(const StoppedThread&) = delete;
  StoppedThread& operator=(const StoppedThread&) = delete;

 private:
  pid_t thread_ = 0;
};

TEST_F(ServiceManagerTest, StarvesItsWatchdogWhileAPollerStandsStill) {
  stage_.start_simulator();
  start();
  EXPECT_EQ(next_but_food(), "READY=1");
  ASSERT_TRUE(stage_.exporter_listens());
  stage_.first_round();
  {
    const StoppedThread stopped(stage_.exporter().pid(), "poller");
    EXPECT_FALSE(fed_for(seconds(20))) << "nobody would restart it";
    EXPECT_NE(stage_.exporter().line_with("watchdog is not fed any more"), "");
    EXPECT_EQ(ask(stage_.exporter_port(), {.path = "/metrics"}).status, 200)
        << "only the poller was to stand still";
  }
  EXPECT_EQ(socket_.next(), "WATCHDOG=1") << "it gets on again, and so does the feeding";
}

}  // namespace
}  // namespace pce
