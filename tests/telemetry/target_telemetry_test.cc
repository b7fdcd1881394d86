#include "exporter/telemetry/target_telemetry.h"

#include <map>

#include <prometheus/registry.h>

namespace pce {
namespace {

std::map<std::string, double> shown(const TargetFigures& targets) {
  prometheus::Registry registry;
  show_targets(registry, targets);
  std::map<std::string, double> all;
  for (const auto& family : registry.Collect()) {
    for (const auto& metric : family.metric) {
      std::string series = family.name;
      for (const auto& label : metric.label) series += " " + label.name + "=" + label.value;
      all[series] = metric.gauge.value;
    }
  }
  return all;
}

TEST(TargetTelemetry, ShowsEachFigureAndName) {
  const std::map<std::string, double> wanted{
      {"partner_center_target_deployment_percent", 80},
      {"partner_center_target_usage_percent", 40},
      {"partner_center_target_spare_licenses", 3},
      {"partner_center_target_sold_drop_percent", 35},
      {"partner_center_target_owner_info owner=ada", 1},
      {"partner_center_target_product_ignored product=A", 1},
      {"partner_center_target_product_ignored product=B", 1}};
  EXPECT_EQ(shown({.deployment_percent = 80,
                   .usage_percent = 40,
                   .spare_licenses = 3,
                   .sold_drop_percent = 35,
                   .owner = "ada",
                   .ignored_products = {"A", "B"}}),
            wanted);
}

TEST(TargetTelemetry, HasNoSeriesForNobody) { EXPECT_EQ(shown({}).size(), 4U); }

}  // namespace
}  // namespace pce
