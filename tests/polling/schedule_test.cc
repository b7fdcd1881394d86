#include "exporter/polling/schedule.h"

#include <set>

#include "exporter/insights/catalog.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr SteadyTime kStart{hours(100)};
const DataSet& kSet = *find_data_set("customer_deployment");

SliceKey key(int i) { return {&kSet, "customer-" + std::to_string(i), "contoso"}; }

std::vector<SliceKey> keys(int n) {
  std::vector<SliceKey> all;
  for (int i = 0; i < n; ++i) all.push_back(key(i));
  return all;
}

// The next time at which this one is due.
SteadyTime due_time(Schedule& schedule) { return schedule.next().value(); }

TEST(Schedule, BeginsWithEverythingAtOnce) {
  Schedule schedule(hours(6));
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.plan(keys(3), kStart);
  EXPECT_EQ(schedule.due(kStart).size(), 3U);
  EXPECT_EQ(schedule.next(), kStart);
}

TEST(Schedule, ComesBackWithinAnIntervalAndThenOnceAnInterval) {
  for (int i = 0; i < 50; ++i) {
    Schedule schedule(hours(6));
    schedule.plan({key(i)}, kStart);
    SteadyTime at = kStart;
    for (int round = 0; round < 6; ++round) {
      schedule.answered(key(i), at);
      const SteadyTime next = due_time(schedule);
      EXPECT_GE(next - at, hours(3)) << i;
      EXPECT_LE(next - at, hours(6)) << i;
      if (round >= 2) {
        EXPECT_EQ(next - at, hours(6)) << i;
      }
      at = next;
    }
  }
}

TEST(Schedule, GoesOnWhereItWasBeforeARestart) {
  Schedule schedule(hours(6));
  schedule.remember(key(0), kStart - hours(2));
  schedule.remember(key(1), kStart - hours(7));
  schedule.remember(key(2), kStart - hours(1));
  schedule.plan(keys(2), kStart);
  EXPECT_EQ(schedule.due_at(key(0)), kStart + hours(4));
  EXPECT_EQ(schedule.due_at(key(1)), kStart) << "came due meanwhile";
  EXPECT_EQ(schedule.health(kSet).unanswered, 0U);
  // Remembered until it comes up, and only until then.
  schedule.plan(keys(3), kStart + minutes(1));
  EXPECT_EQ(schedule.due_at(key(2)), kStart + hours(5));
  schedule.plan(keys(2), kStart + minutes(2));
  schedule.plan(keys(3), kStart + minutes(3));
  EXPECT_EQ(schedule.due_at(key(2)), kStart + minutes(3));
}

TEST(Schedule, SpreadsTheReadingsEvenlyOverTheInterval) {
  constexpr int kReadings = 2400;
  Schedule schedule(hours(24));
  schedule.plan(keys(kReadings), kStart);
  // Answered at once whenever due; counted by the hour of the fourth day.
  std::map<long, int> by_hour;
  for (SteadyTime now = kStart; now < kStart + hours(96); now += minutes(5)) {
    for (const SliceKey& reading : schedule.due(now)) {
      schedule.answered(reading, now);
      if (now >= kStart + hours(72)) ++by_hour[(now - kStart) / hours(1)];
    }
  }
  EXPECT_EQ(by_hour.size(), 24U);
  for (const auto& [hour, count] : by_hour) {
    EXPECT_GT(count, 60) << hour;
    EXPECT_LT(count, 150) << hour;
  }
}

TEST(Schedule, GivesAReadingTheSamePlaceAfterEveryStart) {
  Schedule one(hours(6));
  Schedule two(hours(6));
  one.plan({key(1)}, kStart);
  two.plan({key(2), key(1)}, kStart);
  one.answered(key(1), kStart);
  two.answered(key(1), kStart);
  two.answered(key(2), kStart + hours(1000));
  EXPECT_EQ(one.next(), two.next());
}

