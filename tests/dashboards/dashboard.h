#pragma once
// The dashboards as they are shipped: Grafana's JSON, and what it asks of Prometheus.
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace pce {

struct Dashboard {
  std::string file;  // "fleet.json"
  std::string text;
  nlohmann::json json;
};
// All of dashboards/, sorted by name; a file that is no JSON is a test failure.
std::vector<Dashboard> shipped_dashboards();

// Those in folded rows, too; rows themselves are none.
std::vector<nlohmann::json> panels_of(const nlohmann::json& dashboard);
const nlohmann::json& variables_of(const nlohmann::json& dashboard);

// Something that is asked of Prometheus.
struct Question {
  enum class Kind { kPanel, kVariable, kAnnotation };
  Kind kind = Kind::kPanel;
  std::string where;   // "fleet.json, Lowest deployment, A"
  std::string promql;  // with Grafana's variables; of a variable only what stands in its function
  std::string legend{};
  // Of a variable: label_values or query_result, and the label that label_values asks for.
  std::string function{};
  std::string label{};
};
std::vector<Question> questions_of(const Dashboard& dashboard);

// `text` with Grafana's variables replaced as Grafana does, $name and ${name}; an unknown one is a
// test failure.
std::string interpolated(const std::string& text, const std::map<std::string, std::string>& values);

}  // namespace pce
