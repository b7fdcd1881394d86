#pragma once
// The process_… metrics every exporter has, read from /proc at each scrape.
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "exporter/base/clock.h"

namespace pce {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  explicit ProcessMetrics(WallTime started) : started_(started) {}
  // A figure that cannot be read is left out.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const WallTime started_;
};

}  // namespace pce
