#include "exporter/http/governor.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>

#include "tests/support/fake_clock.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Governor, LetsAsManyStartAtOnceAsMayRunInParallel) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 3});
  EXPECT_DOUBLE_EQ(governor.tokens(), 3.0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(governor.admit({}));
  EXPECT_EQ(clock.waited(), seconds(0));
  EXPECT_NEAR(governor.tokens(), 0.0, 1e-6);
  ASSERT_TRUE(governor.admit({}));
  EXPECT_NEAR(std::chrono::duration<double>(clock.waited()).count(), 1.0, 1e-6);
}

TEST(Governor, FillsUpAgainWhileNobodyCalls) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 3});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(governor.admit({}));
  clock.advance(milliseconds(1500));
  EXPECT_NEAR(governor.tokens(), 1.5, 1e-6);
  clock.advance(std::chrono::hours(1));
  EXPECT_DOUBLE_EQ(governor.tokens(), 3.0);
}

TEST(Governor, NeverStartsMoreThanItsLimitInAnyMinute) {
  FakeClock clock;
  constexpr int kPerMinute = 200;
  constexpr int kConcurrency = 4;
  Governor governor(clock, {.requests_per_minute = kPerMinute, .concurrency = kConcurrency});
  std::vector<SteadyTime> starts;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(governor.admit({}));
    starts.push_back(clock.steady());
    if (i % 700 == 0) clock.advance(seconds(90));  // idle now and then
  }
  for (auto first = starts.begin(); first != starts.end(); ++first) {
    const auto end = std::lower_bound(first, starts.end(), *first + seconds(60));
    ASSERT_LE(end - first, kPerMinute + kConcurrency);
  }
  const auto elapsed = std::chrono::duration<double>(starts.back() - starts.front()).count();
  EXPECT_LT(elapsed, 3000 / (kPerMinute / 60.0) + 5 * 90 + 1) << "slower than it has to be";
}

TEST(Governor, StartsNobodyDuringAPause) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600, .concurrency = 4});
  governor.pause_for(seconds(57));
  governor.pause_for(seconds(5));
  EXPECT_EQ(governor.paused_for(), seconds(57));
  ASSERT_TRUE(governor.admit({}));
  EXPECT_GE(clock.waited(), seconds(57));
  EXPECT_EQ(governor.paused_for(), milliseconds(0));
}

TEST(Governor, LengthensAPauseForThoseWhoAlreadyWait) {
  class PausingClock final : public Clock {  // somebody else is throttled while we wait
   public:
    WallTime wall() const override { return inner.wall(); }
    SteadyTime steady() const override { return inner.steady(); }
    bool wait_until(SteadyTime when, std::stop_token stop) override {
      if (governor != nullptr) std::exchange(governor, nullptr)->pause_for(seconds(100));
      return inner.wait_until(when, stop);
    }
    FakeClock inner;
    Governor* governor = nullptr;
  } clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 1});
  clock.governor = &governor;
  governor.pause_for(seconds(10));
  const SteadyTime before = clock.steady();
  ASSERT_TRUE(governor.admit({}));
  EXPECT_GE(clock.steady() - before, seconds(100));
}

TEST(Governor, CountsLimitsBelowOneAsOne) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 0, .concurrency = -3});
  ASSERT_TRUE(governor.admit({}));
  ASSERT_TRUE(governor.admit({}));
  EXPECT_GE(clock.waited(), seconds(60));
}

TEST(Governor, GivesUpAtOnceWhenStopped) {
  FakeClock clock;
  Governor governor(clock, {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(governor.admit(stop.get_token()));
  EXPECT_EQ(governor.calls_running(), 0);
}

TEST(Governor, GivesUpWhenStoppedDuringAWait) {
  SystemClock clock;
  Governor governor(clock, {});
  governor.pause_for(std::chrono::hours(10));
  std::stop_source stop;
  std::atomic<bool> admitted = true;
  std::jthread waiter([&] { admitted = governor.admit(stop.get_token()).has_value(); });
  stop.request_stop();
  waiter.join();
  EXPECT_FALSE(admitted);
}

TEST(Governor, GivesUpWhenStoppedWhileAllPlacesAreTaken) {
  SystemClock clock;
  Governor governor(clock, {.requests_per_minute = 60'000, .concurrency = 1});
  const auto held = governor.admit({});
  std::stop_source stop;
  std::atomic<bool> admitted = true;
  std::jthread waiter([&] { admitted = governor.admit(stop.get_token()).has_value(); });
  stop.request_stop();
  waiter.join();
  EXPECT_FALSE(admitted);
  EXPECT_EQ(governor.calls_running(), 1);
}

TEST(Governor, NeverRunsMoreThanItsPlacesAtOnce) {
  FakeClock clock;
  constexpr int kConcurrency = 3;
  Governor governor(clock, {.requests_per_minute = 1'000'000, .concurrency = kConcurrency});
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  {
    std::barrier start(16);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int i = 0; i < 200; ++i) {
          const auto permit = governor.admit({});
          const int now = ++running;
          int seen = most;
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          if (i % 50 == 0) governor.pause_for(milliseconds(5));
          std::this_thread::yield();
          --running;
          ++done;
        }
      });
    }
  }
  EXPECT_EQ(done, 16 * 200);
  EXPECT_LE(most, kConcurrency);
  EXPECT_EQ(governor.calls_running(), 0);
}

TEST(Governor, TakesOtherLimits) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 4});
  governor.limits_are({.requests_per_minute = 600, .concurrency = 2});
  EXPECT_DOUBLE_EQ(governor.tokens(), 2.0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(governor.admit({}));
  EXPECT_NEAR(std::chrono::duration<double>(clock.waited()).count(), 0.1, 1e-6);
}

TEST(Governor, APauseOutlivesOtherLimits) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 1});
  governor.pause_for(seconds(30));
  governor.limits_are({.requests_per_minute = 6000, .concurrency = 8});
  EXPECT_EQ(governor.paused_for(), seconds(30));
}

TEST(Governor, MorePlacesAreGivenAwayAtOnce) {
  SystemClock clock;
  Governor governor(clock, {.requests_per_minute = 60'000, .concurrency = 1});
  const auto held = governor.admit({});
  std::atomic<bool> admitted = false;
  std::jthread waiting([&](std::stop_token stop) { admitted = governor.admit(stop).has_value(); });
  governor.limits_are({.requests_per_minute = 60'000, .concurrency = 2});
  waiting.join();
  EXPECT_TRUE(admitted);
}

}  // namespace
}  // namespace pce
