#include "tests/dashboards/catalogue.h"

#include <algorithm>
#include <regex>

#include "exporter/exposition/families.h"
#include "exporter/telemetry/own_metrics.h"
#include "tests/dashboards/promql.h"

namespace pce {

using nlohmann::json;

Catalogue catalogue() {
  Catalogue all;
  const std::set<std::string> with_prefix = [] {
    std::set<std::string> names;
    for (const Family& family : insight_families("x_")) {
      if (family.name.starts_with("x_")) names.insert(family.name.substr(2));
    }
    return names;
  }();
  for (const Family& family : insight_families("")) {
    CataloguedMetric& metric = all[family.name];
    metric.takes_prefix = with_prefix.contains(family.name);
    for (const LabelPlace& place : family.labels) metric.labels.insert(place.name);
  }
  for (const OwnMetricInfo& metric : own_metrics()) {
    const std::set<std::string> labels(metric.labels.begin(), metric.labels.end());
    if (metric.type != "histogram") {
      all[metric.name].labels = labels;
      continue;
    }
    for (const char* suffix : {"_bucket", "_sum", "_count"})
      all[metric.name + suffix].labels = labels;
    all[metric.name + "_bucket"].labels.insert("le");
  }
  for (const char* name : {"up", "scrape_duration_seconds", "scrape_samples_scraped"}) all[name];
  for (auto& [name, metric] : all) metric.labels.insert({"job", "instance"});
  return all;
}

namespace {

class Names {
 public:
  Names(const Dashboard& dashboard, const Catalogue& catalogue)
      : dashboard_(dashboard), catalogue_(catalogue) {}

  std::vector<std::string> unknown() {
    for (const Question& question : questions_of(dashboard_)) this->question(question);
    for (const json& variable : variables_of(dashboard_.json))
      captures(variable.value("regex", ""));
    for (const json& panel : panels_of(dashboard_.json)) {
      columns(panel);
      links(panel.dump());
    }
    return std::move(unknown_);
  }

 private:
  void say(const std::string& where, const std::string& what) {
    unknown_.push_back(where + ": " + what);
  }

  void question(const Question& question) {
    const PromqlReading reading = read_promql(question.promql);
    if (!reading.trouble.empty()) say(question.where, reading.trouble);
    std::set<std::string> labels;
    for (const Selector& selector : reading.selectors) {
      const auto metric = catalogue_.find(selector.metric);
      if (metric == catalogue_.end()) {
        say(question.where, "no metric " + selector.metric);
        continue;
      }
      if (metric->second.takes_prefix != selector.prefixed)
        say(question.where,
            selector.metric + (selector.prefixed ? " takes no" : " without the") + " prefix");
      for (const Matcher& matcher : selector.matchers) {
        if (!metric->second.labels.contains(matcher.label))
          say(question.where, selector.metric + " has no label " + matcher.label);
      }
      labels.insert(metric->second.labels.begin(), metric->second.labels.end());
    }
    std::set<std::string> named = reading.labels;
    static const std::regex kInLegend(R"(\{\{\s*(\w+)\s*\}\})");
    for (std::sregex_iterator it(question.legend.begin(), question.legend.end(), kInLegend), end;
         it != end; ++it)
      named.insert((*it)[1]);
    if (!question.label.empty()) named.insert(question.label);
    for (const std::string& label : named) {
      if (!labels.contains(label)) say(question.where, "no label " + label);
    }
    seen_.insert(labels.begin(), labels.end());
  }

  // customer="(?<text>…)" in the expression that takes a variable's answers apart.
  void captures(const std::string& expression) {
    static const std::regex kLabel(R"((\w+)=")");
    for (std::sregex_iterator it(expression.begin(), expression.end(), kLabel), end; it != end;
         ++it)
      label("variable", (*it)[1]);
  }

  void links(const std::string& text) {
    const std::string before = "__data.fields.";
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
      at += before.size();
      label("link", text.substr(at, text.find('}', at) - at));
    }
  }

  void columns(const json& panel) {
    std::set<std::string> values{"Time", "Value"};
    for (const json& target : panel.value("targets", json::array()))
      values.insert("Value #" + target.at("refId").get<std::string>());
    std::set<std::string> shown;
    for (const json& step : panel.value("transformations", json::array())) {
      const json& options = step.at("options");
      for (const char* part : {"renameByName", "excludeByName", "indexByName"}) {
        const json renames = options.value(part, json::object());
        for (const auto& [column, to] : renames.items()) {
          if (!values.contains(column)) label(panel.at("title"), column);
          if (to.is_string()) shown.insert(to.get<std::string>());
        }
      }
    }
    for (const json& override : panel.at("fieldConfig").value("overrides", json::array())) {
      const json& matcher = override.at("matcher");
      if (matcher.at("id") == "byName" && !shown.contains(matcher.at("options")))
        say(panel.at("title"), "no column " + matcher.at("options").get<std::string>());
    }
    for (const json& sorting :
         panel.value("options", json::object()).value("sortBy", json::array())) {
      if (!shown.contains(sorting.at("displayName")))
        say(panel.at("title"), "no column " + sorting.at("displayName").get<std::string>());
    }
  }

  void label(const std::string& where, const std::string& name) {
    if (!seen_.contains(name)) say(dashboard_.file + ", " + where, "no label " + name);
  }

  const Dashboard& dashboard_;
  const Catalogue& catalogue_;
  std::set<std::string> seen_;  // labels of all metrics of the dashboard
  std::vector<std::string> unknown_;
};

}  // namespace

std::vector<std::string> unknown_names(const Dashboard& dashboard, const Catalogue& catalogue) {
  return Names(dashboard, catalogue).unknown();
}

}  // namespace pce
