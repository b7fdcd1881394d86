#include "tests/simulator/http_server.h"

#include <atomic>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"
#include "tests/simulator/test/raw_client.h"

namespace simulator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Served : testing::Test {
  Bench bench;
  std::string problem;
  std::unique_ptr<HttpServer> server = HttpServer::start(
      "127.0.0.1:0",
      [this](const Request& request) {
        return request.path.starts_with("/_sim") ? control(request, bench.world)
                                                 : bench.service.handle(request);
      },
      bench.world.waiting, problem);
  std::string authorization = "Authorization: " + bench.bearer() + "\r\n";

  std::string get(std::string_view target) {
    return ask(server->url(), "GET", target, authorization);
  }
  static std::size_t body_size(const std::string& answer) {
    return answer.size() - (answer.find("\r\n\r\n") + 4);
  }
};

TEST_F(Served, CallsAndCommands) {
  ASSERT_TRUE(server) << problem;
  const std::string token =
      ask(server->url(), "POST", "/" + std::string(kTenant) + "/oauth2/v2.0/token", "",
          Bench::refresh_form());
  EXPECT_THAT(token, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get(kDeployment), HasSubstr("\"licensesSold\":5"));
  EXPECT_THAT(get(kB1 + "?filter=serviceCode%20eq%20%27none%27"), HasSubstr("\"TotalCount\":0"));
  EXPECT_THAT(ask(server->url(), "POST", "/_sim/settings", "", "{\"latency\":\"1ms\"}"),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(server->url(), "POST", "/_sim/faults", "", "{oops"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(get("/_sim/nothing"), StartsWith("HTTP/1.1 404"));
}

TEST_F(Served, AnswersCarryTheTimeAndTheirLength) {
  const std::string answer = get(kDeployment);
  const auto at = answer.find("\r\nDate: ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(answer.substr(at + 8, 29).substr(25), " GMT");
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: " + std::to_string(body_size(answer))));
  EXPECT_THAT(answer, HasSubstr("\r\nMS-ServerId: "));
}

TEST_F(Served, TruncatedBodyIsShorterThanAnnounced) {
  bench.command("faults", {{"fault", {{"truncate", true}}}});
  const std::string answer = get(kDeployment);
  const std::string whole = std::to_string(bench.get(kDeployment).body.size());
  EXPECT_THAT(answer, HasSubstr("Content-Length: " + whole + "\r\n"));
  EXPECT_EQ(body_size(answer), static_cast<std::size_t>(std::stoul(whole)) / 2);
}

TEST_F(Served, ClosedConnectionHasNoAnswer) {
  bench.command("faults", {{"fault", {{"close", true}}}});
  EXPECT_EQ(get(kDeployment), "");
}

TEST_F(Served, BigBodyIsAsBigAsItSays) {
  bench.command("faults", {{"fault", {{"shape", "big"}, {"bytes", 5'000'000}}}});
  EXPECT_EQ(body_size(get(kDeployment)), 5'000'000U);
}

TEST_F(Served, EndlessBodyGoesOnUntilTheClientLeaves) {
  bench.command("faults", {{"fault", {{"endless", true}}}});
  const RawClient client(server->url());
  client.send("GET " + kDeployment + " HTTP/1.1\r\nHost: x\r\n" + authorization + "\r\n");
  EXPECT_GE(client.read_all(3'000'000).size(), 3'000'000U);
}

TEST_F(Served, LargePagesArriveWhole) {
  bench.command("estate", {{"reprocess_days", 1}});
  const std::string answer = get(kB2);
  EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), bench.get(kB2).body);
}

TEST_F(Served, SlowAnswersDoNotHoldUpOthers) {
  bench.command("faults", {{"match", {{"operation", "customers"}}}, {"fault", {{"hold", true}}}});
  std::vector<std::jthread> held;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 40; ++i) {
    held.emplace_back([&] {
      if (get("/v1/customers").starts_with("HTTP/1.1 200")) ++answered;
    });
  }
  while (bench.counters()["parallel"] != 40) std::this_thread::yield();
  EXPECT_THAT(get(kDeployment), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(bench.counters()["max_parallel"], 41);
  bench.command("faults", nullptr, "DELETE");
  held.clear();
  EXPECT_EQ(answered, 40);
}

TEST_F(Served, StopsWhileCallsAreHeldAndBodiesNeverEnd) {
  bench.command("faults", {{{"match", {{"operation", "customers"}}}, {"fault", {{"hold", true}}}},
                           {{"match", {{"operation", "customer_usage"}}},
                            {"fault", {{"between_bytes", "1h"}}}}});
  std::jthread held([&] { get("/v1/customers"); });
  std::jthread dripping([&] { get(kUsage); });
  while (bench.counters()["by_operation"].value("customer_usage", 0) != 1 ||
         bench.counters()["parallel"] != 1) {
    std::this_thread::yield();
  }
  server.reset();
}

TEST(HttpServer, RefusesOtherThanLoopbackAndTakenPorts) {
  Waiting waiting;
  const Handler none = [](const Request&) { return json_answer(200, "{}"); };
  for (const char* address : {"0.0.0.0:0", "192.0.2.1:80", "127.0.0.1", "127.0.0.1:x",
                              "127.0.0.1:70000", "example.com:1"}) {
    std::string problem;
    EXPECT_FALSE(HttpServer::start(address, none, waiting, problem)) << address;
    EXPECT_THAT(problem, HasSubstr(address));
  }
  std::string problem;
  const auto first = HttpServer::start("localhost:0", none, waiting, problem);
  ASSERT_TRUE(first) << problem;
  const std::string taken = "127.0.0.1:" + first->url().substr(first->url().rfind(':') + 1);
  Waiting other;
  EXPECT_FALSE(HttpServer::start(taken, none, other, problem));
  EXPECT_THAT(problem, HasSubstr("cannot listen on " + taken));
}

}  // namespace
}  // namespace simulator
