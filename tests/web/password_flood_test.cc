// Wrong passwords, a different one each time, from another address than the scraper's, beside
// clients that are slow and clients that never read.
#include <atomic>
#include <thread>

#include "exporter/web/doorkeeper.h"
#include "tests/support/program.h"
#include "tests/support/raw_client.h"
#include "tests/web/load_row.h"
#include "tests/web/logins.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

// "scrape me" at the cost that htpasswd is told to take: 50 ms of a core for each guess.
constexpr const char* kScrapeMe = "$2y$10$abcdefghijklmnopqrstuurG2GXJQOvqnWJu7U/d8BQXKn0Kic2XO";

std::string authorization(const std::string& password) {
  return "Authorization: " + basic("prometheus", password) + "\r\n";
}

// Guesses over kept connections from 127.0.0.2, as fast as it is answered.
class Guessers {
 public:
  Guessers(std::uint16_t port, int count) {
    for (int i = 0; i < count; ++i)
      threads_.emplace_back([this, port, i](const std::stop_token& stop) { guess(port, i, stop); });
  }
  int refused() const { return refused_; }
  int answered() const { return refused_ + put_off_; }
  int others() const { return others_; }

 private:
  void guess(std::uint16_t port, int number, const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested();) {
      RawClient client("127.0.0.1", port, "127.0.0.2");
      for (bool kept = true; kept && !stop.stop_requested(); ++i) {
        const std::string password = "guess " + std::to_string(number) + " " + std::to_string(i);
        client.send(request_text("GET", "/metrics", authorization(password)));
        const auto answer = client.read_answer();
        kept = answer.has_value();
        if (!answer) continue;
        ++(answer->status == 401 ? refused_ : answer->status == 503 ? put_off_ : others_);
      }
    }
  }

  std::atomic<int> refused_ = 0;
  std::atomic<int> put_off_ = 0;
  std::atomic<int> others_ = 0;
  std::vector<std::jthread> threads_;
};

class PasswordFlood : public LoadRow {
 protected:
  void start_with_password(const HttpServerLimits& limits) {
    const WebConfig config{.users = {{.name = "prometheus", .hash = bcrypt_hash(kScrapeMe)}}};
    start(limits, {.doorkeeper = std::make_shared<Doorkeeper>(config, clock_)},
          authorization("scrape me"));
  }

  SystemClock clock_;
};

TEST_F(PasswordFlood, CostsTheScraperNothing) {
  start_with_password({});
  const std::size_t started = open_descriptors();
  const std::size_t memory = resident_bytes();
  {
    const Guessers guessers(port(), 8);
    EXPECT_TRUE(eventually([&] { return guessers.refused() > 0 && guessers.answered() > 20; }));
    expect_healthy();
    EXPECT_EQ(guessers.others(), 0);
  }
  expect_descriptors(started);
  if (kMeasures) {
    EXPECT_LE(resident_bytes(), memory + (4UL << 20));
  }
}

TEST_F(PasswordFlood, BesideSlowClientsAndThoseThatNeverRead) {
  HttpServerLimits limits;
  limits.request = 3s;
  limits.answer = 3s;
  limits.answer_bytes_per_second = 1'000'000'000;
  start_with_password(limits);
  const std::size_t started = open_descriptors();
  const std::size_t memory = resident_bytes();
  {
    const Guessers guessers(port(), 1);
    SlowClients slow({.port = port(),
                      .count = load_clients(),
                      .addresses = 20,
                      .first = "GET /metrics HTTP/1.1\r\nHost: x\r\n",
                      .drop = "X-A: b\r\n",
                      .pause = 50ms});
    SlowClients lazy({.port = port(),
                      .count = load_clients(),
                      .addresses = 4,
                      .first = request_text("GET", "/big", authorization("scrape me"))});
    expect_healthy();
    EXPECT_EQ(lazy.wait_for_cuts(load_clients()), load_clients());
    EXPECT_EQ(guessers.others(), 0);
  }
  expect_descriptors(started);
  if (kMeasures) {
    EXPECT_LE(resident_bytes(), memory + (16UL << 20));
  }
}

}  // namespace
}  // namespace pce
