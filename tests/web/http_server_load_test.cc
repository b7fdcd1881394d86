// Many clients, bad clients, and stopping while they are there.
#include <atomic>
#include <future>
#include <thread>

#include "exporter/web/http_server.h"
#include "exporter/web/routes.h"
#include "tests/support/body.h"
#include "tests/support/raw_client.h"
#include "tests/web/plain_site.h"
#include "tests/web/served.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

TEST(HttpServerUnderLoad, SixtyFourClientsAtOnceGetTheWholeBody) {
  std::string body(500'000, 'x');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  HttpServerLimits limits;
  limits.connections_per_client = 100;
  const auto server = served([&body](const WebRequest&) { return text(body); }, limits);
  std::vector<std::future<int>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::async(std::launch::async, [&] {
      RawClient client = client_of(*server);
      int whole = 0;
      for (int round = 0; round < 2; ++round) {
        const auto answer = client.get("/");
        whole += answer && answer->body == body ? 1 : 0;
      }
      return whole;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), 2);
}

TEST(HttpServerUnderLoad, OneClientCannotTakeAllConnections) {
  HttpServerLimits limits;
  limits.connections_per_client = 3;
  const auto server = served([](const WebRequest&) { return text("x"); }, limits);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(client_of(*server));
    ASSERT_TRUE(clients.back().get("/"));
  }
  RawClient one_too_many = client_of(*server);
  EXPECT_FALSE(one_too_many.get("/"));
  EXPECT_TRUE(clients.front().get("/"));
}

TEST(HttpServerUnderLoad, IdleConnectionsAreClosedInTheEnd) {
  HttpServerLimits limits;
  limits.idle = 1s;
  const auto server = served([](const WebRequest&) { return text("x"); }, limits);
  RawClient client = client_of(*server);
  ASSERT_TRUE(client.get("/"));
  EXPECT_TRUE(client.read_end());
}

TEST(HttpServerUnderLoad, KeepsThePlaceUntilTheAnswerHasLeftOrItsClientHas) {
  for (const bool client_reads : {true, false}) {
    std::promise<void> left;
    std::promise<void> begun;
    const auto server = served([&](const WebRequest&) {
      WebResponse response = text(std::string(20'000'000, 'x'));
      response.place = {&left, [&left](const void*) { left.set_value(); }};
      begun.set_value();
      return response;
    });
    std::future<void> has_left = left.get_future();
    {
      RawClient client = client_of(*server);
      ASSERT_TRUE(client.send(request_text("GET", "/")));
      begun.get_future().wait();
      EXPECT_EQ(has_left.wait_for(0s), std::future_status::timeout);
      if (client_reads) {
        ASSERT_TRUE(client.read_answer());
        EXPECT_EQ(has_left.wait_for(10s), std::future_status::ready);
      }
    }
    EXPECT_EQ(has_left.wait_for(10s), std::future_status::ready);
  }
}

TEST(HttpServerUnderLoad, ClientsThatDoNotReadUseUpTheScrapesButNotTheSite) {
  SiteParts parts = plain_site(std::string(20'000'000, 'x'));
  parts.scrapes_at_once = 2;
  const Routes routes(std::move(parts));
  const auto server =
      served([&routes](const WebRequest& request) { return routes.answer(request); });
  std::vector<RawClient> lazy;
  for (int i = 0; i < 2; ++i) {
    lazy.push_back(client_of(*server));
    ASSERT_TRUE(lazy.back().send(request_text("GET", "/metrics")));
    ASSERT_TRUE(lazy.back().read_answer(Expect::kNoBody));  // the head; the body stays where it is
  }
  RawClient client = client_of(*server);
  const auto busy = client.get("/metrics");
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->status, 503);
  EXPECT_EQ(busy->header("Retry-After"), "1");
  EXPECT_EQ(client.get("/-/healthy")->status, 200);

  lazy.clear();
  std::optional<RawAnswer> later = client.get("/metrics");
  while (later && later->status == 503) later = client.get("/metrics");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->body.size(), 20'000'000U);
}

