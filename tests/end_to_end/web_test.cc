// The exporter besieged: what its own web server does about it, and says of it.
#include "tests/end_to_end/stage.h"
#include "tests/support/raw_client.h"
#include "tests/support/slow_clients.h"

namespace pce {
namespace {

constexpr const char* kCut = "partner_center_exporter_http_connections_cut_total";

TEST(EndToEndWeb, ASiegeOfSilentClientsCostsNoScrapeAndIsSaid) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({});
  stage.first_round();
  // An answer is over a moment after its last byte has come: the one before may still be counted.
  const Exposition before = stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_exporter_http_requests_in_flight") == 1;
  });
  EXPECT_EQ(before.value(kCut, {"reason=\"crowded\""}), 0);

  // From 16 addresses, each below its own limit, and more than there may be altogether.
  const auto port = static_cast<std::uint16_t>(stage.exporter_port());
  SlowClients silent({.port = port, .count = 600, .addresses = 16, .first = "GET /metrics"});
  EXPECT_GT(stage.scrape().value("partner_center_exporter_http_connections"), 100);
  const HealthyScrapes healthy = scrape_one_by_one(port, "/metrics", 50);
  EXPECT_EQ(healthy.failed, 0) << healthy.failure;
  EXPECT_GE(silent.wait_for_cuts(200), 200);
  EXPECT_GE(stage.scrape().value(kCut, {"reason=\"crowded\""}), 200);
}

TEST(EndToEndWeb, MaxRequestsIsForOneAddress) {
  Stage stage;
  stage.start_simulator({"--customers=300"});
  const auto config = stage.write_config({.more = "limits: {requests_per_minute: 60000}\n"});
  stage.start_exporter_with({"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0",
                             "--web.max-requests=1"});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  ASSERT_GT(stage.first_round().find("licenses_sold").size(), 0U);

  const auto port = static_cast<std::uint16_t>(stage.exporter_port());
  const SlowClients lazy({.port = port, .count = 1, .first = request_text("GET", "/metrics")});
  stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_exporter_http_requests_in_flight") == 2;
  });
  RawClient neighbour("127.0.0.1", port, "127.0.0.2");
  const auto refused = neighbour.get("/metrics");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("Retry-After"), "1");
  EXPECT_EQ(stage.get("/metrics").status, 200);
}

}  // namespace
}  // namespace pce
