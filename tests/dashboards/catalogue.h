#pragma once
// What there is to ask for: every metric with its labels.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/dashboards/dashboard.h"

namespace pce {

struct CataloguedMetric {
  bool takes_prefix = false;
  std::set<std::string> labels{};
};
using Catalogue = std::map<std::string, CataloguedMetric>;  // by the name of a sample

// Ours as METRICS.md lists them, and what Prometheus adds for each target; job and instance are
// labels of all.
Catalogue catalogue();

// Every metric and label that the dashboard names, in queries, legends, links and columns, and
// that is not catalogued; empty: none.
std::vector<std::string> unknown_names(const Dashboard& dashboard, const Catalogue& catalogue);

}  // namespace pce
