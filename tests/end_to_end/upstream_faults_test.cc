// What the other side can do to us, what the metrics then say, and that nothing is lost.
#include <cmath>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

struct UpstreamFault {
  std::string name;
  std::string fault;      // JSON
  std::string reason;     // label of partner_center_api_request_failures_total
  std::string more = "";  // configuration
};
void PrintTo(const UpstreamFault& f, std::ostream* out) { *out << f.name; }

class EndToEndFault : public testing::TestWithParam<UpstreamFault> {};

// One customer's deployment goes wrong: it keeps its rows, everybody else stays fresh, the failure
// shows, and when the fault is gone all is well again.
TEST_P(EndToEndFault, TouchesNothingButWhatItHits) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  const Exposition before = stage.scrape_until(is_up);
  ASSERT_EQ(before.find("licenses_sold", {kSeedCustomer}).size(), 3U);

  stage.add_fault(
      R"({"match": {"path_contains": "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/analytics/licenses/deployment"}, "fault": )" +
      GetParam().fault + "}");
  const std::vector<std::string> labels{"operation=\"customer_deployment\"",
                                        "reason=\"" + GetParam().reason + "\""};
  const Exposition during = stage.scrape_until([&](const Exposition& e) {
    return e.value("partner_center_api_request_failures_total", labels) >= 1 && !is_up(e);
  });
  EXPECT_EQ(during.find("licenses_sold"), before.find("licenses_sold"));
  EXPECT_EQ(during.find("deployment_percent"), before.find("deployment_percent"));
  EXPECT_EQ(during.find("licenses_active"), before.find("licenses_active"));
  EXPECT_EQ(during.value("partner_center_collector_success", {"collector=\"customer_deployment\""}),
            0);
  EXPECT_EQ(during.value("partner_center_collector_success", {"collector=\"partner_usage\""}), 1);

  stage.clear_faults();
  const Exposition after = stage.scrape_until(is_up);
  EXPECT_EQ(after.find("licenses_sold"), before.find("licenses_sold"));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, EndToEndFault,
    testing::Values(
        UpstreamFault{"404", R"({"status": 404, "code": "1000"})", "not_found"},
        UpstreamFault{"403 of another kind", R"({"status": 403, "code": 2032})", "forbidden"},
        UpstreamFault{"400", R"({"status": 400, "code": "800002"})", "rejected"},
        UpstreamFault{"429 with Retry-After", R"({"status": 429, "shape": "E2", "retry_after": 1})",
                      "throttled"},
        UpstreamFault{"500 with HTML", R"({"status": 500, "shape": "html"})", "upstream"},
        UpstreamFault{"503 without a body", R"({"status": 503, "shape": "empty"})", "upstream"},
        UpstreamFault{"truncated body", R"({"truncate": true})", "cut"},
        UpstreamFault{"closed without an answer", R"({"close": true})", "cut"},
        UpstreamFault{"not JSON", R"({"status": 200, "shape": "not_json"})", "malformed"},
        UpstreamFault{"HTML where JSON should be", R"({"status": 200, "shape": "html"})",
                      "malformed"},
        UpstreamFault{"empty body", R"({"status": 200, "shape": "empty"})", "malformed"},
        UpstreamFault{"array where an object should be", R"({"status": 200, "shape": "array"})",
                      "malformed"},
        UpstreamFault{"nested too deeply", R"({"status": 200, "shape": "nested"})", "malformed"},
        UpstreamFault{"redirect",
                      R"({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}})",
                      "rejected"},
        UpstreamFault{"endless body", R"({"endless": true})", "too_large"}));

TEST(EndToEndFaults, ABodyOf50MegabytesIsBounded) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"path_contains": "/licenses/deployment"}, "times": 4, "fault": {"status": 200, "shape": "big", "bytes": 50000000}})");
  const Exposition during = stage.scrape_until([&](const Exposition& e) {
    return e.value("partner_center_api_request_failures_total",
                   {"operation=\"customer_deployment\"", "reason=\"malformed\""}) +
               e.value("partner_center_api_request_failures_total",
                       {"operation=\"customer_deployment\"", "reason=\"too_large\""}) >=
           1;
  });
  EXPECT_EQ(during.find("licenses_sold"), before.find("licenses_sold"));
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
  // Sanitizers keep shadows of all memory, so what is resident then says nothing about us.
  EXPECT_LT(during.value("process_resident_memory_bytes"), 600e6);
