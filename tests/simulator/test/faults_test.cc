#include "tests/simulator/faults.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Struck {
  std::string name;
  json fault;
  int status;
  std::string body;  // a part of it
};
class FaultAnswers : public testing::TestWithParam<Struck> {};
TEST_P(FaultAnswers, AreAsAsked) {
  Bench bench;
  bench.command("faults",
                {{"match", {{"operation", "customer_deployment"}}}, {"fault", GetParam().fault}});
  const Response answer = bench.get(kDeployment);
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_THAT(answer.body, HasSubstr(GetParam().body));
  EXPECT_EQ(bench.get(kUsage).status, 200);
  bench.command("faults", nullptr, "DELETE");
  EXPECT_EQ(bench.get(kDeployment).status, 200);
}
INSTANTIATE_TEST_SUITE_P(
    , FaultAnswers,
    testing::Values(
        Struck{"TextCode",
               {{"status", 403}, {"code", "20002"}},
               403,
               R"({"code":"20002","description":")"},
        Struck{"NumericCode", {{"status", 403}, {"code", 20002}}, 403, R"({"code":20002,)"},
        Struck{"Gateway",
               {{"status", 500}, {"shape", "E2"}, {"description", "x"}},
               500,
               R"({ "statusCode": 500, "message": "x" })"},
        Struck{"NoBody", {{"status", 401}, {"shape", "E3"}}, 401, ""},
        Struck{"Html", {{"status", 502}, {"shape", "html"}}, 502, "<html>"},
        Struck{
            "Throttled",
            {{"status", 429}, {"retry_after", 57}},
            429,
            R"({ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." })"},
        Struck{"NotJson", {{"shape", "not_json"}}, 200, "this is not JSON"},
        Struck{"Array", {{"shape", "array"}}, 200, "[1,2,3]"},
        Struck{"Nested", {{"shape", "nested"}}, 200, "[[[[["},
        Struck{"OwnBody", {{"body", "hello"}, {"status", 418}}, 418, "hello"},
        Struck{"NoContent", {{"status", 204}}, 204, ""},
        Struck{"Entra", {{"aadsts", 50196}}, 400, "AADSTS50196"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Faults, FirstAnswerWinsAndAllRulesThatHitAreUsedUp) {
  Bench bench;
  bench.command("faults", {{"times", 1}, {"fault", {{"status", 429}, {"retry_after", 3}}}});
  bench.command("faults", {{"times", 2}, {"fault", {{"status", 503}}}});
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 429);
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 503);
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 200);
  const auto rules = bench.world.faults.describe();
  EXPECT_EQ(rules[0]["times_left"], 0);
  EXPECT_EQ(rules[1]["hit"], 2);
}

