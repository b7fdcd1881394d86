#include "tests/end_to_end/runs.h"

#include <algorithm>
#include <cstdlib>

namespace pce {
namespace {

struct Metric {
  std::string_view begin;
  const char* collector;
  int above;
};
constexpr Metric kMetrics[] = {{"licenses_sold{", "customer_deployment ", 1000},
                               {"licenses_deployed{", "customer_deployment ", 0},
                               {"licenses_qualified{", "customer_usage ", 1000},
                               {"licenses_active{", "customer_usage ", 0}};

}  // namespace

Runs runs_in(std::string_view body) {
  constexpr std::string_view kId = ",customer_id=\"";  // quotes within a name are escaped
  constexpr std::size_t kIdLength = 36;
  Runs runs;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    for (const Metric& metric : kMetrics) {
      if (!line.starts_with(metric.begin)) continue;
      std::string key = metric.collector;
      key.append(line.substr(line.find(kId) + kId.size(), kIdLength));
      const std::string value(line.substr(line.rfind(' ') + 1));
      const int run = std::atoi(value.c_str()) - metric.above;
      if (runs.run_of.emplace(key, run).first->second != run) runs.mixed.emplace_back(line);
    }
  }
  return runs;
}

}  // namespace pce
