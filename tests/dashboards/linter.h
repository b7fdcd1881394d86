#pragma once
// The rules of Grafana's dashboard-linter, all seventeen, written again in C++ because the program
// itself is in no distribution. Source: github.com/grafana/dashboard-linter, lint/rule_*.go.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace pce {

struct LintComplaint {
  std::string rule;  // as the linter calls it
  std::string what;
};
// Empty: nothing to say. Warnings count, as with its flag --strict. Stricter in one thing: bar
// gauges are looked at, too.
std::vector<LintComplaint> lint(const nlohmann::json& dashboard);

}  // namespace pce
