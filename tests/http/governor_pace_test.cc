// How the governor gives way to refusals and keeps repetitions few.
#include <atomic>
#include <barrier>
#include <cmath>
#include <thread>
#include <vector>

#include "exporter/http/governor.h"
#include "tests/support/fake_clock.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Refuses `times` calls, each of which began after the one before was refused.
void refuse(Governor& governor, int times) {
  for (int i = 0; i < times; ++i) {
    const auto permit = governor.admit({});
    ASSERT_TRUE(permit);
    governor.throttled(*permit);
  }
}

TEST(GovernorPace, IsWholeUntilACallIsRefused) {
  FakeClock clock;
  Governor governor(clock, {});
  EXPECT_EQ(governor.pace(), 1);
  refuse(governor, 1);
  EXPECT_DOUBLE_EQ(governor.pace(), 0.5);
}

TEST(GovernorPace, CountsTheRefusalsOfOneBurstOnce) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600, .concurrency = 4});
  std::vector<Governor::Permit> burst;
  for (int i = 0; i < 4; ++i) burst.push_back(*governor.admit({}));
  for (const auto& refused : burst) {
    governor.pause_for(seconds(5));
    governor.throttled(refused);
    EXPECT_DOUBLE_EQ(governor.pace(), 0.5);
  }
  clock.advance(seconds(65));
  governor.throttled(burst.front());  // it began before the halving, whenever its answer comes
  EXPECT_DOUBLE_EQ(governor.pace(), 0.6);
  burst.clear();
  refuse(governor, 1);
  EXPECT_NEAR(governor.pace(), 0.3, 0.001);
}

TEST(GovernorPace, ComesBackByATenthAMinute) {
  FakeClock clock;
  Governor governor(clock, {});
  refuse(governor, 1);
  clock.advance(seconds(30));
  EXPECT_NEAR(governor.pace(), 0.55, 1e-9);
  clock.advance(seconds(30));
  EXPECT_NEAR(governor.pace(), 0.6, 1e-9);
  clock.advance(minutes(4) - milliseconds(1));
  EXPECT_LT(governor.pace(), 1);
  clock.advance(milliseconds(1));
  EXPECT_NEAR(governor.pace(), 1, 1e-9);
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(governor.pace(), 1);
}

TEST(GovernorPace, StandsStillDuringAPause) {
  FakeClock clock;
  Governor governor(clock, {});
  const auto permit = governor.admit({});
  governor.pause_for(minutes(57));
  governor.throttled(*permit);
  clock.advance(minutes(57));
  EXPECT_DOUBLE_EQ(governor.pace(), 0.5);
  clock.advance(minutes(1));
  EXPECT_NEAR(governor.pace(), 0.6, 1e-9);
  governor.pause_for(minutes(10));  // what it had gained by then it keeps
  clock.advance(minutes(11));
  EXPECT_NEAR(governor.pace(), 0.7, 1e-9);
}

TEST(GovernorPace, GoesDownToASixteenthAndStillLetsCallsStart) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600'000, .concurrency = 3});
  refuse(governor, 50);
  EXPECT_NEAR(governor.pace(), 1.0 / 16, 1e-4);
  EXPECT_TRUE(governor.admit({}));
}

TEST(GovernorPace, StretchesTheTimeBetweenCalls) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60, .concurrency = 2});
  refuse(governor, 1);
  ASSERT_TRUE(governor.admit({}));  // the bucket is empty now
  const auto before = clock.waited();
  ASSERT_TRUE(governor.admit({}));
  EXPECT_NEAR(std::chrono::duration<double>(clock.waited() - before).count(), 2.0, 0.02);
}

// Sixteenth of the rate, rising by a tenth a minute: the calls of five minutes are the area below.
TEST(GovernorPace, FillsTheBucketAsFastAsThePaceSays) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600, .concurrency = 4});
  refuse(governor, 4);
  const double first = governor.pace();
  ASSERT_NEAR(first, 1.0 / 16, 1e-3);
  const SteadyTime end = clock.steady() + minutes(5);
  int calls = 0;
  while (clock.steady() < end) {
    ASSERT_TRUE(governor.admit({}));
    ++calls;
  }
  EXPECT_NEAR(governor.pace(), first + 0.5, 1e-3);
  EXPECT_NEAR(calls, (first + governor.pace()) / 2 * 5 * 600, 5);
}

