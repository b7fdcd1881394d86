#include "exporter/telemetry/process_telemetry.h"

#include <map>
#include <optional>

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "tests/support/metric_reading.h"

namespace pce {
namespace {

class ProcessTelemetryTest : public testing::Test {
 protected:
  using Labels = std::map<std::string, std::string>;

  std::optional<double> value(const std::string& name, const Labels& labels) const {
    return reading(process_.collect(), name, labels);
  }

  prometheus::Registry registry_;
  ProcessTelemetry process_{registry_, BuildInfo{.version = "1.2.3"},
                            WallTime(std::chrono::seconds(1000))};
};

TEST_F(ProcessTelemetryTest, TellsAboutTheProcess) {
  EXPECT_EQ(value("process_start_time_seconds", {}), 1000);
  EXPECT_GT(value("process_resident_memory_bytes", {}).value_or(0), 1e6);
  EXPECT_GE(value("process_open_fds", {}).value_or(0), 3);
  EXPECT_GE(value("process_cpu_seconds_total", {}).value_or(-1), 0);
}

TEST_F(ProcessTelemetryTest, TellsWhatTheCapOfSeriesLeavesOut) {
  process_.series_limit(100);
  process_.series(90, 20, 3);
  EXPECT_EQ(value("partner_center_exporter_series_limit", {}), 100);
  EXPECT_EQ(value("partner_center_exporter_series", {}), 90);
  EXPECT_EQ(value("partner_center_exporter_series_left_out", {}), 20);
  EXPECT_EQ(value("partner_center_exporter_customers_left_out", {}), 3);
}

TEST_F(ProcessTelemetryTest, TellsWhoIsConnectedAndWhoWasCut) {
  process_.http_cut_reasons({"request", "answer"});
  process_.http_connection_cut("answer");
  for (const int change : {1, 1, -1}) process_.http_connections(change);
  for (const int change : {1, 1, 1, -1}) process_.http_requests_in_flight(change);
  const std::string cut = "partner_center_exporter_http_connections_cut_total";
  EXPECT_EQ(value(cut, {{"reason", "request"}}), 0);
  EXPECT_EQ(value(cut, {{"reason", "answer"}}), 1);
  EXPECT_EQ(value("partner_center_exporter_http_connections", {}), 1);
  EXPECT_EQ(value("partner_center_exporter_http_requests_in_flight", {}), 2);
}

TEST_F(ProcessTelemetryTest, TellsWhichConfigurationRunsAndWhetherTheLastOneWasTaken) {
  process_.config_loaded(WallTime(std::chrono::seconds(5)), std::string("\0\0\0\0\1\2\3", 7));
  EXPECT_EQ(value("partner_center_config_last_reload_successful", {}), 1);
  EXPECT_EQ(value("partner_center_config_last_reload_success_timestamp_seconds", {}), 5);
  EXPECT_EQ(value("partner_center_config_hash", {}), 258);
  process_.config_refused();
  EXPECT_EQ(value("partner_center_config_last_reload_successful", {}), 0);
  EXPECT_EQ(value("partner_center_config_last_reload_success_timestamp_seconds", {}), 5);
  EXPECT_EQ(value("partner_center_config_hash", {}), 258);
}

TEST_F(ProcessTelemetryTest, JoinsFamiliesOfOneNameFromSeveralRegistries) {
  prometheus::Registry one;
  prometheus::Registry other;
  for (auto* registry : {&registry_, &one, &other}) {
    auto& family = prometheus::BuildGauge().Name("shared").Help("").Register(*registry);
    family.Add({{"partner", registry == &one ? "a" : registry == &other ? "b" : "c"}});
  }
  process_.collect_also([&] { return one.Collect(); });
  process_.collect_also([&] { return other.Collect(); });
  std::size_t families = 0;
  for (const auto& family : process_.collect()) {
    if (family.name != "shared") continue;
    ++families;
    EXPECT_EQ(family.metric.size(), 3U);
  }
  EXPECT_EQ(families, 1U);
}

}  // namespace
}  // namespace pce
