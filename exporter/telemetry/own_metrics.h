#pragma once
// The list of our own metrics, for METRICS.md and the tests of names.
#include <string>
#include <vector>

namespace pce {

// A metric about ourselves as METRICS.md lists it.
struct OwnMetricInfo {
  std::string name, type, help;
  std::vector<std::string> labels;
};
// Every metric about ourselves, sorted by name: read from a registry in which each has been touched
// once.
std::vector<OwnMetricInfo> own_metrics();

}  // namespace pce
