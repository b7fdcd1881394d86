#include "exporter/telemetry/api_telemetry.h"

#include <map>
#include <optional>

#include "tests/support/metric_reading.h"

namespace pce {
namespace {

class ApiTelemetryTest : public testing::Test {
 protected:
  using Labels = std::map<std::string, std::string>;

  std::optional<double> value(const std::string& name, const Labels& labels) const {
    return reading(registry_, name, labels);
  }

  prometheus::Registry registry_;
  ApiTelemetry contoso_{registry_, "contoso", {"customers", "token"}};
};

TEST_F(ApiTelemetryTest, HasCountersBeforeTheFirstEvent) {
  EXPECT_EQ(value("partner_center_api_requests_total",
                  {{"code", "200"}, {"operation", "token"}, {"partner", "contoso"}}),
            0);
  EXPECT_EQ(value("partner_center_api_request_failures_total",
                  {{"operation", "customers"}, {"partner", "contoso"}, {"reason", "throttled"}}),
            0);
  EXPECT_EQ(value("partner_center_api_pace_ratio", {{"partner", "contoso"}}), 1);
}

TEST_F(ApiTelemetryTest, CountsAnAttemptWithoutAnswerUnderCode000) {
  contoso_.api_call("token", 0, std::chrono::milliseconds(20));
  EXPECT_EQ(value("partner_center_api_requests_total",
                  {{"code", "000"}, {"operation", "token"}, {"partner", "contoso"}}),
            1);
}

TEST_F(ApiTelemetryTest, SharesFamiliesBetweenAccounts) {
  ApiTelemetry fabrikam(registry_, "fabrikam", {"token"});
  fabrikam.token_refresh(true);
  EXPECT_EQ(value("partner_center_token_refreshes_total", {{"partner", "fabrikam"}}), 1);
  EXPECT_EQ(value("partner_center_token_refreshes_total", {{"partner", "contoso"}}), 0);
}

TEST_F(ApiTelemetryTest, AnOperationThatIsGoneHasNoSeriesAndTheOthersKeepTheirs) {
  contoso_.api_call("customers", 503, std::chrono::seconds(1));
  contoso_.api_call("token", 200, std::chrono::seconds(1));
  contoso_.operations_are({"token", "customer_usage"});
  for (const auto& family : registry_.Collect()) {
    EXPECT_EQ(reading(registry_, family.name, {{"operation", "customers"}}), std::nullopt)
        << family.name;
  }
  EXPECT_EQ(value("partner_center_api_requests_total", {{"code", "200"}, {"operation", "token"}}),
            1);
  EXPECT_EQ(value("partner_center_api_request_duration_seconds", {{"operation", "token"}}), 1);
  EXPECT_EQ(value("partner_center_api_retries_total", {{"operation", "customer_usage"}}), 0);
}

}  // namespace
}  // namespace pce
