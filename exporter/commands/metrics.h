#pragma once
// `partner_center_exporter metrics`: the reference of every metric, as the Markdown that METRICS.md
// holds.
#include <string>

namespace pce {

std::string metrics_reference();

}  // namespace pce
