#include "tests/simulator/throttle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using namespace std::chrono_literals;

TEST(Throttle, BucketEmptiesAndFillsWithTheSimulatedClock) {
  Clock clock;
  Throttle throttle(clock);
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(throttle.refuse("a", 60)) << i;
  const auto wait = throttle.refuse("a", 60);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, 6s);
  EXPECT_FALSE(throttle.refuse("b", 60));
  EXPECT_FALSE(throttle.refuse("a", std::nullopt));
  // The refusal holds for as long as it said, even when there would be calls again.
  clock.advance(1h);
  EXPECT_TRUE(throttle.refuse("a", 60));
  throttle.reset();
  EXPECT_FALSE(throttle.refuse("a", 60));
}

TEST(Throttle, WindowsForgiveCallsOnTheirWay) {
  Clock clock;
  Throttle throttle(clock);
  const auto sent = Throttle::Real::now();
  EXPECT_FALSE(throttle.inside_window("a", sent));
  throttle.told_to_wait("a", sent, 5s);
  EXPECT_FALSE(throttle.inside_window("a", sent + 50ms));
  EXPECT_TRUE(throttle.inside_window("a", sent + 200ms));
  EXPECT_TRUE(throttle.inside_window("a", sent + 4999ms));
  EXPECT_FALSE(throttle.inside_window("a", sent + 5s));
  EXPECT_FALSE(throttle.inside_window("b", sent + 1s));
  // A second answer of the same burst prolongs the window and forgives nothing.
  throttle.told_to_wait("a", sent + 1s, 5s);
  EXPECT_TRUE(throttle.inside_window("a", sent + 1050ms));
  EXPECT_TRUE(throttle.inside_window("a", sent + 5500ms));
}

TEST(Throttle, ServiceRefusesInTheGatewaysWords) {
  Bench bench({}, {.requests_per_minute = 3, .variant = nlohmann::json::object()});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.get("/v1/customers").status, 200);
  const Response refused = bench.get("/v1/customers");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(find_field(refused.headers, "Retry-After"), "6");
  EXPECT_EQ(
      refused.body,
      R"({ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 6 seconds." })");
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 200);
}

TEST(Throttle, InjectedRefusalsOpenWindowsInEitherSpelling) {
  for (const bool as_date : {false, true}) {
    Bench bench;
    bench.get("/v1/customers");
    bench.command(
        "faults",
        {{"times", 1},
         {"match", {{"operation", "customers"}}},
         {"fault", {{"status", 429}, {"retry_after", 100}, {"retry_after_as_date", as_date}}}});
    EXPECT_EQ(bench.get("/v1/customers").status, 429);
    const auto now = Throttle::Real::now();
    EXPECT_TRUE(bench.world.throttle.inside_window(std::string(kTenant), now + 90s));
    EXPECT_FALSE(bench.world.throttle.inside_window(std::string(kTenant), now + 101s));
  }
}

// A client is told real seconds, so windows are real too, however fast the simulated clock runs.
TEST(Throttle, WindowsLastAsLongAsTheClientWasToldAtAnySpeed) {
  Bench bench({}, {.requests_per_minute = 3, .variant = nlohmann::json::object()}, {}, "", 60);
  const std::string tenant(kTenant);
  int refused = 0;
  // At this speed three calls come back every second, so a slow machine needs a few more to run
  // dry.
  for (int i = 0; i < 1000 && refused == 0; ++i)
    refused += bench.get("/v1/customers").status == 429;
  ASSERT_EQ(refused, 1);
  const auto now = Throttle::Real::now();
  EXPECT_TRUE(bench.world.throttle.inside_window(tenant, now + 200ms));
  EXPECT_FALSE(bench.world.throttle.inside_window(tenant, now + 1001ms));
  bench.command("clock", {{"advance", "10h"}, {"speed", 1000}});
  EXPECT_TRUE(bench.world.throttle.inside_window(tenant, now + 200ms));
  EXPECT_FALSE(bench.world.throttle.inside_window(tenant, now + 1001ms));
}

TEST(Throttle, FaultsAskForRealSecondsAtAnySpeed) {
  Bench bench({}, {}, {}, "", 60);
  bench.command("faults", {{"match", {{"operation", "customers"}}},
                           {"fault", {{"status", 429}, {"retry_after", 30}}}});
  const Response refused = bench.get("/v1/customers");
  EXPECT_EQ(find_field(refused.headers, "Retry-After"), "30");
  const auto now = Throttle::Real::now();
  EXPECT_TRUE(bench.world.throttle.inside_window(std::string(kTenant), now + 29s));
  EXPECT_FALSE(bench.world.throttle.inside_window(std::string(kTenant), now + 30001ms));
}

TEST(Throttle, RetryAfterAmongTheHeadersCounts) {
  Bench bench;
  bench.command("faults", {{"match", {{"operation", "customers"}}},
                           {"fault", {{"status", 503}, {"headers", {{"Retry-After", "40"}}}}}});
  EXPECT_EQ(find_field(bench.get("/v1/customers").headers, "Retry-After"), "40");
  const auto now = Throttle::Real::now();
  EXPECT_TRUE(bench.world.throttle.inside_window(std::string(kTenant), now + 39s));
}

TEST(Throttle, WhoGotNoWholeAnswerWasToldNothing) {
  for (const char* broken : {"close", "truncate"}) {
    Bench bench;
    bench.command("faults", {{"match", {{"operation", "customers"}}},
                             {"fault", {{"status", 429}, {"retry_after", 40}, {broken, true}}}});
    bench.get("/v1/customers");
    EXPECT_FALSE(
        bench.world.throttle.inside_window(std::string(kTenant), Throttle::Real::now() + 20s))
        << broken;
  }
}

TEST(Throttle, ViolationsAreCountedPerTenant) {
  Bench bench;
  const std::string other = bench.bearer("22222222-2222-3333-4444-555555555555");
  bench.get("/v1/customers");
  bench.world.throttle.told_to_wait(std::string(kTenant), Throttle::Real::now() - 1s, 60s);
  bench.service.handle(Bench::request("/v1/customers", {{"Authorization", other}}));
  EXPECT_EQ(bench.counters()["inside_retry_after"], 0);
  bench.get("/v1/customers");
  EXPECT_EQ(bench.counters()["inside_retry_after"], 1);
}

}  // namespace
}  // namespace simulator
