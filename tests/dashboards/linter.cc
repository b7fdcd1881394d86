#include "tests/dashboards/linter.h"

#include <algorithm>
#include <regex>
#include <set>

#include "tests/dashboards/dashboard.h"
#include "tests/dashboards/promql.h"

namespace pce {
namespace {

using nlohmann::json;

// Of those in Grafana's packages/grafana-data/src/valueFormats/categories.ts what licences, times
// and processes need.
const std::set<std::string> kUnits{"none",
                                   "short",
                                   "locale",
                                   "percent",
                                   "percentunit",
                                   "bytes",
                                   "decbytes",
                                   "s",
                                   "ms",
                                   "dtdurations",
                                   "reqps",
                                   "ops",
                                   "dateTimeAsIso",
                                   "dateTimeFromNow",
                                   "dateTimeAsLocal",
                                   "bool",
                                   "bool_yes_no",
                                   "bool_on_off",
                                   "dateTimeAsSystem",
                                   "currencyUSD",
                                   "currencyEUR"};
const std::set<std::string> kWithData{"stat",     "gauge", "table",     "timeseries",
                                      "bargauge", "graph", "singlestat"};

bool uses_the_variable(const json& holder) {
  const json source = holder.value("datasource", json::object());
  return source.is_object() && source.value("uid", "") == "${datasource}";
}

class Linter {
 public:
  explicit Linter(const json& dashboard) : dashboard_(dashboard) {}

  std::vector<LintComplaint> lint() {
    datasource();
    required("job", "Job");
    required("instance", "Instance");
    variables();
    if (dashboard_.value("editable", true)) say("uneditable-dashboard", "it is editable");
    for (const json& panel : panels_of(dashboard_)) {
      if (kWithData.contains(panel.at("type"))) this->panel(panel);
      for (const json& target : panel.value("targets", json::array())) this->target(panel, target);
    }
    return std::move(complaints_);
  }

 private:
  void say(const std::string& rule, const std::string& what) {
    complaints_.push_back({rule, what});
  }

  void datasource() {
    int sources = 0;
    for (const json& variable : variables_of(dashboard_)) {
      if (variable.at("type") != "datasource") continue;
      ++sources;
      if (variable.at("name") != "datasource" || variable.value("label", "") != "Data source" ||
          variable.value("query", "") != "prometheus")
        say("template-datasource-rule", variable.dump());
    }
    if (sources != 1) say("template-datasource-rule", "wanted one data source variable");
  }

  void required(const std::string& name, const std::string& label) {
    const std::string rule = "template-" + name + "-rule";
    for (const json& variable : variables_of(dashboard_)) {
      if (variable.at("name") != name) continue;
      if (variable.at("type") != "query" || !uses_the_variable(variable) ||
          variable.value("label", "") != label || !variable.value("multi", false) ||
          variable.value("allValue", "") != ".+")
        say(rule, variable.dump());
      return;
    }
    say(rule, "no variable " + name);
  }

  void variables() {
    static const std::regex kForm(R"(^(label_names|label_values|metrics|query_result)\((.+)\)$)");
    static const std::regex kWithoutLabel(R"((,\s*[a-z_]+)$)");
    for (const json& variable : variables_of(dashboard_)) {
      if (variable.at("type") != "query") continue;
      if (variable.value("refresh", 0) != 2)
        say("template-on-time-change-reload-rule", variable.at("name"));
      const std::string query = variable.at("query").at("query");
      std::smatch match;
      if (!std::regex_match(query, match, kForm)) {
        say("template-label-promql-rule", query);
        continue;
      }
      std::string inner = match[2];
      if (match[1] == "label_values") inner = std::regex_replace(inner, kWithoutLabel, "");
      const PromqlReading reading = read_promql(inner);
      if (!reading.trouble.empty() || reading.selectors.empty())
        say("template-label-promql-rule", query + ": " + reading.trouble);
    }
  }

  void panel(const json& panel) {
    const std::string title = panel.value("title", "");
    if (!uses_the_variable(panel)) say("panel-datasource-rule", title);
    if (title.empty() || panel.value("description", "").empty())
      say("panel-title-description-rule", title);
    if (panel.value("targets", json::array()).empty()) say("panel-no-targets-rule", title);
    const json defaults = panel.at("fieldConfig").at("defaults");
    if (!defaults.contains("mappings") && !kUnits.contains(defaults.value("unit", "")))
      say("panel-units-rule", title + ": " + defaults.value("unit", ""));
    for (const json& override : panel.at("fieldConfig").at("overrides")) {
      for (const json& property : override.at("properties")) {
        if (property.at("id") == "unit" && !kUnits.contains(property.at("value")))
          say("panel-units-rule", title + ": " + property.at("value").dump());
      }
    }
  }

  void target(const json& panel, const json& target) {
    const std::string where = panel.value("title", "") + " " + target.value("refId", "") + ": ";
    if (!uses_the_variable(target)) say("panel-datasource-rule", where);
    // The two rules for Loki: a panel that asks it would be the first one here.
    if (target.value("datasource", json::object()).value("type", "") == "loki") {
      say("target-logql-rule", where);
      say("target-logql-auto-rule", where);
    }
    const std::string expr = target.value("expr", "");
    const PromqlReading reading = read_promql(expr);
    if (!reading.trouble.empty() || reading.selectors.empty())
      say("target-promql-rule", where + expr + ": " + reading.trouble);
    for (const Selector& selector : reading.selectors) {
      if (!selector.has("job", "=~", "$job")) say("target-job-rule", where + selector.metric);
      if (!selector.has("instance", "=~", "$instance"))
        say("target-instance-rule", where + selector.metric);
      const bool is_rate = selector.function == "rate" || selector.function == "irate";
      if (is_rate != (selector.range == "$__rate_interval"))
        say("target-rate-interval-rule", where + selector.metric);
      if (selector.metric.ends_with("_total") &&
          (selector.range.empty() || (!is_rate && selector.function != "increase")))
        say("target-counter-agg-rule", where + selector.metric);
    }
  }

  const json& dashboard_;
  std::vector<LintComplaint> complaints_;
};

}  // namespace

std::vector<LintComplaint> lint(const json& dashboard) { return Linter(dashboard).lint(); }

}  // namespace pce
