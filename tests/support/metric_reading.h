#pragma once
// Reads single figures back out of metrics.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

namespace pce {

// The value of the counter or gauge, or the count of the histogram, whose labels include these;
// nullopt: no such series.
inline std::optional<double> reading(const std::vector<prometheus::MetricFamily>& families,
                                     const std::string& name,
                                     const std::map<std::string, std::string>& labels = {}) {
  for (const auto& family : families) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      std::size_t matching = 0;
      for (const auto& label : metric.label) {
        const auto wanted = labels.find(label.name);
        if (wanted != labels.end() && wanted->second == label.value) ++matching;
      }
      if (matching != labels.size()) continue;
      if (family.type == prometheus::MetricType::Counter) return metric.counter.value;
      if (family.type == prometheus::MetricType::Gauge) return metric.gauge.value;
      return static_cast<double>(metric.histogram.sample_count);
    }
  }
  return std::nullopt;
}

inline std::optional<double> reading(const prometheus::Registry& registry, const std::string& name,
                                     const std::map<std::string, std::string>& labels = {}) {
  return reading(registry.Collect(), name, labels);
}

}  // namespace pce
