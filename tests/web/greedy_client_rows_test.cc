// Rows L07 to L12: clients that ask for too much at once.
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <semaphore>
#include <set>

#include "exporter/exposition/negotiation.h"
#include "exporter/web/routes.h"
#include "tests/support/raw_client.h"
#include "tests/web/load_row.h"
#include "tests/web/plain_site.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

class L07 : public LoadRow {};
class L08 : public LoadRow {};
class L09 : public LoadRow {};
class L12 : public LoadRow {};

// Of the processor: what this thread does not get of it is not the code's fault.
template <typename Action>
std::chrono::microseconds own_time(const Action& action) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto begun = now();
  action();
  return std::chrono::duration_cast<std::chrono::microseconds>(now() - begun);
}

template <typename Action>
std::chrono::microseconds shortest_of_five(const Action& action) {
  auto best = std::chrono::microseconds::max();
  for (int i = 0; i < 5; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    action();
    best = std::min(best, std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::steady_clock::now() - begun));
  }
  return best;
}

std::string times(int count, std::string_view text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST_F(L07, SixtyFourScrapesAtOnceOfALargeBodyAreAllWhole) {
  start({});
  std::vector<std::future<bool>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::async(std::launch::async, [port = port()] {
      const auto answer = RawClient(kLoopback, port).get("/big");
      return answer && answer->body.size() == 8'000'000;
    }));
  }
  for (auto& client : clients) EXPECT_TRUE(client.get());
}

TEST(L07Site, BeyondTheLimitScrapesGet503AndNothingElseDoes) {
  std::counting_semaphore<> counted(0);
  const Body body = body_of(std::string(8'000'000, 'x'));
  SiteParts parts = plain_site(body);
  parts.count = [&counted](std::string_view, int) { counted.release(); };
  const Routes routes(std::move(parts));
  const auto server =
      served([&routes](const WebRequest& request) { return routes.answer(request); });
  const std::uint16_t port = server->bound_addresses().front().port;
  SlowClients lazy({.port = port, .count = 50, .first = request_text("GET", "/metrics")});
  for (int i = 0; i < 50; ++i) counted.acquire();
  // Forty places are for one address; who finds them taken is told so, and leaves more to others.
  RawClient neighbour(kLoopback, port, "127.0.0.2");
  const auto refused = neighbour.get("/metrics");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("Retry-After"), "1");
  EXPECT_EQ(neighbour.get("/-/healthy")->status, 200);
  EXPECT_EQ(scrape_one_by_one(port, "/metrics", 20).failed, 0);
}

