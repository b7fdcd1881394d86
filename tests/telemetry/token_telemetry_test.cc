#include "exporter/telemetry/token_telemetry.h"

#include <map>
#include <optional>

#include "tests/support/metric_reading.h"

namespace pce {
namespace {

using std::chrono::seconds;

class TokenTelemetryTest : public testing::Test {
 protected:
  std::optional<double> value(const std::string& name,
                              std::map<std::string, std::string> labels = {}) const {
    labels["partner"] = "contoso";
    return reading(registry_, "partner_center_" + name, labels);
  }
  std::optional<double> state(const std::string& name) const {
    return value("token_state", {{"state", name}});
  }
  std::optional<double> expiry(const std::string& credential) const {
    return value("credential_expiry_timestamp_seconds", {{"credential", credential}});
  }

  prometheus::Registry registry_;
  TokenTelemetry contoso_{registry_, "contoso", {"ok", "needs_login"}};
};

TEST_F(TokenTelemetryTest, IsInNoStateBeforeTheFirstToken) {
  EXPECT_EQ(state("ok"), 0);
  EXPECT_EQ(state("needs_login"), 0);
  contoso_.show({.state = "starting"});
  EXPECT_EQ(state("ok"), 0);
  EXPECT_EQ(state("starting"), std::nullopt);
}

TEST_F(TokenTelemetryTest, IsInOneStateAtATime) {
  contoso_.show({.state = "ok"});
  EXPECT_EQ(state("ok"), 1);
  contoso_.show({.state = "needs_login"});
  EXPECT_EQ(state("ok"), 0);
  EXPECT_EQ(state("needs_login"), 1);
}

TEST_F(TokenTelemetryTest, ShowsNoEndThatIsNotKnownAnyMore) {
  EXPECT_EQ(expiry("refresh_token"), std::nullopt);
  contoso_.show({.refresh_token_ends = WallTime(seconds(7000)),
                 .client_certificate_ends = WallTime(seconds(8000)),
                 .access_token_ends = WallTime(seconds(9000))});
  EXPECT_EQ(expiry("refresh_token"), 7000);
  EXPECT_EQ(expiry("client_certificate"), 8000);
  EXPECT_EQ(expiry("access_token"), 9000);
  contoso_.show({.refresh_token_ends = WallTime(seconds(7001))});
  EXPECT_EQ(expiry("refresh_token"), 7001);
  EXPECT_EQ(expiry("access_token"), std::nullopt);
}

TEST_F(TokenTelemetryTest, SaysNothingOfMfaUntilItIsKnown) {
  EXPECT_EQ(value("mfa_compliant"), std::nullopt);
  contoso_.show({.mfa_compliant = false});
  EXPECT_EQ(value("mfa_compliant"), 0);
  contoso_.show({.mfa_compliant = true});
  EXPECT_EQ(value("mfa_compliant"), 1);
  contoso_.show({});
  EXPECT_EQ(value("mfa_compliant"), std::nullopt);
}

TEST_F(TokenTelemetryTest, SaysWhetherARestartWouldLoseTheRefreshToken) {
  EXPECT_EQ(value("refresh_token_stored"), 1);
  contoso_.show({.refresh_token_stored = false});
  EXPECT_EQ(value("refresh_token_stored"), 0);
}

}  // namespace
}  // namespace pce