#endif
  stage.scrape_until(is_up);
}

TEST(EndToEndFaults, ACustomerThatIsNotOursAnyMoreDisturbsNobody) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"path_contains": "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/analytics"}, "fault": {"status": 403, "code": 20002}})");
  const Exposition during = stage.scrape_until(
      [](const Exposition& e) { return e.value("partner_center_customers_unavailable") == 1; });
  EXPECT_TRUE(is_up(during));
  EXPECT_EQ(during.find("licenses_sold"), before.find("licenses_sold"));
}

TEST(EndToEndFaults, ThrottlingWithoutRetryAfterStopsEverybodyForAMinute) {
  Stage stage;
  stage.start_simulator({"--customers=40"});
  stage.add_fault(
      R"({"match": {"path_contains": "/analytics/"}, "fault": {"status": 429, "shape": "E3"}})");
  stage.start_exporter({.source = "classic"});
  const Exposition shown = stage.scrape_until(
      [](const Exposition& e) { return e.value("partner_center_api_paused_seconds") > 0; });
  EXPECT_GT(shown.value("partner_center_api_paused_seconds"), 30);
  EXPECT_LE(shown.value("partner_center_api_paused_seconds"), 60);
  // At most the calls that were already on their way, never all 84.
  double calls = 0;
  for (const auto& [series, value] :
       shown.find("partner_center_api_requests_total", {"code=\"429\""}))
    calls += value;
  EXPECT_LE(calls, 4);
}

TEST(EndToEndFaults, AnEmptyAnswerIsNotTakenForNoLicences) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"path_contains": "/licenses/"}, "fault": {"variant": {"empty_items": true}}})");
  const Exposition during = stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_collector_empty_answers_total",
                   {"collector=\"customer_deployment\""}) >= 1 &&
           !is_up(e);
  });
  EXPECT_EQ(during.find("licenses_sold"), before.find("licenses_sold"));
}

TEST(EndToEndFaults, WhatIsTooOldGoesAway) {
  Stage stage;
  stage.start_simulator();
  // Longer than a round takes on a busy machine, or all would grow too old.
  stage.start_exporter({.interval = "300ms", .stale_after = "6s", .source = "classic"});
  stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"path_contains": "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/analytics/licenses/deployment"}, "fault": {"status": 404, "code": "1000"}})");
  const Exposition after = stage.scrape_until(
      [](const Exposition& e) { return e.find("licenses_sold", {kSeedCustomer}).empty(); });
  EXPECT_FALSE(after.find("licenses_sold").empty());
  EXPECT_FALSE(after.find("licenses_active", {kSeedCustomer}).empty());
}

TEST(EndToEndFaults, NobodyListeningIsSaidAndSurvived) {
  Stage stage;
  const int port = free_port();
  stage.start_exporter(
      {.interval = "1s", .stale_after = "1h", .source = "classic", .api_port = port});
  const Exposition shown = stage.first_round();
  EXPECT_EQ(shown.value("partner_center_up"), 0);
  EXPECT_GE(shown.value("partner_center_api_request_failures_total",
                        {"operation=\"token\"", "reason=\"connect\""}),
            1);
  EXPECT_NE(stage.exporter().line_with("127.0.0.1:" + std::to_string(port)), "");
}

TEST(EndToEndFaults, ACustomerThatLeftDisappearsAndARenamedOneIsRenamed) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  stage.scrape_until(is_up);
  stage.simulate("/_sim/estate", R"({"remove": ["4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"]})");
  const Exposition after = stage.scrape_until(
      [](const Exposition& e) { return e.find("licenses_sold", {kSeedCustomer}).empty(); });
  EXPECT_TRUE(after.find("partner_center_customer_info", {kSeedCustomer}).empty());
  EXPECT_FALSE(after.find("licenses_sold").empty());
}

}  // namespace
}  // namespace pce
