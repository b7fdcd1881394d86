#include "exporter/commands/call_meter.h"

#include <utility>

#include <prometheus/registry.h>

namespace pce {

std::map<std::string, CallCost> CallMeter::all() const {
  std::map<std::string, CallCost> costs;
  for (const auto& family : registry_.Collect()) {
    if (family.name != "partner_center_api_request_duration_seconds") continue;
    for (const auto& metric : family.metric) {
      std::string operation;
      bool ours = false;
      for (const auto& label : metric.label) {
        if (label.name == "operation") operation = label.value;
        if (label.name == "partner") ours = label.value == partner_;
      }
      if (!ours) continue;
      costs[operation] = {.calls = static_cast<std::size_t>(metric.histogram.sample_count),
                          .time = std::chrono::duration<double>(metric.histogram.sample_sum)};
    }
  }
  return costs;
}

CallCost CallMeter::take(const std::string& operation) {
  const CallCost now = all()[operation];
  const CallCost before = std::exchange(taken_[operation], now);
  return {.calls = now.calls - before.calls, .time = now.time - before.time};
}

}  // namespace pce
