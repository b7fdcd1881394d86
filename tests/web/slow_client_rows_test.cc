// Rows L01 to L06: clients that are slow, silent, or too many, while somebody else scrapes.
#include <future>

#include "tests/support/raw_client.h"
#include "tests/web/load_row.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

class L01 : public LoadRow {};
class L02 : public LoadRow {};
class L03 : public LoadRow {};
class L04 : public LoadRow {};
class L05 : public LoadRow {};
class L06 : public LoadRow {};

HttpServerLimits quick() {
  HttpServerLimits limits;
  limits.request = 600ms;
  limits.answer = 1500ms;
  limits.answer_bytes_per_second = 1'000'000'000;
  return limits;
}

// As many as would take every connection, coming again as often as they are cut.
SlowPlan besiegers(std::uint16_t port) {
  return {.port = port, .count = load_clients(), .addresses = 20, .come_again = true};
}

TEST_F(L01, ClientsThatDripHeadersAreCutAndNoScrapeNoticesThem) {
  const std::size_t before = open_descriptors();
  start(quick());
  const std::size_t started = open_descriptors();
  {
    SlowClients slow({.port = port(),
                      .count = load_clients(),
                      .first = "GET /metrics HTTP/1.1\r\nHost: x\r\n",
                      .drop = "X-A: b\r\n",
                      .pause = 50ms});
    expect_healthy();
    EXPECT_EQ(slow.wait_for_cuts(load_clients()), load_clients());
  }
  expect_descriptors(started);
  EXPECT_GT(started, before);
}

TEST_F(L01, ClientsThatDripHeadersFromManyAddressesCannotTakeAllConnections) {
  HttpServerLimits limits = quick();
  limits.connections = 128;
  limits.request = 1h;
  start(limits);
  SlowPlan plan = besiegers(port());
  plan.first = "GET /metrics HTTP/1.1\r\nHost: x\r\n";
  plan.drop = "X-A: b\r\n";
  plan.pause = 50ms;
  plan.come_again = false;
  SlowClients slow(plan);
  expect_healthy();
  EXPECT_GE(slow.wait_for_cuts(load_clients() - 96), load_clients() - 96);
}

TEST_F(L02, SilentClientsAreCutAndNoScrapeNoticesThem) {
  start(quick());
  const std::size_t started = open_descriptors();
  const std::size_t memory = resident_bytes();
  {
    SlowClients silent({.port = port(), .count = load_clients(), .addresses = 4});
    expect_healthy();
    EXPECT_EQ(silent.wait_for_cuts(load_clients()), load_clients());
    if (kMeasures) {
      EXPECT_LE(resident_bytes(), memory + (16UL << 20));
    }
  }
  expect_descriptors(started);
}

TEST_F(L02, SilentClientsThatComeAgainAndAgainLeaveRoom) {
  HttpServerLimits limits = quick();
  limits.connections = 128;
  start(limits);
  SlowClients silent(besiegers(port()));
  EXPECT_EQ(healthy().failed, 0);  // how fast is a matter of who gets the processor
  EXPECT_GE(silent.wait_for_cuts(400), 400);
}

TEST_F(L03, ClientsThatNeverReadAreCutAndShareOneBody) {
  start(quick());
  const std::size_t started = open_descriptors();
  const std::size_t memory = resident_bytes();
  {
    SlowClients lazy({.port = port(),
                      .count = load_clients(),
                      .addresses = 4,
                      .first = request_text("GET", "/big")});
    expect_healthy();
    if (kMeasures) {
      EXPECT_LE(resident_bytes(), memory + (static_cast<std::size_t>(load_clients()) << 16));
    }
    EXPECT_EQ(lazy.wait_for_cuts(load_clients()), load_clients());
  }
  expect_descriptors(started);
}

TEST_F(L04, ClientsThatReadDropByDropAreCutAndNoScrapeNoticesThem) {
  start(quick());
  const std::size_t started = open_descriptors();
  {
    SlowClients slow({.port = port(),
                      .count = load_clients(),
                      .addresses = 4,
                      .first = request_text("GET", "/big"),
                      .sip = 50,
                      .pause = 50ms});
    expect_healthy();
    EXPECT_EQ(slow.wait_for_cuts(load_clients()), load_clients());
  }
  expect_descriptors(started);
}

// Where there is no TLS whoever speaks it must not stay for that; where there is: front_test.cc.
TEST_F(L05, HalfATlsHelloIsCutAndNoScrapeNoticesIt) {
  start(quick());
  const std::size_t started = open_descriptors();
  {
    SlowClients half({.port = port(),
                      .count = load_clients(),
                      .addresses = 4,
                      .first = std::string("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11)});
    expect_healthy();
    EXPECT_EQ(half.wait_for_cuts(load_clients()), load_clients());
  }
  expect_descriptors(started);
}

TEST_F(L06, AFloodOfConnectionsLeavesNothingBehind) {
  HttpServerLimits limits = quick();
  limits.connections_per_client = 1000;
  start(limits);
  const std::size_t started = open_descriptors();
  std::vector<std::future<int>> floods;
  for (int i = 0; i < 4; ++i) {
    floods.push_back(std::async(std::launch::async, [port = port()] {
      int answered = 0;
      for (int k = 0; k < 500; ++k) {
        RawClient client(kLoopback, port);
        answered += client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") &&
                            client.read_answer()
                        ? 1
                        : 0;
      }
      return answered;
    }));
  }
  for (auto& flood : floods) EXPECT_EQ(flood.get(), 500);
  expect_descriptors(started);
  expect_healthy();
}

TEST_F(L06, AServerThatIsFullWaitsWithoutSpinning) {
  HttpServerLimits limits = quick();
  limits.connections = 8;
  limits.answer = 500ms;
  start(limits);
  const auto cpu = cpu_time();
  const auto begun = std::chrono::steady_clock::now();
  SlowClients lazy({.port = port(), .count = 20, .first = request_text("GET", "/big")});
  EXPECT_EQ(lazy.wait_for_cuts(20), 20);
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(took, limits.answer);
  EXPECT_LT(cpu_time() - cpu, took / 5);
}

}  // namespace
}  // namespace pce
