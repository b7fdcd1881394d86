// The whole road: simulator, real exporter, one scrape, held against the golden file.
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/golden.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

// Lines whose value is of this machine or moment keep their series and lose their value.
bool varies(const std::string& line) {
  for (const char* name : {"partner_center_api_request_duration_seconds_bucket{",
                           "partner_center_api_request_duration_seconds_sum{",
                           "partner_center_collector_duration_seconds{",
                           "partner_center_collector_last_success_timestamp_seconds{",
                           "partner_center_config_hash",
                           "partner_center_config_last_reload_success_timestamp_seconds",
                           "partner_center_credential_expiry_timestamp_seconds{",
                           "partner_center_data_processed_timestamp_seconds{",
                           "partner_center_exporter_http_connections ",
                           "partner_center_exporter_http_requests_in_flight ",
                           "partner_center_exporter_http_requests_total{"}) {
    if (line.starts_with(name)) return true;
  }
  return false;
}

std::string comparable(const std::string& body) {
  std::string text;
  for (const std::string& line : lines_of(body)) {
    if (line.starts_with("process_") || line.starts_with("# HELP process_") ||
        line.starts_with("# TYPE process_") || line.starts_with("# UNIT process_"))
      continue;
    // Where the first round ends before anybody asks for it, there is none.
    if (line.find("code=\"503\",handler=\"/-/ready\"") != std::string::npos) continue;
    if (line.starts_with("partner_center_exporter_build_info{")) {
      text += "partner_center_exporter_build_info{…} 1\n";
    } else if (varies(line)) {
      text += line.substr(0, line.rfind(' ')) + " …\n";
    } else {
      text += line + "\n";
    }
  }
  return text;
}

TEST(EndToEndExposition, IsTheGoldenFile) {
  Stage stage;
  stage.start_simulator({"--customers=12", "--seed=1"});
  stage.start_exporter({});
  stage.first_round();
  const WebAnswer answer = stage.get("/metrics");
  EXPECT_EQ(answer.headers.at("content-type"),
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
  EXPECT_THAT(parse_exposition(answer.body).complaints, testing::IsEmpty());
  expect_golden("exposition.prom", comparable(answer.body));
}

TEST(EndToEndExposition, InOpenMetricsIsTheGoldenFile) {
  Stage stage;
  stage.start_simulator({"--customers=12", "--seed=1"});
  stage.start_exporter({});
  stage.first_round();
  const WebAnswer answer =
      stage.get("/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n");
  EXPECT_EQ(answer.headers.at("content-type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
  expect_golden("exposition.openmetrics", comparable(answer.body));
}

TEST(EndToEndExposition, HasTheDocumentedCustomersValues) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.source = "classic"});
  const Exposition shown = stage.first_round();
  const auto sold = [&](const std::string& product) {
    return shown.value("licenses_sold", {kSeedCustomer, "product=\"" + product + "\""});
  };
  EXPECT_EQ(sold("OFFICE 365 BUSINESS ESSENTIALS"), 1);
  EXPECT_EQ(sold("EXCHANGE ONLINE (PLAN 1)"), 5);
  EXPECT_EQ(sold("EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE"), 2);
  EXPECT_EQ(shown.find("licenses_sold", {kSeedCustomer}).size(), 3U);
  EXPECT_EQ(shown.find("deployment_percent", {kSeedCustomer}).size(), 3U);
  EXPECT_EQ(shown.find("partner_usage_percent").size(), 5U);
  EXPECT_EQ(
      shown.value("partner_usage_percent", {"service_code=\"crm\"", "workload=\"SharePoint\""}), 0);
  EXPECT_TRUE(is_up(shown));
}

TEST(EndToEndExposition, IsPackedWhenAskedForAndTheSameInside) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({});
  stage.first_round();
  const WebAnswer packed = stage.get("/metrics", "Accept-Encoding: gzip\r\n");
  ASSERT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(comparable(unzip(packed.body)), comparable(stage.get("/metrics").body));

  const std::string url = "http://127.0.0.1:" + std::to_string(stage.exporter_port()) + "/metrics";
  const Finished curl = run_program({"curl", "-sS", "--fail", "--compressed", url});
  EXPECT_EQ(curl.status, 0);
  EXPECT_EQ(comparable(curl.output), comparable(stage.get("/metrics").body));
}

TEST(EndToEndExposition, TakesThePrefix) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.more = "metrics: {prefix: csp_}\nlimits: {requests_per_minute: 60000}\n"});
  const Exposition shown = stage.first_round();
  EXPECT_EQ(shown.find("csp_licenses_sold", {kSeedCustomer}).size(), 3U);
  EXPECT_EQ(shown.find("licenses_sold").size(), 0U);
}

}  // namespace
}  // namespace pce
