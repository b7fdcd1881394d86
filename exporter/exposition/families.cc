#include "exporter/exposition/families.h"

#include <algorithm>

#include "exporter/insights/catalog.h"

namespace pce {

const LabelText& LabelPlace::of_slice(const Slice& slice) const {
  if (source == Source::kCustomer) return slice.customer;
  return source == Source::kCustomerId ? slice.customer_id : slice.partner;
}

std::vector<LabelPlace> label_places(const DataSet& data_set) {
  using From = LabelPlace::Source;
  std::vector<LabelPlace> places{{.name = "partner", .source = From::kPartner}};
  if (data_set.scope == Scope::kCustomer) {
    places.push_back({.name = "customer", .source = From::kCustomer});
    places.push_back({.name = "customer_id", .source = From::kCustomerId});
  }
  for (std::size_t i = 0; i < data_set.row_labels.size(); ++i) {
    places.push_back({.name = data_set.row_labels[i], .source = From::kRow, .row_index = i});
  }
  std::ranges::sort(places, {}, &LabelPlace::name);
  return places;
}

std::vector<Family> insight_families(const std::string& prefix) {
  std::vector<Family> families;
  for (const DataSet* data_set : published_data_sets()) {
    for (std::size_t i = 0; i < data_set->metrics.size(); ++i) {
      const MetricInfo& metric = data_set->metrics[i];
      Family family{{.name = (data_set->prefixed ? prefix : std::string()) + metric.name,
                     .help = metric.help,
                     .unit = metric.unit},
                    data_set,
                    i,
                    label_places(*data_set)};
      if (family.name.ends_with("_info")) family.kind = MetricKind::kInfo;
      families.push_back(std::move(family));
    }
  }
  std::ranges::sort(families, {}, &Family::name);
  return families;
}

}  // namespace pce
