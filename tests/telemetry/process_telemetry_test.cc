#include "exporter/telemetry/process_telemetry.h"

#include <map>
#include <optional>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

namespace pce {
namespace {

class ProcessTelemetryTest : public testing::Test {
 protected:
  using Labels = std::map<std::string, std::string>;

  // The value of the series with exactly these labels.
  std::optional<double> value(const std::string& name, const Labels& labels) {
    for (const auto& family : process_.collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        Labels found;
        for (const auto& label : metric.label) found[label.name] = label.value;
        if (found == labels) {
          return family.type == prometheus::MetricType::Counter ? metric.counter.value
                                                                : metric.gauge.value;
        }
      }
    }
    return std::nullopt;
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

}  // namespace
}  // namespace pce
