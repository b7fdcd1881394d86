#include "exporter/base/heart.h"

#include <optional>
#include <vector>

#include "exporter/base/beating_clock.h"
#include "tests/support/fake_clock.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(Heart, IsOverdueSinceItsLastBeat) {
  FakeClock clock;
  Heart heart(clock);
  clock.advance(hours(1));
  EXPECT_EQ(heart.overdue(), seconds(0)) << "nothing has begun";
  heart.beat();
  EXPECT_EQ(heart.overdue(), seconds(0));
  clock.advance(seconds(30));
  EXPECT_EQ(heart.overdue(), seconds(30));
}

TEST(Heart, IsNotOverdueWhileAWaitLastsAsLongAsItWasSaidTo) {
  FakeClock clock;
  Heart heart(clock);
  const Heart::Wait wait(heart, clock.steady() + hours(2));
  clock.advance(hours(1));
  EXPECT_LT(heart.overdue(), seconds(0));
  clock.advance(hours(1) + seconds(7));
  EXPECT_EQ(heart.overdue(), seconds(7));
}

TEST(Heart, BeatsWhenAWaitEnds) {
  FakeClock clock;
  Heart heart(clock);
  {
    const Heart::Wait wait(heart, clock.steady() + seconds(1));
    clock.advance(seconds(9));
  }
  EXPECT_EQ(heart.overdue(), seconds(0));
  clock.advance(seconds(3));
  EXPECT_EQ(heart.overdue(), seconds(3));
}

TEST(Heart, IsAsOverdueAsTheWorstOfItsWaits) {
  FakeClock clock;
  Heart heart(clock);
  const Heart::Wait good(heart, clock.steady() + hours(1));
  std::optional<Heart::Wait> bad;
  bad.emplace(heart, clock.steady() + seconds(10));
  clock.advance(seconds(60));
  EXPECT_EQ(heart.overdue(), seconds(50)) << "others that go on do not speak for one that hangs";
  bad.reset();
  EXPECT_LT(heart.overdue(), seconds(0));
}

// Says how overdue a heart was in each of its waits, had they ended a minute late.
class LateClock final : public Clock {
 public:
  WallTime wall() const override { return clock_.wall(); }
  SteadyTime steady() const override { return clock_.steady(); }
  bool wait_until(SteadyTime when, std::stop_token stop) override {
    clock_.wait_until(when + seconds(60), stop);
    overdue.push_back(heart->overdue());
    return true;
  }
  const Heart* heart = nullptr;
  std::vector<SteadyTime::duration> overdue;

 private:
  FakeClock clock_;
};

TEST(BeatingClock, WaitsAsLongAsAskedFor) {
  FakeClock clock;
  Heart heart(clock);
  BeatingClock beating(clock, heart);
  const SteadyTime when = clock.steady() + hours(1);
  EXPECT_TRUE(beating.wait_until(when, {}));
  EXPECT_EQ(clock.steady(), when);
}

TEST(BeatingClock, EndsItsWaitWhenAskedToStop) {
  FakeClock clock;
  Heart heart(clock);
  BeatingClock beating(clock, heart);
  std::stop_source stop;
  clock.stop_at(clock.steady() + seconds(12), stop);
  EXPECT_FALSE(beating.wait_until(clock.steady() + hours(1), stop.get_token()));
}

TEST(BeatingClock, IsOverdueSoonWhenALongWaitIsNotWokenUp) {
  LateClock clock;
  Heart heart(clock);
  clock.heart = &heart;
  BeatingClock beating(clock, heart);
  EXPECT_TRUE(beating.wait_until(clock.steady() + seconds(5), {}));
  EXPECT_TRUE(beating.wait_until(clock.steady() + seconds(300), {}));
  ASSERT_GE(clock.overdue.size(), 2U);
  for (const auto overdue : clock.overdue) EXPECT_EQ(overdue, seconds(60));
}

}  // namespace
}  // namespace pce
