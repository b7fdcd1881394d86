// Grafana's own rules for dashboards that are shipped.
#include "tests/dashboards/linter.h"

#include <functional>

#include "tests/dashboards/dashboard.h"

namespace pce {
namespace {

using nlohmann::json;

TEST(DashboardLinter, HasNothingToSay) {
  ASSERT_EQ(shipped_dashboards().size(), 3U);
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const LintComplaint& complaint : lint(dashboard.json))
      ADD_FAILURE() << dashboard.file << ": " << complaint.rule << ": " << complaint.what;
  }
}

struct Breakage {
  std::string rule;
  std::function<void(json&)> damage;
};

json& first_panel(json& dashboard, const std::string& type) {
  for (json& panel : dashboard.at("panels")) {
    if (panel.at("type") == type) return panel;
  }
  throw std::runtime_error("no panel of type " + type);
}
json& variable(json& dashboard, const std::string& name) {
  for (json& variable : dashboard.at("templating").at("list")) {
    if (variable.at("name") == name) return variable;
  }
  throw std::runtime_error("no variable " + name);
}
json& expression(json& dashboard) {
  return first_panel(dashboard, "timeseries").at("targets").at(0).at("expr");
}

TEST(DashboardLinter, NoticesEachBreakage) {
  const std::vector<Breakage> breakages{
      {"template-datasource-rule", [](json& d) { variable(d, "datasource")["label"] = "Source"; }},
      {"template-job-rule", [](json& d) { variable(d, "job")["multi"] = false; }},
      {"template-instance-rule", [](json& d) { variable(d, "instance")["allValue"] = ".*"; }},
      {"template-label-promql-rule",
       [](json& d) { variable(d, "job")["query"]["query"] = "label_values(up{,job)"; }},
      {"template-on-time-change-reload-rule", [](json& d) { variable(d, "job")["refresh"] = 1; }},
      {"panel-datasource-rule",
       [](json& d) { first_panel(d, "stat")["datasource"]["uid"] = "P1809F7CD0C75ACF3"; }},
      {"panel-title-description-rule",
       [](json& d) { first_panel(d, "gauge").erase("description"); }},
      {"panel-units-rule",
       [](json& d) { first_panel(d, "timeseries")["fieldConfig"]["defaults"]["unit"] = "seats"; }},
      {"panel-no-targets-rule", [](json& d) { first_panel(d, "table").erase("targets"); }},
      {"target-promql-rule", [](json& d) { expression(d) = "sum(up{job=~\"$job\"}"; }},
      {"target-job-rule", [](json& d) { expression(d) = "up{instance=~\"$instance\"}"; }},
      {"target-instance-rule", [](json& d) { expression(d) = "up{job=~\"$job\"}"; }},
      {"target-rate-interval-rule",
       [](json& d) {
         expression(d) =
             "rate(process_cpu_seconds_total{job=~\"$job\",instance=~\"$instance\"}[5m])";
       }},
      {"target-counter-agg-rule",
       [](json& d) {
         expression(d) = "sum(process_cpu_seconds_total{job=~\"$job\",instance=~\"$instance\"})";
       }},
      {"target-logql-rule",
       [](json& d) { first_panel(d, "timeseries")["targets"][0]["datasource"]["type"] = "loki"; }},
      {"target-logql-auto-rule",
       [](json& d) { first_panel(d, "timeseries")["targets"][0]["datasource"]["type"] = "loki"; }},
      {"uneditable-dashboard", [](json& d) { d["editable"] = true; }},
  };
  EXPECT_EQ(breakages.size(), 17U);
  for (const Breakage& breakage : breakages) {
    json dashboard = shipped_dashboards().back().json;
    breakage.damage(dashboard);
    EXPECT_THAT(lint(dashboard),
                testing::Contains(testing::Field(&LintComplaint::rule, breakage.rule)))
        << breakage.rule;
  }
}

}  // namespace
}  // namespace pce