TEST(HttpServerUnderLoad, SurvivesClientsThatVanishInTheMiddle) {
  const std::string body(2'000'000, 'x');
  HttpServerLimits limits;
  limits.connections_per_client = 1000;
  const auto server = served([&body](const WebRequest&) { return text(body); }, limits);
  for (int i = 0; i < 60; ++i) {
    RawClient client = client_of(*server);
    ASSERT_TRUE(client.send(request_text("GET", "/")));
    if (i % 2 == 0) {
      RawClient half = client_of(*server);
      half.send("GET / HTTP/1.1\r\nHo");
    }
  }
  const auto answer = client_of(*server).get("/");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, body);
}

TEST(HttpServerUnderLoad, StopsSoonWithIdleAndSlowClientsConnected) {
  std::promise<void> begun;
  auto server = served([&begun](const WebRequest& request) {
    if (request.path != "/big") return text("x");
    WebResponse big = text(std::string(50'000'000, 'x'));
    begun.set_value();
    return big;
  });
  RawClient silent = client_of(*server);
  RawClient idle = client_of(*server);
  ASSERT_TRUE(idle.get("/"));
  RawClient dripping = client_of(*server);
  ASSERT_TRUE(dripping.send("GET / HTTP/1.1\r\nHost: x\r\n"));
  RawClient not_reading = client_of(*server);
  ASSERT_TRUE(not_reading.send(request_text("GET", "/big")));
  begun.get_future().wait();

  const std::uint16_t port = server->bound_addresses().front().port;
  const auto start = std::chrono::steady_clock::now();
  server.reset();
  // None of the deadlines, the shortest of which is 10 s, was waited for.
  EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
  EXPECT_TRUE(idle.read_end());
  EXPECT_FALSE(not_reading.read_answer());
  EXPECT_FALSE(RawClient(kLoopback, port).connected());
}

TEST(HttpServerUnderLoad, AnIdleServerStopsWithoutWaitingOutTheFarewell) {
  HttpServerLimits limits;
  limits.farewell = 1h;
  auto server = served([](const WebRequest&) { return text("x"); }, limits);
  RawClient idle = client_of(*server);
  ASSERT_TRUE(idle.get("/"));
  server.reset();
  EXPECT_TRUE(idle.read_end());
}

TEST(HttpServerUnderLoad, AnAnswerUnderWayMayEndWhileNewClientsAreTurnedAway) {
  std::promise<void> begun;
  std::promise<void> go_on;
  HttpServerLimits limits;
  limits.farewell = 1min;
  limits.connections_per_client = 100'000;  // only the stop may turn a client away here
  auto server = served(
      [&](const WebRequest& request) {
        if (request.path == "/long") {
          begun.set_value();
          go_on.get_future().wait();
        }
        return text(std::string(5'000'000, 'x'));
      },
      limits);
  const std::uint16_t port = server->bound_addresses().front().port;
  RawClient client = client_of(*server);
  ASSERT_TRUE(client.send(request_text("GET", "/long")));
  begun.get_future().wait();
  const auto stopped = std::async(std::launch::async, [&server] { server.reset(); });
  while (RawClient(kLoopback, port).get("/")) {
  }
  go_on.set_value();
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.size(), 5'000'000U);
  stopped.wait();
}

TEST(HttpServerUnderLoad, StartsAndStopsUnderFireWithoutHarm) {
  for (int round = 0; round < 10; ++round) {
    HttpServerLimits limits;
    limits.farewell = 0ms;
    limits.connections = 8;
    auto server = served([](const WebRequest&) { return text("x"); }, limits);
    const std::uint16_t port = server->bound_addresses().front().port;
    std::atomic<int> answered = 0;
    std::promise<void> warm;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          if (RawClient(kLoopback, port).get("/") && ++answered == 50) warm.set_value();
        }
      });
    }
    warm.get_future().wait();
    server.reset();
  }
}

}  // namespace
}  // namespace pce
