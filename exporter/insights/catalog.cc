#include "exporter/insights/catalog.h"

#include <algorithm>
#include <array>

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/customer_info.h"
#include "exporter/insights/customer_target.h"
#include "exporter/insights/customer_usage.h"
#include "exporter/insights/partner_deployment.h"
#include "exporter/insights/partner_usage.h"

namespace pce {

std::span<const DataSet* const> catalog() {
  // Inside the function, so that it is there whenever it is asked for. A test keeps it sorted.
  static const std::array data_sets{&customer_deployment(), &customer_usage(),
                                    &partner_deployment(), &partner_usage()};
  return data_sets;
}

std::vector<const DataSet*> published_data_sets() {
  const auto insights = catalog();
  std::vector<const DataSet*> all(insights.begin(), insights.end());
  for (const DataSet* data_set : {&customer_info(), &customer_target(), &customer_owner()})
    all.push_back(data_set);
  return all;
}

const DataSet* find_data_set(std::string_view collector) {
  const auto all = catalog();
  const auto found = std::ranges::find_if(
      all, [&](const DataSet* data_set) { return data_set->collector == collector; });
  return found != all.end() ? *found : nullptr;
}

}  // namespace pce