TEST(Faults, RetryAfterIsSecondsOrADate) {
  const std::chrono::sys_seconds now{std::chrono::seconds(1'489'540'758)};
  Fault fault;
  fault.status = 429;
  EXPECT_FALSE(find_field(fault_answer(fault, now).headers, "Retry-After"));
  fault.retry_after = std::chrono::seconds(2);
  EXPECT_EQ(find_field(fault_answer(fault, now).headers, "Retry-After"), "2");
  fault.retry_after_as_date = true;
  EXPECT_EQ(find_field(fault_answer(fault, now).headers, "Retry-After"),
            "Wed, 15 Mar 2017 01:19:20 GMT");
}

TEST(Faults, ShareIsKeptAndTheSameInEveryRun) {
  const auto run = [] {
    Bench bench;
    bench.command("faults", {{"match", {{"path_contains", "deployment"}}},
                             {"share", 0.3},
                             {"fault", {{"status", 500}}}});
    std::string outcome;
    for (int i = 0; i < 400; ++i) outcome += bench.get(kDeployment).status == 500 ? 'x' : '.';
    return outcome;
  };
  const std::string once = run();
  EXPECT_EQ(once, run());
  const auto hits = std::ranges::count(once, 'x');
  EXPECT_GT(hits, 80);
  EXPECT_LT(hits, 160);
}

TEST(Faults, MatchByCustomerTenantQueryAndPage) {
  Bench bench;
  bench.command(
      "faults",
      {{{"match", {{"customer", upper(kSeedCustomerId)}}}, {"fault", {{"status", 500}}}},
       {{"match", {{"operation", "customers"}, {"continued", true}}}, {"fault", {{"status", 404}}}},
       {{"match", {{"query_contains", "groupby"}}}, {"fault", {{"status", 503}}}},
       {{"match", {{"tenant", "22222222-2222-3333-4444-555555555555"}, {"path_contains", "/v1/"}}},
        {"fault", {{"status", 502}}}}});
  EXPECT_EQ(bench.get(kDeployment).status, 500);
  EXPECT_EQ(bench.get(kB1).status, 200);
  EXPECT_EQ(bench.get(kB1 + "?groupby=channel").status, 503);
  const Response first = bench.get("/v1/customers?size=2");
  EXPECT_EQ(first.status, 200);
  const std::string next = json::parse(first.body)["continuationToken"];
  EXPECT_EQ(bench.get("/v1/customers?seekOperation=Next", {{"MS-ContinuationToken", next}}).status,
            404);
  const std::string other = bench.bearer("22222222-2222-3333-4444-555555555555");
  EXPECT_EQ(
      bench.service.handle(Bench::request("/v1/customers", {{"Authorization", other}})).status,
      502);
}

TEST(Faults, VariantsHitSingleCallsAndAddUp) {
  Bench bench;
  bench.command("faults", {{"times", 1},
                           {"match", {{"operation", "customer_usage"}}},
                           {"fault", {{"variant", {{"floats", true}}}}}});
  bench.command("faults",
                {{"times", 1},
                 {"match", {{"operation", "customer_usage"}}},
                 {"fault", {{"variant", {{"bom", true}}}, {"headers", {{"X-Odd", "1"}}}}}});
  const Response first = bench.get(kUsage);
  EXPECT_TRUE(first.body.starts_with("\xEF\xBB\xBF"));
  EXPECT_THAT(first.body, HasSubstr("\"licensesQualified\":5.0"));
  EXPECT_EQ(find_field(first.headers, "X-Odd"), "1");
  EXPECT_THAT(bench.get(kUsage).body, testing::Not(HasSubstr("5.0")));
}

TEST(Faults, DeliveryFaultsAreMarkedOnTheAnswer) {
  Bench bench;
  bench.command(
      "faults",
      {{{"times", 1},
        {"match", {{"operation", "customer_usage"}}},
        {"fault", {{"truncate", true}}}},
       {{"times", 1}, {"match", {{"operation", "customers"}}}, {"fault", {{"close", true}}}},
       {{"times", 1}, {"match", {{"operation", "customer"}}}, {"fault", {{"shape", "big"}}}}});
  const Response cut = bench.get(kUsage);
  EXPECT_EQ(cut.cut_after, cut.body.size() / 2);
  EXPECT_TRUE(bench.get("/v1/customers").close);
  EXPECT_EQ(bench.get("/v1/customers/" + std::string(kSeedCustomerId)).padded_to, 50'000'000U);
}

TEST(Faults, HoldEndsWithTheRules) {
  Bench bench;
  const std::string bearer = bench.bearer();
  bench.command("faults", {{"fault", {{"hold", true}}}});
  int status = 0;
  std::jthread caller([&] {
    status =
        bench.service.handle(Bench::request("/v1/customers", {{"Authorization", bearer}})).status;
  });
  while (bench.world.faults.describe()[0]["hit"] == 0) std::this_thread::yield();
  EXPECT_EQ(bench.counters()["parallel"], 1);
  bench.command("reset", nullptr);
  caller.join();
  EXPECT_EQ(status, 200);
}

TEST(Faults, WaitingEndsWhenTheSimulatorStops) {
  Bench bench;
  const std::string bearer = bench.bearer();
  bench.command("faults", {{"fault", {{"delay", "1h"}}}});
  bool closed = false;
  std::jthread caller([&] {
    closed =
        bench.service.handle(Bench::request("/v1/customers", {{"Authorization", bearer}})).close;
  });
  while (bench.world.faults.describe()[0]["hit"] == 0) std::this_thread::yield();
  bench.world.waiting.stop();
  caller.join();
  EXPECT_TRUE(closed);
}

struct BadRule {
  std::string name;
  json rule;
  std::string complaint;
};
class FaultsRefuse : public testing::TestWithParam<BadRule> {};
TEST_P(FaultsRefuse, MisspeltRules) {
  Bench bench;
  EXPECT_THAT(bench.complaint("faults", GetParam().rule), HasSubstr(GetParam().complaint));
  EXPECT_EQ(bench.world.faults.describe().size(), 0U);
}
INSTANTIATE_TEST_SUITE_P(
    , FaultsRefuse,
    testing::Values(BadRule{"NoFault", json::object(), "fault: missing"},
                    BadRule{"EmptyFault", {{"fault", json::object()}}, "empty"},
                    BadRule{"Member", {{"fualt", 1}}, "fualt"},
                    BadRule{"FaultMember", {{"fault", {{"stauts", 500}}}}, "fault.stauts"},
                    BadRule{"Status", {{"fault", {{"status", 99}}}}, "200 to 599"},
                    BadRule{"Shape", {{"fault", {{"shape", "E9"}}}}, "E1 E2 E3"},
                    BadRule{"Share", {{"share", 2}, {"fault", {{"close", true}}}}, "share"},
                    BadRule{"Times", {{"times", -1}, {"fault", {{"close", true}}}}, "times"},
                    BadRule{"Match",
                            {{"match", {{"colour", "red"}}}, {"fault", {{"close", true}}}},
                            "match.colour"},
                    BadRule{"Delay", {{"fault", {{"delay", 5}}}}, "duration"},
                    BadRule{"Second", json::array({{{"fault", {{"close", true}}}}, {{"x", 1}}}),
                            "[1]"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace simulator