TEST(GovernorPace, LooksAgainWhileThePaceRises) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 1, .concurrency = 1});
  refuse(governor, 4);
  const double pace = governor.pace();
  const auto before = clock.waited();
  ASSERT_TRUE(governor.admit({}));
  const std::chrono::duration<double, std::ratio<60>> took = clock.waited() - before;
  // The bucket gains p t + t²/20 in t minutes and one call is due at 1.
  const double due = 10 * (std::sqrt(pace * pace + 0.2) - pace);
  EXPECT_GE(took.count(), due - 1e-6);
  EXPECT_LE(took.count(), due + 0.2);
}

TEST(GovernorPace, NeverCutsRunningCallsAndLetsNewOnesWaitForTheFewerPlaces) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600, .concurrency = 4});
  std::vector<Governor::Permit> running;
  for (int i = 0; i < 4; ++i) running.push_back(*governor.admit({}));
  governor.throttled(running.front());
  EXPECT_EQ(governor.calls_running(), 4);
  std::atomic<int> beside = 0;
  std::jthread waiter([&] {
    const auto permit = governor.admit({});
    beside = governor.calls_running();
  });
  while (!running.empty()) running.pop_back();
  waiter.join();
  EXPECT_LE(beside, 2);
}

struct PlacesRow {
  const char* name;
  int refusals;
  int places;
};

class GovernorPlaces : public testing::TestWithParam<PlacesRow> {};

TEST_P(GovernorPlaces, FollowThePace) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 600'000'000, .concurrency = 8});
  refuse(governor, GetParam().refusals);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  {
    std::barrier start(16);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int i = 0; i < 60; ++i) {
          const auto permit = governor.admit({});
          const int now = ++running;
          int seen = most;
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          for (int turn = 0; turn < 10; ++turn) std::this_thread::yield();
          --running;
        }
      });
    }
  }
  EXPECT_LE(most, GetParam().places);
  EXPECT_EQ(governor.calls_running(), 0);
}

INSTANTIATE_TEST_SUITE_P(Pace, GovernorPlaces,
                         testing::Values(PlacesRow{"whole", 0, 8}, PlacesRow{"half", 1, 4},
                                         PlacesRow{"quarter", 2, 2}, PlacesRow{"eighth", 3, 1},
                                         PlacesRow{"slowest", 9, 1}),
                         [](const auto& row) { return row.param.name; });

TEST(GovernorPlaces, ComeBackWithThePace) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60'000, .concurrency = 4});
  refuse(governor, 1);
  clock.advance(minutes(5));
  std::vector<Governor::Permit> running;
  for (int i = 0; i < 4; ++i) running.push_back(*governor.admit({}));
  EXPECT_EQ(governor.calls_running(), 4);
}

TEST(GovernorRetries, StartWithTenAndEndThere) {
  FakeClock clock;
  Governor governor(clock, {});
  EXPECT_EQ(governor.retries_left(), 10);
  ASSERT_TRUE(governor.admit({}));
  EXPECT_EQ(governor.retries_left(), 10) << "more than ten are not saved";
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(governor.take_retry());
  EXPECT_EQ(governor.retries_left(), 0);
  EXPECT_FALSE(governor.take_retry());
}

TEST(GovernorRetries, AreEarnedByTenFirstAttempts) {
  FakeClock clock;
  Governor governor(clock, {});
  while (governor.take_retry()) ASSERT_TRUE(governor.admit({}));  // a repetition earns nothing
  EXPECT_EQ(governor.retries_left(), 0);
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(governor.admit({}));
  EXPECT_FALSE(governor.take_retry());
  ASSERT_TRUE(governor.admit({}));
  EXPECT_EQ(governor.retries_left(), 1);
  EXPECT_TRUE(governor.take_retry());
}

TEST(GovernorRetries, KeepAttemptsWithinATenthMoreThanCalls) {
  FakeClock clock;
  Governor governor(clock, {.requests_per_minute = 60'000, .concurrency = 4});
  constexpr int kCalls = 10'000;
  int attempts = 0;
  for (int call = 0; call < kCalls; ++call) {
    int tries = 0;
    do {  // every attempt fails
      ASSERT_TRUE(governor.admit({}));
      ++attempts;
    } while (++tries < 3 && governor.take_retry());
  }
  EXPECT_LE(attempts, kCalls + kCalls / 10 + 10);
  EXPECT_GE(attempts, kCalls + kCalls / 10);
}

}  // namespace
}  // namespace pce
