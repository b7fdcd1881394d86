#include "tests/dashboards/busy_estate.h"

#include <ctime>

#include "tests/support/files.h"

namespace pce {

using nlohmann::json;

namespace {

// On a busy machine Prometheus misses a scrape now and then, and shows nothing until the next one.
constexpr std::chrono::seconds kPatience{60};

std::string account(const Stage& stage, const std::string& name, int port) {
  stage.write_file(name + ".token", "a-made-up-word\n", 0600);
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  return "  - name: " + name +
         "\n    cloud: custom\n    tenant_id: 11111111-2222-3333-4444-555555555555\n"
         "    client_id: 66666666-7777-8888-9999-000000000000\n    refresh_token_file: " +
         name + ".token\n    endpoints: {api: \"" + base + "\", login: \"" + base +
         "\", resource: https://api.partnercenter.microsoft.com}\n";
}

// The samples of a scrape in OpenMetrics as they would have been read at each of `times`.
std::string as_scraped_at(const std::string& body, const std::string& target,
                          const std::vector<std::time_t>& times) {
  std::string text;
  for (const std::string& line : lines_of(body)) {
    if (line.starts_with("#")) continue;
    const auto labels = line.find_first_of("{ ");
    const bool has_labels = line[labels] == '{';
    for (const std::time_t time : times) {
      text += line.substr(0, labels) + "{" + target + (has_labels ? "," : "}") +
              line.substr(labels + (has_labels ? 1 : 0)) + " " + std::to_string(time) + "\n";
    }
  }
  return text + "# EOF\n";
}

}  // namespace

BusyEstate::BusyEstate() {
  stage_.start_simulator({"--customers=25"});
  start_exporter();
  stage_.first_round();
  keep_as_history();
  prometheus_ =
      std::make_unique<RealPrometheus>(stage_, scrape_job("exporter", stage_.exporter_port()));
  change_customers();
  const auto increases = [](const std::string& counter) {
    return "increase(" + counter + "{partner=\"contoso\"}[6h])>0";
  };
  suffer(R"({"match":{"operation":"commercial_deployment"},
             "fault":{"variant":{"duplicate_rows":true,"unknown_keys":true}}})",
         increases("partner_center_collector_rows_merged_total"));
  suffer(R"({"match":{"operation":"commercial_usage"},"fault":{"variant":{"unknown_keys":true}}})",
         increases("partner_center_schema_drift_total"));
  suffer(R"({"match":{"path_contains":"analytics"},"fault":{"variant":{"wrong_types":true}}})",
         increases("partner_center_collector_rows_rejected_total"));
  suffer(R"({"match":{"path_contains":"analytics"},"fault":{"variant":{"empty_items":true}}})",
         increases("partner_center_collector_empty_answers_total"));
  suffer(R"({"match":{"path_contains":"analytics"},"fault":{"status":503}})",
         increases("partner_center_api_retries_total"));
  suffer(
      R"({"match":{"operation":"customers"},"share":0.5,"fault":{"status":429,"retry_after":1}})",
      "increase(partner_center_api_request_failures_total{reason=\"throttled\"}[6h])>0");
  EXPECT_TRUE(eventually([&] { return !prometheus_->result("min(partner_center_up)==1").empty(); }))
      << stage_.exporter().output();
}

void BusyEstate::start_exporter() {
  const std::string config =
      "accounts:\n" + account(stage_, "contoso", stage_.simulator_port()) +
      account(stage_, "fabrikam", other_.port()) +
      "insights:\n  interval: 300ms\n  stale_after: 1h\nlimits:\n  requests_per_minute: 60000\n";
  stage_.start_exporter_with({"--config.file=" + stage_.write_file("exporter.yml", config).string(),
                              "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
}

void BusyEstate::keep_as_history() {
  const std::string body =
      stage_.get("/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n").body;
  const std::string target =
      "instance=\"127.0.0.1:" + std::to_string(stage_.exporter_port()) + "\",job=\"exporter\"";
  constexpr std::time_t kWeek = 7 * 24 * 3600;
  const std::time_t now = std::time(nullptr);
  // A sample is looked at for five minutes: the test may take ten.
  const auto file = stage_.write_file(
      "history.txt",
      as_scraped_at(body, target, {now - kWeek - 60, now - kWeek + 240, now - kWeek + 500}));
  const Finished made =
      run_program({"promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet",
                   file.string(), (stage_.folder() / "tsdb").string()});
  ASSERT_EQ(made.status, 0) << made.output;
}

void BusyEstate::change_customers() {
  const std::string gone = stage_.simulator().customers().at(5).at("id");
  stage_.simulator().post("/_sim/estate", {{"remove", json::array({gone})}});
  stage_.simulate("/_sim/estate", R"json({
      "rows": [{"customer": "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
                "product": "EXCHANGE ONLINE (PLAN 1)", "sold": 25, "deployed": 3}],
      "add": [{"id": "0f0f0f0f-1111-4222-8333-444444444444", "name": "New \"and\" small",
               "domain": "new.example", "products": [{"name": "OFFICE 365 E3", "service": "o365",
               "channel": "reseller", "sold": 5, "deployed": 4, "usage":
               [{"workload": "Exchange", "active": 3, "qualified": 5}]}]}]})json");
  const auto have_arrived = [&] {
    return prometheus_->result("licenses_sold{customer_id=\"" + gone + "\"}").empty() &&
           !prometheus_->result("licenses_sold{customer=\"New \\\"and\\\" small\"}").empty();
  };
  EXPECT_TRUE(eventually(have_arrived, kPatience)) << stage_.exporter().output();
}

void BusyEstate::suffer(const char* fault, const std::string& until) {
  stage_.add_fault(fault);
  EXPECT_TRUE(eventually([&] { return !prometheus_->result(until).empty(); }, kPatience))
      << fault << "\n"
      << until << "\n"
      << stage_.exporter().output();
  stage_.clear_faults();
}

}  // namespace pce