TEST(Schedule, TriesWhatFailedAgainAfterOneTwoFourMinutesUpToTheInterval) {
  Schedule schedule(hours(6));
  schedule.plan({key(1)}, kStart);
  SteadyTime now = kStart;
  for (const auto wait : {minutes(1), minutes(2), minutes(4), minutes(8), minutes(16), minutes(32),
                          minutes(64), minutes(128), minutes(256), minutes(360), minutes(360)}) {
    schedule.failed(key(1), now);
    EXPECT_EQ(due_time(schedule) - now, wait);
    now = due_time(schedule);
  }
  schedule.answered(key(1), now);
  schedule.failed(key(1), now);
  EXPECT_EQ(due_time(schedule) - now, minutes(1)) << "an answer ends the series";
}

TEST(Schedule, NeverWaitsLongerThanAShortInterval) {
  Schedule schedule(milliseconds(300));
  schedule.plan({key(1)}, kStart);
  schedule.failed(key(1), kStart);
  EXPECT_EQ(due_time(schedule) - kStart, milliseconds(300));
}

TEST(Schedule, PutsFirstWhatHasWaitedLongest) {
  Schedule schedule(hours(6));
  schedule.plan(keys(3), kStart);
  schedule.answered(key(0), kStart + minutes(2));
  schedule.answered(key(2), kStart + minutes(1));
  schedule.failed(key(1), kStart + minutes(3));
  const auto due = schedule.due(kStart + hours(24));
  ASSERT_EQ(due.size(), 3U);
  EXPECT_EQ(due[0], key(1)) << "never answered";
  EXPECT_EQ(due[1], key(2));
  EXPECT_EQ(due[2], key(0));
}

TEST(Schedule, ForgetsWhatIsNoLongerPlannedAndKeepsTheRest) {
  Schedule schedule(hours(6));
  schedule.plan(keys(2), kStart);
  schedule.answered(key(0), kStart);
  schedule.answered(key(1), kStart);
  const auto before = schedule.next();
  schedule.plan({key(0), key(1), key(2)}, kStart + minutes(1));
  EXPECT_EQ(schedule.due(kStart + minutes(1)), std::vector<SliceKey>{key(2)});
  schedule.plan({key(0), key(1)}, kStart + minutes(2));
  EXPECT_EQ(schedule.next(), before);
  schedule.answered(key(2), kStart + minutes(3));
  EXPECT_EQ(schedule.next(), before) << "an answer to what is not planned changes nothing";
}

TEST(Schedule, KnowsWhatIsUnanswered) {
  Schedule schedule(hours(6));
  schedule.plan(keys(3), kStart);
  EXPECT_EQ(schedule.health(kSet).unanswered, 3U);
  schedule.answered(key(0), kStart);
  schedule.answered(key(1), kStart);
  schedule.answered(key(2), kStart);
  EXPECT_EQ(schedule.health(kSet).unanswered, 0U);
  schedule.failed(key(1), kStart + hours(6));
  EXPECT_EQ(schedule.health(kSet).unanswered, 1U);
  EXPECT_EQ(schedule.health(kSet).readings, 3U);
  EXPECT_EQ(schedule.health(*find_data_set("customer_usage")).readings, 0U);
}

TEST(Schedule, MakesEverythingDueAndSpreadsItAnew) {
  Schedule schedule(hours(6));
  schedule.plan(keys(20), kStart);
  for (int i = 0; i < 20; ++i) schedule.answered(key(i), kStart);
  EXPECT_TRUE(schedule.due(kStart + minutes(1)).empty());
  schedule.all_due(kStart + minutes(1));
  EXPECT_EQ(schedule.due(kStart + minutes(1)).size(), 20U);
  for (int i = 0; i < 20; ++i) schedule.answered(key(i), kStart + minutes(1));
  const auto half = schedule.due(kStart + minutes(1) + hours(4) + minutes(30)).size();
  EXPECT_GT(half, 3U);
  EXPECT_LT(half, 17U);
}

