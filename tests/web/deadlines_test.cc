// Clients that take their time: cut at a deadline that no byte prolongs, while the others are let
// be.
#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <thread>

#include "exporter/web/http_server.h"
#include "tests/support/program.h"
#include "tests/support/raw_client.h"
#include "tests/support/slow_clients.h"
#include "tests/web/served.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

class Deadline : public testing::Test {
 protected:
  // A server with short deadlines where a test has set them, counting what it cuts.
  const HttpServer& start(HttpServer::Handler handler) {
    HttpServerEvents events;
    events.cut = [this](CutReason reason) { ++cut_[static_cast<std::size_t>(reason)]; };
    server_ = served(std::move(handler), limits_, events);
    return *server_;
  }
  // Before the handler's surroundings go.
  void stop() { server_.reset(); }
  std::uint16_t port() const { return server_->bound_addresses().front().port; }
  int cut(CutReason reason) const { return cut_[static_cast<std::size_t>(reason)]; }
  SlowPlan one(std::string first) const {
    return {.port = port(), .count = 1, .first = std::move(first)};
  }

  HttpServerLimits limits_;

 private:
  std::array<std::atomic<int>, 3> cut_{};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(Deadline, ForARequestIsNotPutOffByWhatComesOfIt) {
  limits_.request = 200ms;
  start([](const WebRequest&) { return text("x"); });
  for (const std::string begun : {"", "GET /", "GET / HTTP/1.1\r\nHost: x\r\nX-A: "}) {
    SlowPlan plan = one(begun);
    plan.drop = "a";
    plan.pause = 5ms;
    const auto begin = std::chrono::steady_clock::now();
    SlowClients client(plan);
    EXPECT_EQ(client.wait_for_cuts(1), 1) << begun;
    EXPECT_GE(std::chrono::steady_clock::now() - begin, limits_.request) << begun;
  }
  EXPECT_EQ(cut(CutReason::kRequest), 3);
}

TEST_F(Deadline, ForALaterRequestRunsFromItsFirstByte) {
  limits_.request = 200ms;
  start([](const WebRequest&) { return text("x"); });
  for (const std::string drop : {"G", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b"}) {
    SlowPlan plan = one(request_text("GET", "/"));
    plan.drop = drop;
    plan.pause = 5ms;
    SlowClients client(plan);
    EXPECT_EQ(client.wait_for_cuts(1), 1) << drop;
  }
  EXPECT_EQ(cut(CutReason::kRequest), 2);
}

TEST_F(Deadline, DoesNotTouchAnIdleConnection) {
  limits_.request = 500ms;
  const HttpServer& server = start([](const WebRequest&) { return text("x"); });
  RawClient idle = client_of(server);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(idle.get("/"));
    SlowClients silent(one(""));  // came later, so its deadline is over later
    ASSERT_EQ(silent.wait_for_cuts(1), 1);
  }
  EXPECT_TRUE(idle.get("/"));
}

TEST_F(Deadline, DoesNotRunWhileTheHandlerWorks) {
  limits_.request = 500ms;
  std::promise<void> later;
  const HttpServer& server = start([&later](const WebRequest&) {
    later.get_future().wait();
    return text("x");
  });
  RawClient client = client_of(server);
  ASSERT_TRUE(client.send(request_text("GET", "/")));
  SlowClients silent(one(""));
  ASSERT_EQ(silent.wait_for_cuts(1), 1);
  later.set_value();
  EXPECT_TRUE(client.read_answer());
}

TEST_F(Deadline, ForTakingAnAnswerIsNotPutOffByTakingALittle) {
  limits_.request = 100ms;  // what the keeper's steps are made of
  limits_.answer = 300ms;
  limits_.answer_bytes_per_second = 1'000'000'000;
  std::atomic<int> let_go = 0;
  start([&let_go](const WebRequest&) {
    WebResponse response = text(std::string(20'000'000, 'x'));
    response.place = {&let_go, [&let_go](const void*) { ++let_go; }};
    return response;
  });
  for (const std::size_t sip : {0U, 100U}) {
    SlowPlan plan = one(request_text("GET", "/"));
    plan.sip = sip;
    plan.pause = 5ms;
    SlowClients client(plan);
    EXPECT_EQ(client.wait_for_cuts(1), 1) << sip;
  }
  EXPECT_EQ(cut(CutReason::kAnswer), 2);
  EXPECT_TRUE(eventually([&] { return let_go == 2; }));
  stop();
}

TEST_F(Deadline, FindsLittleOfAnAnswerThatNobodyTookInTheKernel) {
  limits_.request = 100ms;
  limits_.answer = 300ms;
  limits_.answer_bytes_per_second = 1'000'000'000;
  const std::string piece(10'000, 'x');
  std::atomic<std::size_t> made = 0;
  start([&](const WebRequest&) {
    WebResponse response{.content_type = "text/plain"};
    response.long_body.size = 50'000'000;
    response.long_body.next = [&]() -> std::string_view {
      made += piece.size();
      return piece;
    };
    return response;
  });
  SlowClients client(one(request_text("GET", "/")));
  ASSERT_EQ(client.wait_for_cuts(1), 1);
  stop();
  EXPECT_GT(made, 0U);
  EXPECT_LE(made, 1'000'000U);
}

TEST_F(Deadline, ForTakingAnAnswerIsLaterForALargeOne) {
  limits_.request = 200ms;
  limits_.answer = 1ms;
  limits_.answer_bytes_per_second = 200'000;
  const std::string body(20'000'000, 'x');
  const HttpServer& server = start([&body](const WebRequest&) { return text(body); });
  RawClient client = client_of(server);
  ASSERT_TRUE(client.send(request_text("GET", "/")));
  SlowClients silent(one(""));
  ASSERT_EQ(silent.wait_for_cuts(1), 1);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.size(), body.size());
}

TEST_F(Deadline, IsShortForWhoeverWaitsLongestWhereThereAreTooMany) {
  limits_.connections = 8;
  const HttpServer& server = start([](const WebRequest&) { return text("x"); });
  SlowPlan plan = one("GET /");
  plan.count = 6;
  SlowClients silent(plan);
  std::vector<RawClient> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(client_of(server));
    ASSERT_TRUE(clients.back().get("/")) << i;
  }
  EXPECT_EQ(silent.wait_for_cuts(6), 6);
  // Now there are none but idle ones.
  RawClient one_more = client_of(server);
  EXPECT_TRUE(one_more.get("/"));
  EXPECT_EQ(std::ranges::count_if(clients, [](RawClient& c) { return c.get("/").has_value(); }), 5);
  EXPECT_EQ(cut(CutReason::kCrowded), 7);
}

TEST(Deadlines, AreTenSecondsAMinuteAndForIdleOnesLongerThanPrometheusKeepsThem) {
  const HttpServerLimits limits;
  EXPECT_EQ(limits.request, 10s);
  EXPECT_EQ(limits.answer, 60s);
  EXPECT_GT(limits.idle, 5min);
}

}  // namespace
}  // namespace pce
