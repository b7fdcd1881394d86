#include "exporter/base/clock.h"

#include <thread>

namespace pce {
namespace {

TEST(SystemClock, StopsWaitingWhenAskedTo) {
  SystemClock clock;
  std::stop_source stop;
  std::jthread asker([&] { stop.request_stop(); });
  EXPECT_FALSE(clock.wait_until(clock.steady() + std::chrono::hours(1), stop.get_token()));
}

TEST(SystemClock, WaitsUntilTheTimeHasCome) {
  SystemClock clock;
  const auto when = clock.steady() + std::chrono::milliseconds(5);
  EXPECT_TRUE(clock.wait_until(when, std::stop_token()));
  EXPECT_GE(clock.steady(), when);
}

}  // namespace
}  // namespace pce
