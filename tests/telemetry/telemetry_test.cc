#include "exporter/telemetry/telemetry.h"

#include <optional>
#include <unistd.h>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

namespace pce {
namespace {

class TelemetryTest : public testing::Test {
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
  AccountTelemetry contoso_{registry_, "contoso", {"customers", "token"}, {"customer_usage"}};
};

TEST_F(TelemetryTest, HasCountersBeforeTheFirstEvent) {
  EXPECT_EQ(value("partner_center_api_requests_total",
                  {{"code", "200"}, {"operation", "token"}, {"partner", "contoso"}}),
            0);
  EXPECT_EQ(value("partner_center_api_request_failures_total",
                  {{"operation", "customers"}, {"partner", "contoso"}, {"reason", "throttled"}}),
            0);
  EXPECT_EQ(value("partner_center_up", {{"partner", "contoso"}}), 0);
  EXPECT_EQ(value("partner_center_collector_last_success_timestamp_seconds",
                  {{"collector", "customer_usage"}, {"partner", "contoso"}}),
            0);
}

TEST_F(TelemetryTest, CountsAnAttemptWithoutAnswerUnderCode000) {
  contoso_.api_call("token", 0, std::chrono::milliseconds(20));
  EXPECT_EQ(value("partner_center_api_requests_total",
                  {{"code", "000"}, {"operation", "token"}, {"partner", "contoso"}}),
            1);
}

TEST_F(TelemetryTest, KeepsTheTimeOfTheLastSuccessWhenARoundFails) {
  const Labels labels{{"collector", "customer_usage"}, {"partner", "contoso"}};
  contoso_.collector_finished("customer_usage", true, std::chrono::seconds(3),
                              WallTime(std::chrono::seconds(5000)));
  contoso_.collector_finished("customer_usage", false, std::chrono::seconds(9),
                              WallTime(std::chrono::seconds(6000)));
  EXPECT_EQ(value("partner_center_collector_success", labels), 0);
  EXPECT_EQ(value("partner_center_collector_duration_seconds", labels), 9);
  EXPECT_EQ(value("partner_center_collector_last_success_timestamp_seconds", labels), 5000);
}

TEST_F(TelemetryTest, ForgetsAServiceThatIsNoLongerProcessed) {
  contoso_.data_processed("customer_usage", {{"crm", WallTime(std::chrono::seconds(1))},
                                             {"o365", WallTime(std::chrono::seconds(2))}});
  contoso_.data_processed("customer_usage", {{"o365", WallTime(std::chrono::seconds(3))}});
  const auto at = [&](const char* service) {
    return value(
        "partner_center_data_processed_timestamp_seconds",
        {{"collector", "customer_usage"}, {"partner", "contoso"}, {"service_code", service}});
  };
  EXPECT_EQ(at("crm"), std::nullopt);
  EXPECT_EQ(at("o365"), 3);
}

TEST_F(TelemetryTest, SharesFamiliesBetweenAccounts) {
  AccountTelemetry fabrikam(registry_, "fabrikam", {"token"}, {});
  fabrikam.up(true);
  EXPECT_EQ(value("partner_center_up", {{"partner", "fabrikam"}}), 1);
  EXPECT_EQ(value("partner_center_up", {{"partner", "contoso"}}), 0);
}

TEST_F(TelemetryTest, TellsAboutTheProcess) {
  EXPECT_EQ(value("process_start_time_seconds", {}), 1000);
  EXPECT_GT(value("process_resident_memory_bytes", {}).value_or(0), 1e6);
  EXPECT_GE(value("process_open_fds", {}).value_or(0), 3);
  EXPECT_GE(value("process_cpu_seconds_total", {}).value_or(-1), 0);
}

TEST(OwnMetrics, AreListedOnceEachWithHelp) {
  const auto all = own_metrics();
  ASSERT_GT(all.size(), 25U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_FALSE(all[i].help.empty()) << all[i].name;
    EXPECT_EQ(all[i].type == "counter", all[i].name.ends_with("_total")) << all[i].name;
    if (i > 0) {
      EXPECT_LT(all[i - 1].name, all[i].name);
    }
  }
}

}  // namespace
}  // namespace pce