TEST_F(L08, TenThousandPipelinedRequestsAreAnsweredInOrderWithoutBeingStored) {
  const auto server = served([](const WebRequest& request) { return text(request.path); });
  RawClient client = client_of(*server);
  ASSERT_TRUE(client.get("/"));
  std::string all;
  for (int i = 0; i < 10'000; ++i) all += request_text("GET", "/" + std::to_string(i));
  const std::size_t memory = resident_bytes();
  const auto sent = std::async(std::launch::async, [&] { return client.send(all); });
  for (int i = 0; i < 10'000; ++i) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << i;
    ASSERT_EQ(answer->body, "/" + std::to_string(i));
  }
  if (kMeasures) {
    EXPECT_LE(resident_bytes(), memory + (1UL << 20));
  }
}

TEST_F(L09, WhatIsTooLargeIsRefusedAtOnce) {
  start({});
  struct Large {
    std::string name, sent;
    std::set<int> statuses;
  };
  const std::vector<Large> table{
      {"path of 1 MiB", request_text("GET", "/" + std::string(1 << 20, 'a')), {414}},
      {"header of 64 KiB",
       request_text("GET", "/", "X-A: " + std::string(65'536, 'a') + "\r\n"),
       {431}},
      {"10,000 headers", request_text("GET", "/", times(10'000, "X-A: b\r\n")), {431}},
      {"body of 1 MiB",
       request_text("GET", "/", "Content-Length: 1048576\r\n") + std::string(1 << 20, 'a'),
       {400, 413}}};
  const std::size_t descriptors = open_descriptors();
  const std::size_t memory = resident_bytes();
  for (const auto& [name, sent, statuses] : table) {
    const auto took = shortest_of_five([&, &sent = sent, &statuses = statuses] {
      RawClient client(kLoopback, port());
      client.send(sent);  // may fail in the middle
      // What was not read of it makes the kernel reset the connection, answer and all.
      if (const auto answer = client.read_answer()) {
        EXPECT_TRUE(statuses.contains(answer->status)) << answer->head;
      }
    });
    if (kMeasures) {
      EXPECT_LE(took.count(), 10'000) << name;
    }
  }
  expect_descriptors(descriptors);
  if (kMeasures) {
    EXPECT_LE(resident_bytes(), memory + (1UL << 20));
  }
  expect_healthy();
}

TEST(L10, NoRequestMakesALabel) {
  std::mutex mutex;
  std::map<std::string, std::set<int>> counted;
  SiteParts parts = plain_site();
  parts.count = [&](std::string_view handler, int code) {
    const std::scoped_lock lock(mutex);
    counted[std::string(handler)].insert(code);
  };
  const Routes routes(std::move(parts));
  const auto server =
      served([&routes](const WebRequest& request) { return routes.answer(request); });
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto word = [&random](std::string_view letters) {
    std::string made;
    for (auto left = 1 + random() % 12; left > 0; --left)
      made += letters[random() % letters.size()];
    return made;
  };
  std::optional<RawClient> client(client_of(*server));
  for (int i = 0; i < 3'000; ++i) {
    const std::string method = random() % 2 == 0 ? "GET" : word("ABCDEGHIOPRSTU-_");
    const std::string request = method + " /" + word("abc/-.%0123?=&;\\~") +
                                " HTTP/1.1\r\nHost: " + word("abc.:0123456789") + "\r\n" +
                                word("XYZ-") + ": " + word("abc =;,\"") + "\r\n\r\n";
    if (!client->send(request) ||
        !client->read_answer(method == "HEAD" ? Expect::kNoBody : Expect::kBody)) {
      client.emplace(client_of(*server));
    }
  }
  const std::set<std::string> handlers{"/metrics",        "/",    "/-/healthy", "/-/ready",
                                       "/api/v1/explain", "other"};
  for (const auto& [handler, codes] : counted) {
    EXPECT_TRUE(handlers.contains(handler)) << handler;
    for (const int code : codes) EXPECT_TRUE((std::set{200, 400, 404, 405, 503}).contains(code));
  }
  EXPECT_FALSE(counted.empty());
}

TEST(L11, AcceptHeadersOfAnyLengthAreReadInTimeThatGrowsAsTheyDo) {
  for (const char* clause :
       {"a/b;q=0.1,", "*/*;q=0.001,", "text/plain;q=1,", ",", ";", "\"", "gzip;q=0,", "*,"}) {
    const std::string little = times(1'000, clause);
    const std::string much = times(10'000, clause);
    const auto read = [](const std::string& header) {
      return own_time([&header] {
        (void)negotiated(header);
        (void)prefers_gzip(header);
      });
    };
    const auto short_time = read(little);
    const auto long_time = read(much);
    if (kMeasures) {
      EXPECT_LE(long_time.count(), 30 * short_time.count() + 500) << clause;
    }
  }
  EXPECT_TRUE(prefers_gzip(times(10'000, "br;q=0.5,") + "gzip"));
  EXPECT_FALSE(prefers_gzip(times(10'000, "gzip;q=0,")));
}

TEST_F(L12, AHundredThousandParametersAreRefusedBeforeAnybodyReadsThem) {
  start({});
  const std::string sent = request_text("GET", "/metrics?" + times(100'000, "name[]=x&"));
  const auto took = shortest_of_five([&] {
    RawClient client(kLoopback, port());
    client.send(sent);
    if (const auto answer = client.read_answer()) {
      EXPECT_EQ(answer->status, 414);
    }
  });
  if (kMeasures) {
    EXPECT_LE(took.count(), 5'000);
  }
  expect_healthy();
}

}  // namespace
}  // namespace pce