TEST(Schedule, ASlowAnswerDoesNotShiftThoseToCome) {
  Schedule slow(hours(6));
  slow.plan({key(1)}, kStart);
  SteadyTime last = kStart;
  for (int round = 0; round < 4; ++round) {
    slow.answered(key(1), last);
    last = due_time(slow);
  }
  slow.answered(key(1), last + minutes(20));
  EXPECT_EQ(due_time(slow), last + hours(6));
  slow.answered(key(1), last + hours(100));
  EXPECT_EQ(due_time(slow), last + hours(100)) << "it is due, and not for all it missed";
}

TEST(Schedule, MakesWhatFailedDueAndForgetsHowOften) {
  Schedule schedule(hours(6));
  schedule.plan(keys(3), kStart);
  schedule.answered(key(0), kStart);
  for (int i = 0; i < 8; ++i) schedule.failed(key(1), kStart);
  schedule.answered(key(2), kStart);
  EXPECT_TRUE(schedule.due(kStart + minutes(30)).empty());
  schedule.retry_failed(kStart + minutes(30));
  ASSERT_EQ(schedule.due(kStart + minutes(30)).size(), 1U);
  EXPECT_EQ(schedule.health(kSet).unanswered, 1U) << "it still failed";
  schedule.failed(key(1), kStart + minutes(30));
  EXPECT_EQ(due_time(schedule), kStart + minutes(32));
}

TEST(Schedule, KnowsWhetherAnythingIsAnsweredThatIsNotAboutOneCustomer) {
  const SliceKey bulk{&kSet, "", "contoso"};
  Schedule schedule(hours(6));
  schedule.plan({bulk, key(1)}, kStart);
  schedule.answered(key(1), kStart);
  EXPECT_FALSE(schedule.anything_answered_partner_wide());
  schedule.answered(bulk, kStart);
  EXPECT_TRUE(schedule.anything_answered_partner_wide());
  schedule.failed(bulk, kStart);
  EXPECT_FALSE(schedule.anything_answered_partner_wide());
}

TEST(Schedule, KeepsEachPlaceWhenTheIntervalChanges) {
  Schedule schedule(hours(6));
  schedule.plan(keys(20), kStart);
  for (const SliceKey& reading : keys(20)) schedule.answered(reading, kStart);
  std::vector<SteadyTime> before;
  for (const SliceKey& reading : keys(20)) before.push_back(*schedule.due_at(reading));
  schedule.interval_is(hours(12), kStart + hours(1));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(*schedule.due_at(key(i)) - kStart,
              2 * (before[static_cast<std::size_t>(i)] - kStart));
}

TEST(Schedule, WhatIsOverdueByAShorterIntervalIsDueOnceAndSpreadAnew) {
  Schedule schedule(hours(24));
  schedule.plan(keys(20), kStart);
  for (const SliceKey& reading : keys(20)) schedule.answered(reading, kStart);
  const SteadyTime later = kStart + hours(5);
  schedule.interval_is(hours(1), later);
  EXPECT_EQ(schedule.due(later).size(), 20U);
  for (const SliceKey& reading : keys(20)) schedule.answered(reading, later);
  std::set<SteadyTime> times;
  for (const SliceKey& reading : keys(20)) {
    EXPECT_GE(*schedule.due_at(reading), later + minutes(30));
    EXPECT_LE(*schedule.due_at(reading), later + hours(1));
    times.insert(*schedule.due_at(reading));
  }
  EXPECT_GT(times.size(), 15U);
}

TEST(Schedule, WhatFailedIsTriedWithinTheNewInterval) {
  Schedule schedule(hours(24));
  schedule.plan(keys(1), kStart);
  for (int i = 0; i < 10; ++i) schedule.failed(key(0), kStart);
  schedule.interval_is(hours(1), kStart);
  EXPECT_EQ(schedule.due_at(key(0)), kStart + hours(1));
}

}  // namespace
}  // namespace pce
