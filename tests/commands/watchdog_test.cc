#include "exporter/commands/watchdog.h"

#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/notify_socket.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class WatchdogTest : public testing::Test {
 protected:
  void SetUp() override {
    one_.beat();
    other_.beat();
  }
  // Meals of a watchdog that wants one each minute.
  int meals_of(std::chrono::nanoseconds time) {
    std::stop_source stop;
    clock_.stop_at(clock_.steady() + time, stop);
    const std::vector<Watched> watched{{"contoso", &one_}, {"fabrikam", &other_}};
    said_ = said_while([&] {
      set_up_log(LogLevel::kInfo, LogFormat::kLogfmt);
      feed_watchdog(
          manager_, [&](auto patience) { return who_hangs(watched, patience); }, clock_,
          stop.get_token());
    });
    int meals = 0;
    while (socket_.next(std::chrono::milliseconds(0)) == "WATCHDOG=1") ++meals;
    return meals;
  }

  FakeClock clock_;
  Heart one_{clock_};
  Heart other_{clock_};
  TemporaryFolder folder_;
  NotifySocket socket_{(folder_.path() / "notify").string()};
  ServiceManager manager_{socket_.path(), seconds(60)};
  std::string said_;
};

TEST_F(WatchdogTest, IsFedFourTimesAnIntervalWhileAllHeartsBeat) {
  const Heart::Wait wait(one_, clock_.steady() + hours(1));
  const Heart::Wait another(other_, clock_.steady() + hours(1));
  EXPECT_EQ(meals_of(seconds(110)), 8);
  EXPECT_EQ(said_, "");
}

TEST_F(WatchdogTest, StarvesOnceAHeartIsOverdueByHalfItsInterval) {
  const Heart::Wait wait(one_, clock_.steady() + hours(1));
  const Heart::Wait another(other_, clock_.steady() + seconds(60));
  EXPECT_EQ(meals_of(seconds(600)), 7) << "until 90 s have passed";
  EXPECT_EQ(times_in(said_, "not fed"), 1);
  EXPECT_THAT(said_, testing::HasSubstr("fabrikam"));
  EXPECT_THAT(said_, testing::Not(testing::HasSubstr("contoso")));
}

TEST_F(WatchdogTest, IsFedAgainWhenTheHeartBeatsAgain) {
  const Heart::Wait wait(one_, clock_.steady() + hours(1));
  EXPECT_GT(meals_of(seconds(60)), 0);
  clock_.advance(seconds(60));
  EXPECT_EQ(meals_of(seconds(60)), 0);
  other_.beat();
  EXPECT_GT(meals_of(seconds(10)), 0);
}

TEST_F(WatchdogTest, IsNotFedWhereThereIsNone) {
  manager_ = ServiceManager(socket_.path(), std::nullopt);
  EXPECT_EQ(meals_of(seconds(600)), 0);
}

TEST_F(WatchdogTest, TellsWhoHangs) {
  const std::vector<Watched> watched{{"contoso", &one_}, {"fabrikam", &other_}};
  const Heart::Wait wait(one_, clock_.steady() + hours(1));
  clock_.advance(seconds(90));
  EXPECT_EQ(who_hangs(watched, seconds(90)), "");
  clock_.advance(seconds(1));
  EXPECT_EQ(who_hangs(watched, seconds(90)),
            "fabrikam: its poller has not been heard of for 91 s longer than it should");
}

}  // namespace
}  // namespace pce
