#include "exporter/telemetry/target_telemetry.h"

#include "exporter/telemetry/families.h"

namespace pce {

void show_targets(prometheus::Registry& registry, const TargetFigures& targets) {
  gauge(registry, "partner_center_target_deployment_percent",
        "Configured targets.deployment_percent: seats assigned in percent of seats sold that are "
        "wanted; partner_center_customer_target_deployment_percent goes before it.")
      .Add({})
      .Set(targets.deployment_percent);
  gauge(
      registry, "partner_center_target_usage_percent",
      "Configured targets.usage_percent: seats used in percent of seats assigned that are wanted; "
      "partner_center_customer_target_usage_percent goes before it.")
      .Add({})
      .Set(targets.usage_percent);
  gauge(registry, "partner_center_target_spare_licenses",
        "Configured targets.spare_licenses: unused seats that are nobody's concern; "
        "partner_center_customer_target_spare_licenses goes before it.")
      .Add({})
      .Set(targets.spare_licenses);
  gauge(registry, "partner_center_target_sold_drop_percent",
        "Configured targets.sold_drop_percent: how much fewer seats are a sudden drop.")
      .Add({})
      .Set(targets.sold_drop_percent);
  GaugeFamily& owner = gauge(registry, "partner_center_target_owner_info",
                             "Always 1; the label owner is targets.owner, who looks after the "
                             "customers that have no partner_center_customer_owner_info.");
  if (!targets.owner.empty()) owner.Add({{"owner", targets.owner}}).Set(1);
  GaugeFamily& ignored = gauge(registry, "partner_center_target_product_ignored",
                               "Always 1 for each product of targets.ignored_products.");
  for (const std::string& product : targets.ignored_products)
    ignored.Add({{"product", product}}).Set(1);
}

}  // namespace pce
