#pragma once
// Reads of a PromQL query what the rules for dashboards are about: selectors and names of labels.
// No parser; whether a query is right as a whole is for Prometheus to say.
#include <set>
#include <string>
#include <vector>

namespace pce {

struct Matcher {
  std::string label{}, comparison{}, value{};
};

struct Selector {
  std::string metric;
  bool prefixed = false;  // behind ${prefix}
  std::vector<Matcher> matchers{};
  std::string range{};     // what stands in brackets
  std::string function{};  // the one that it stands in directly

  bool has(const std::string& label, const std::string& comparison, const std::string& value) const;
};

struct PromqlReading {
  std::vector<Selector> selectors;
  std::set<std::string> labels;  // in by, without, on, ignoring, group_left, group_right
  std::string trouble;           // empty: none
};
PromqlReading read_promql(const std::string& query);

}  // namespace pce
