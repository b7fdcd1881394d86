#include "exporter/base/wake_call.h"

#include <thread>

#include "exporter/base/clock.h"

namespace pce {
namespace {

TEST(WakeCall, EndsTheNapGoingOn) {
  WakeCall call;
  const WakeCall::Nap nap(call, {});
  EXPECT_FALSE(nap.token().stop_requested());
  std::jthread ringing([&] { call.ring(); });
  SystemClock clock;
  EXPECT_FALSE(clock.wait_until(clock.steady() + std::chrono::hours(1), nap.token()));
}

TEST(WakeCall, EndsTheNextNapWhereNobodySleeps) {
  WakeCall call;
  call.ring();
  call.ring();
  EXPECT_TRUE(WakeCall::Nap(call, {}).token().stop_requested());
  EXPECT_FALSE(WakeCall::Nap(call, {}).token().stop_requested()) << "once is enough";
}

TEST(WakeCall, WhoeverWasWokenSleepsAgain) {
  WakeCall call;
  {
    const WakeCall::Nap nap(call, {});
    call.ring();
    EXPECT_TRUE(nap.token().stop_requested());
  }
  EXPECT_FALSE(WakeCall::Nap(call, {}).token().stop_requested());
}

TEST(WakeCall, EndsTheNextNapOfWhoeverIsAwakeAgain) {
  WakeCall call;
  {
    const WakeCall::Nap nap(call, {});
    call.ring();
    call.ring();  // while still half asleep
  }
  EXPECT_TRUE(WakeCall::Nap(call, {}).token().stop_requested());
  { const WakeCall::Nap nap(call, {}); }
  call.ring();
  EXPECT_TRUE(WakeCall::Nap(call, {}).token().stop_requested());
}

TEST(WakeCall, HeedsSomebodysStop) {
  WakeCall call;
  std::stop_source stop;
  const WakeCall::Nap nap(call, stop.get_token());
  stop.request_stop();
  EXPECT_TRUE(nap.token().stop_requested());
}

}  // namespace
}  // namespace pce
