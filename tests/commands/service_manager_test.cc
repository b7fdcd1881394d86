#include "exporter/commands/service_manager.h"

#include <filesystem>
#include <unistd.h>

#include "exporter/telemetry/log.h"
#include "tests/support/environment.h"
#include "tests/support/log_capture.h"
#include "tests/support/notify_socket.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::microseconds;

TEST(ServiceManager, IsToldThroughTheSocketOfTheEnvironment) {
  const TemporaryFolder folder;
  const NotifySocket socket((folder.path() / "notify").string());
  const EnvironmentVariable where("NOTIFY_SOCKET", socket.path());
  ServiceManager::of_environment().tell("READY=1");
  EXPECT_EQ(socket.next(), "READY=1");
}

TEST(ServiceManager, IsToldThroughAnAbstractSocket) {
  const NotifySocket socket("@pce-test-" + std::to_string(getpid()));
  ServiceManager(socket.path(), {}).tell("STOPPING=1");
  EXPECT_EQ(socket.next(), "STOPPING=1");
}

TEST(ServiceManager, IsNotMissedWhereThereIsNone) {
  const EnvironmentVariable where("NOTIFY_SOCKET", "");
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  EXPECT_EQ(said_while([] { ServiceManager::of_environment().tell("READY=1"); }), "");
}

TEST(ServiceManager, ThatCannotBeToldIsNamedInTheLog) {
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  for (const std::string& path : {std::string("/nowhere/notify"), "/" + std::string(200, 'x')}) {
    const std::string said = said_while([&] { ServiceManager(path, {}).tell("READY=1"); });
    EXPECT_THAT(said, testing::HasSubstr(path));
    EXPECT_THAT(said, testing::HasSubstr("READY=1"));
  }
}

TEST(ServiceManager, SaysHowOftenItsWatchdogWantsToBeFed) {
  const EnvironmentVariable where("NOTIFY_SOCKET", "/nowhere");
  const auto interval = [] { return ServiceManager::of_environment().watchdog(); };
  const EnvironmentVariable often("WATCHDOG_USEC", "3000000");
  EXPECT_EQ(interval(), microseconds(3'000'000));
  const EnvironmentVariable ours("WATCHDOG_PID", std::to_string(getpid()));
  EXPECT_EQ(interval(), microseconds(3'000'000));
  const EnvironmentVariable anothers("WATCHDOG_PID", std::to_string(getppid()));
  EXPECT_EQ(interval(), std::nullopt) << "the watchdog of the process that started us";
}

TEST(ServiceManager, HasNoWatchdogWhereItsIntervalIsNone) {
  for (const char* value : {"", "0", "-1", "3s", "99999999999999999999"}) {
    const EnvironmentVariable often("WATCHDOG_USEC", value);
    EXPECT_EQ(ServiceManager::of_environment().watchdog(), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace pce
