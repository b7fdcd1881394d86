#include "exporter/polling/round_forecast.h"

namespace pce {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr RoundLimits kNoLimit{.requests_per_minute = 1'000'000'000, .concurrency = 4};

double seconds(const std::vector<RoundStep>& steps, const RoundLimits& limits) {
  return forecast(steps, limits).takes.count();
}

TEST(RoundForecast, CountsCallsOfAllReadings) {
  EXPECT_EQ(forecast({}, kNoLimit).calls, 0U);
  EXPECT_EQ(
      forecast({{{.calls = 3}}, {{.readings = 100}, {.readings = 2, .calls = 5}}}, kNoLimit).calls,
      113U);
}

TEST(RoundForecast, LetsPagesOfOneReportFollowEachOther) {
  EXPECT_NEAR(seconds({{{.calls = 7, .each = Seconds(2)}}}, kNoLimit), 14, 1e-6);
  // Beside a longer one it costs nothing.
  EXPECT_NEAR(
      seconds({{{.calls = 7, .each = Seconds(2)}, {.calls = 3, .each = Seconds(4)}}}, kNoLimit), 14,
      1e-6);
}

TEST(RoundForecast, SharesReadingsAmongTheWorkers) {
  EXPECT_NEAR(seconds({{{.readings = 100, .each = Seconds(2)}}}, kNoLimit), 50, 1e-6);
  EXPECT_NEAR(seconds({{{.readings = 101, .each = Seconds(2)}}}, kNoLimit), 52, 1e-6);
  EXPECT_NEAR(seconds({{{.readings = 100, .each = Seconds(2)}}},
                      {.requests_per_minute = 1'000'000'000, .concurrency = 1}),
              200, 1e-6);
}

TEST(RoundForecast, BeginsAStepWhenTheOneBeforeHasEnded) {
  EXPECT_NEAR(seconds({{{.calls = 3, .each = Seconds(1)}}, {{.readings = 4, .each = Seconds(2)}}},
                      kNoLimit),
              5, 1e-6);
}

TEST(RoundForecast, CountsWhatIsDoneAfterTheLastCall) {
  EXPECT_NEAR(seconds({{{.calls = 2, .each = Seconds(1), .closing = Seconds(0.5)}}}, kNoLimit), 2.5,
              1e-6);
}

// A full bucket lets `concurrency` calls go at once, then one a second.
TEST(RoundForecast, KeepsToTheRate) {
  const RoundLimits limits{.requests_per_minute = 60, .concurrency = 4};
  const auto calls = [](std::size_t n) { return std::vector<RoundStep>{{{.readings = n}}}; };
  EXPECT_NEAR(seconds(calls(4), limits), 0, 1e-6);
  EXPECT_NEAR(seconds(calls(5), limits), 1, 1e-6);
  EXPECT_NEAR(seconds(calls(104), limits), 100, 1e-6);
}

TEST(RoundForecast, FillsTheBucketMeanwhileAndNeverAboveItsBrim) {
  const RoundLimits limits{.requests_per_minute = 60, .concurrency = 4};
  // Ten seconds of waiting for one answer fill it again, and no more than that.
  EXPECT_NEAR(seconds({{{.each = Seconds(10)}}, {{.readings = 5}}}, limits), 11, 1e-6);
  // Two seconds give two.
  EXPECT_NEAR(seconds({{{.readings = 4, .each = Seconds(2)}}, {{.readings = 3}}}, limits), 3, 1e-6);
}

TEST(RoundForecast, IsSlowedDownByTheSlowerOfRateAndAnswers) {
  const RoundStep step{{.readings = 600, .each = Seconds(1)}};
  EXPECT_NEAR(seconds({step}, {.requests_per_minute = 6000, .concurrency = 4}), 150, 1e-6);
  EXPECT_NEAR(seconds({step}, {.requests_per_minute = 60, .concurrency = 4}), 597, 1e-6);
}

TEST(RoundForecast, OfManyRoundsHasNoFullBucketEachTime) {
  const RoundForecast round =
      forecast({{{.readings = 203}}}, {.requests_per_minute = 100, .concurrency = 4});
  EXPECT_NEAR(round.takes.count(), 199 * 0.6, 1e-6);
  EXPECT_NEAR(round.needs.count(), 203 * 0.6, 1e-6);
  const RoundForecast slow = forecast({{{.readings = 203, .each = Seconds(4)}}},
                                      {.requests_per_minute = 100, .concurrency = 4});
  EXPECT_EQ(slow.needs, slow.takes);
}

}  // namespace
}  // namespace pce
