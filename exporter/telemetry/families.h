#pragma once
// What our metrics are made of. Included by the .cc files of this folder only.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/client_metric.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/base/clock.h"

namespace pce {

using GaugeFamily = prometheus::Family<prometheus::Gauge>;
using CounterFamily = prometheus::Family<prometheus::Counter>;

inline GaugeFamily& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

inline CounterFamily& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

inline double unix_seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// The value of the label `code`: an HTTP status, 000 where no answer came.
inline std::string code_text(int http_status) {
  return http_status <= 0 ? "000" : std::to_string(http_status);
}

// The labels of a series of one account.
inline prometheus::Labels account_labels(
    const std::string& partner,
    std::initializer_list<std::pair<const char*, std::string_view>> more = {}) {
  prometheus::Labels all{{"partner", partner}};
  for (const auto& [key, value] : more) all[key] = value;
  return all;
}

// Ends the series that have `value` in the label `name`. Nobody may hold one of them meanwhile.
// `made_with`: what Add() wants beside labels.
template <typename Metric, typename... MadeWith>
void remove_series(prometheus::Family<Metric>& family, std::string_view name,
                   std::string_view value, const MadeWith&... made_with) {
  for (const prometheus::MetricFamily& shown : family.Collect()) {
    for (const prometheus::ClientMetric& metric : shown.metric) {
      prometheus::Labels labels;
      bool gone = false;
      for (const auto& label : metric.label) {
        labels[label.name] = label.value;
        gone = gone || (label.name == name && label.value == value);
      }
      if (gone) family.Remove(&family.Add(labels, made_with...));
    }
  }
}

// Series of a gauge that come and go together. Not thread-safe.
class GaugeSet {
 public:
  explicit GaugeSet(GaugeFamily& family) : family_(family) {}
  // Sets these and removes what was set before and is not among them.
  void replace(const std::vector<std::pair<prometheus::Labels, double>>& values);

 private:
  GaugeFamily& family_;
  std::vector<prometheus::Gauge*> shown_;
};

}  // namespace pce
