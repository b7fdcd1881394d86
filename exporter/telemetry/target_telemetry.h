#pragma once
// What the configuration wants of customers, shown so that alerting rules need no figures of their
// own. What it wants of some of them only is shown with the customers, see customer_target.h.
#include <string>
#include <vector>

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace pce {

struct TargetFigures {
  double deployment_percent = 0, usage_percent = 0, spare_licenses = 0, sold_drop_percent = 0;
  std::string owner{};  // empty: there is none
  std::vector<std::string> ignored_products{};
};

void show_targets(prometheus::Registry& registry, const TargetFigures& targets);

}  // namespace pce
