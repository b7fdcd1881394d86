#include "exporter/polling/reconciliation.h"

#include <limits>
#include <optional>
#include <string_view>

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/partner_deployment.h"

namespace pce {
namespace {

std::size_t place_of_label(const DataSet& data_set, std::string_view name) {
  for (std::size_t i = 0; i < data_set.row_labels.size(); ++i) {
    if (data_set.row_labels[i] == name) return i;
  }
  return kRowLabelsMax;
}

std::size_t place_of_metric(const DataSet& data_set, std::string_view name) {
  for (std::size_t i = 0; i < data_set.metrics.size(); ++i) {
    if (data_set.metrics[i].name == name) return i;
  }
  return kMetricsMax;
}

// Beyond any number of seats; what a decoder lets through is far from overflowing on top of it.
constexpr std::int64_t kSumMax = std::numeric_limits<std::int64_t>::max() / 4;

// nullopt: an unknown number is among them, or they are absurd.
using Sums = std::map<ServiceAndChannel, std::optional<std::int64_t>>;

Sums sums_of(const Snapshot& snapshot, const DataSet& data_set, std::string_view metric,
             const std::string& partner) {
  const std::size_t service = place_of_label(data_set, "service_code");
  const std::size_t channel = place_of_label(data_set, "channel");
  const std::size_t value = place_of_metric(data_set, metric);
  Sums sums;
  if (service == kRowLabelsMax || channel == kRowLabelsMax || value == kMetricsMax) return sums;
  snapshot.each_slice(data_set, [&](const Slice& slice) {
    if (slice.key.partner != partner) return;
    for (const Record& record : slice.records) {
      auto& sum = sums.try_emplace({std::string(record.labels[service].escaped()),
                                    std::string(record.labels[channel].escaped())},
                                   0)
                      .first->second;
      const Number& sold = record.values[value];
      if (!sold.known() || !sold.is_whole() || (sum && *sum > kSumMax)) {
        sum.reset();
      } else if (sum) {
        *sum += sold.whole();
      }
    }
  });
  return sums;
}

}  // namespace

std::map<ServiceAndChannel, std::int64_t> licenses_sold_difference(const Snapshot& snapshot,
                                                                   const std::string& partner) {
  Sums whole = sums_of(snapshot, partner_deployment(), "partner_licenses_sold", partner);
  const Sums parts = sums_of(snapshot, customer_deployment(), "licenses_sold", partner);
  for (const auto& [pair, part] : parts) {
    auto& sum = whole.try_emplace(pair, 0).first->second;
    if (!part) sum.reset();
    if (sum) *sum -= *part;
  }
  std::map<ServiceAndChannel, std::int64_t> differences;
  for (const auto& [pair, sum] : whole) {
    if (sum) differences.emplace(pair, *sum);
  }
  return differences;
}

}  // namespace pce
