#include "exporter/telemetry/poll_telemetry.h"

#include <map>
#include <optional>

#include "tests/support/metric_reading.h"

namespace pce {
namespace {

class PollTelemetryTest : public testing::Test {
 protected:
  using Labels = std::map<std::string, std::string>;

  std::optional<double> value(const std::string& name, Labels labels = {}) const {
    labels["partner"] = "contoso";
    return reading(registry_, name, labels);
  }

  prometheus::Registry registry_;
  PollTelemetry contoso_{registry_, "contoso", {"customer_usage"}};
};

TEST_F(PollTelemetryTest, HasItsSeriesBeforeTheFirstRound) {
  const Labels usage{{"collector", "customer_usage"}};
  EXPECT_EQ(value("partner_center_up"), 0);
  EXPECT_EQ(value("partner_center_collector_last_success_timestamp_seconds", usage), 0);
  EXPECT_EQ(value("partner_center_collector_suspect", usage), 0);
  EXPECT_EQ(value("partner_center_collector_rows_difference", usage), std::nullopt)
      << "nothing was compared yet";
}

TEST_F(PollTelemetryTest, KeepsTheTimeOfTheLastSuccessWhenAReadingFails) {
  const Labels labels{{"collector", "customer_usage"}};
  contoso_.collector_finished("customer_usage", true, std::chrono::seconds(3),
                              WallTime(std::chrono::seconds(5000)));
  contoso_.collector_finished("customer_usage", false, std::chrono::seconds(9),
                              WallTime(std::chrono::seconds(6000)));
  EXPECT_EQ(value("partner_center_collector_success", labels), 0);
  EXPECT_EQ(value("partner_center_collector_duration_seconds", labels), 9);
  EXPECT_EQ(value("partner_center_collector_last_success_timestamp_seconds", labels), 5000);
}

TEST_F(PollTelemetryTest, ForgetsAServiceThatIsNoLongerProcessed) {
  contoso_.data_processed("customer_usage", {{"crm", WallTime(std::chrono::seconds(1))},
                                             {"o365", WallTime(std::chrono::seconds(2))}});
  contoso_.data_processed("customer_usage", {{"o365", WallTime(std::chrono::seconds(3))}});
  const auto at = [&](const char* service) {
    return value("partner_center_data_processed_timestamp_seconds",
                 {{"collector", "customer_usage"}, {"service_code", service}});
  };
  EXPECT_EQ(at("crm"), std::nullopt);
  EXPECT_EQ(at("o365"), 3);
}

TEST_F(PollTelemetryTest, ShowsOneSourceOfACollectorAtATime) {
  const auto of = [&](const char* source) {
    return value("partner_center_collector_source_info",
                 {{"collector", "customer_usage"}, {"source", source}});
  };
  contoso_.collector_source("customer_usage", "commercial");
  EXPECT_EQ(of("commercial"), 1);
  contoso_.collector_source("customer_usage", "classic");
  EXPECT_EQ(of("commercial"), std::nullopt);
  EXPECT_EQ(of("classic"), 1);
}

TEST_F(PollTelemetryTest, WithdrawsADifferenceOfWhichNothingIsKnown) {
  const Labels usage{{"collector", "customer_usage"}};
  contoso_.rows_difference("customer_usage", 7);
  EXPECT_EQ(value("partner_center_collector_rows_difference", usage), 7);
  contoso_.rows_difference("customer_usage", std::nullopt);
  EXPECT_EQ(value("partner_center_collector_rows_difference", usage), std::nullopt);
}

TEST_F(PollTelemetryTest, TellsADriftSeenForTheFirstTimeFromARepetition) {
  EXPECT_TRUE(contoso_.drift("customer_usage", "seats", "unknown", 2));
  EXPECT_FALSE(contoso_.drift("customer_usage", "seats", "unknown", 3));
  EXPECT_TRUE(contoso_.drift("customer_usage", "seats", "missing", 1));
  EXPECT_EQ(value("partner_center_schema_drift_total",
                  {{"collector", "customer_usage"}, {"field", "seats"}, {"kind", "unknown"}}),
            5);
}

TEST_F(PollTelemetryTest, CountsFieldsBeyondTheCapTogether) {
  for (std::size_t i = 0; i < PollTelemetry::kDriftFieldsMax + 30; ++i)
    contoso_.drift("customer_usage", "field" + std::to_string(i), "unknown", 1);
  EXPECT_EQ(value("partner_center_schema_drift_total",
                  {{"collector", "customer_usage"}, {"field", "other"}, {"kind", "unknown"}}),
            30);
  EXPECT_FALSE(contoso_.drift("customer_usage", "yet another", "unknown", 1));
}

TEST_F(PollTelemetryTest, ACollectorThatIsGoneHasNoSeriesAndTheOthersKeepTheirs) {
  contoso_.collectors_are({"customer_usage", "partner_usage"});
  for (const char* collector : {"customer_usage", "partner_usage"}) {
    contoso_.collector_source(collector, "classic");
    contoso_.data_processed(collector, {{"o365", WallTime{}}});
    contoso_.rows_difference(collector, 0);
    contoso_.customers_missing(collector, 1);
    contoso_.customers_unlisted(collector, 1);
    contoso_.drift(collector, "field", "unknown", 1);
    contoso_.rows_merged(collector, 7);
  }
  contoso_.collectors_are({"partner_usage"});
  for (const auto& family : registry_.Collect()) {
    EXPECT_EQ(reading(registry_, family.name, {{"collector", "customer_usage"}}), std::nullopt)
        << family.name;
  }
  const Labels stays{{"collector", "partner_usage"}};
  EXPECT_EQ(value("partner_center_collector_rows_merged_total", stays), 7);
  EXPECT_EQ(value("partner_center_collector_rows_difference", stays), 0);
  contoso_.collectors_are({"customer_usage"});
  EXPECT_EQ(value("partner_center_collector_rows_merged_total", {{"collector", "customer_usage"}}),
            0);
  EXPECT_TRUE(contoso_.drift("customer_usage", "field", "unknown", 1)) << "it is new again";
}

}  // namespace
}  // namespace pce
