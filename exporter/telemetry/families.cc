#include "exporter/telemetry/families.h"

#include <algorithm>

namespace pce {

void GaugeSet::replace(const std::vector<std::pair<prometheus::Labels, double>>& values) {
  std::vector<prometheus::Gauge*> now;
  for (const auto& [labels, value] : values) {
    prometheus::Gauge& one = family_.Add(labels);
    one.Set(value);
    now.push_back(&one);
  }
  for (prometheus::Gauge* former : shown_) {
    if (std::ranges::find(now, former) == now.end()) family_.Remove(former);
  }
  shown_ = std::move(now);
}

}  // namespace pce
