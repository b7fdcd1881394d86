// Every query of every dashboard, asked of a real Prometheus that has scraped the real exporter.
#include <regex>

#include "tests/dashboards/busy_estate.h"
#include "tests/dashboards/dashboard.h"

namespace pce {
namespace {

using nlohmann::json;

// What Grafana puts in for "All", and the customer that Microsoft's documents print.
std::map<std::string, std::string> choices(const std::string& prefix = "") {
  return {{"job", ".+"},     {"instance", ".+"}, {"partner", ".+"},     {"channel", ".+"},
          {"product", ".+"}, {"prefix", prefix}, {"customer", kSeedId}, {"__rate_interval", "10s"}};
}

json answer(const RealPrometheus& prometheus, const Question& question,
            const std::map<std::string, std::string>& values) {
  const std::string promql = interpolated(question.promql, values);
  if (question.function == "label_values")
    return prometheus.result("group by (" + question.label + ") (" + promql + ")");
  return prometheus.result(promql);
}

struct CalmEstate {
  explicit CalmEstate(const Stage::Choices& with = {}) {
    stage.start_simulator({"--customers=25"});
    stage.start_exporter(with);
    stage.first_round();
    prometheus =
        std::make_unique<RealPrometheus>(stage, scrape_job("exporter", stage.exporter_port()));
    EXPECT_TRUE(
        eventually([&] { return !prometheus->result("partner_center_customer_info").empty(); }));
  }
  Stage stage;
  std::unique_ptr<RealPrometheus> prometheus;
};

// A scrape that was missed on a busy machine hides everything until the next one.
template <typename Ask>
bool has_rows(Ask&& ask) {
  return eventually([&] { return !ask().empty(); }, std::chrono::seconds(10));
}

TEST(DashboardQueries, HaveRowsWhenEverythingHappens) {
  const BusyEstate estate;
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const Question& question : questions_of(dashboard)) {
      EXPECT_TRUE(has_rows([&] { return answer(estate.prometheus(), question, choices()); }))
          << question.where << " has no rows: " << question.promql;
    }
    // As a curve, too.
    for (const json& panel : panels_of(dashboard.json)) {
      if (panel.at("type") != "timeseries") continue;
      for (const json& target : panel.at("targets")) {
        const std::string promql = interpolated(target.at("expr"), choices());
        EXPECT_TRUE(has_rows([&] { return estate.prometheus().range_result(promql); }))
            << dashboard.file << ", " << panel.at("title");
      }
    }
  }
}

// A row of one column must not appear in another row of the table, so what a table puts side by
// side has to name the same columns.
TEST(DashboardQueries, OfOneTableHaveTheSameLabels) {
  const CalmEstate estate;
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const json& panel : panels_of(dashboard.json)) {
      if (panel.at("type") != "table") continue;
      std::set<std::string> first;
      for (const json& target : panel.at("targets")) {
        std::set<std::string> labels;
        for (const json& row :
             estate.prometheus->result(interpolated(target.at("expr"), choices()))) {
          for (const auto& [label, value] : row.at("metric").items()) labels.insert(label);
        }
        if (labels.empty()) continue;  // nothing to show in a calm estate
        labels.erase("source");        // one a collector, so that it adds no row
        if (first.empty()) first = labels;
        EXPECT_EQ(labels, first) << dashboard.file << ", " << panel.at("title");
      }
    }
  }
}

// As Grafana shows an answer of query_result, before the variable's expression takes it apart.
std::string as_grafana_text(const json& row) {
  std::string text;
  for (const auto& [label, value] : row.at("metric").items())
    text += (text.empty() ? "{" : ",") + label + "=\"" + value.get<std::string>() + "\"";
  return text + "} 1 1795220199000";
}

TEST(DashboardQueries, OfferEachCustomerByNameAndId) {
  const CalmEstate estate;
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const json& variable : variables_of(dashboard.json)) {
      if (variable.at("name") != "customer") continue;
      std::string expression = variable.at("regex");
      expression = expression.substr(1, expression.size() - 2);
      for (const char* name : {"?<text>", "?<value>"})
        expression.erase(expression.find(name), std::string(name).size());
      const std::regex form(expression);
      for (const Question& question : questions_of(dashboard)) {
        if (question.function != "query_result") continue;
        json rows;
        EXPECT_TRUE(
            has_rows([&] { return rows = answer(*estate.prometheus, question, choices()); }));
        EXPECT_GT(rows.size(), 25U);
        for (const json& row : rows) {
          std::smatch match;
          const std::string text = as_grafana_text(row);
          ASSERT_TRUE(std::regex_search(text, match, form)) << text;
          EXPECT_EQ(match[1], row.at("metric").at("customer"));
          EXPECT_EQ(match[2], row.at("metric").at("customer_id"));
        }
      }
    }
  }
}

TEST(DashboardQueries, FollowTheMetricPrefix) {
  const CalmEstate estate({.more = "metrics: {prefix: contoso_}\n"});
  const RealPrometheus& prometheus = *estate.prometheus;
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const Question& question : questions_of(dashboard)) {
      if (question.promql.find("${prefix}") == std::string::npos) continue;
      EXPECT_TRUE(answer(prometheus, question, choices()).empty()) << question.where;
      const bool wants_history = question.promql.find("offset 7d") != std::string::npos;
      const auto ask = [&] { return answer(prometheus, question, choices("contoso_")); };
      EXPECT_TRUE(wants_history ? ask().empty() : has_rows(ask)) << question.where;
    }
  }
}

TEST(DashboardQueries, AreAnsweredWhereThereIsNothing) {
  Stage stage;
  stage.start_simulator({"--customers=3"});
  stage.simulate("/_sim/estate", R"({"empty_data": true, "empty_list": true})");
  stage.start_exporter({});
  stage.first_round();
  const RealPrometheus prometheus(stage, scrape_job("exporter", stage.exporter_port()));
  ASSERT_TRUE(eventually([&] { return !prometheus.result("partner_center_up").empty(); }));
  const std::set<std::string> speaking{"fleet.json, Accounts, A", "exporter.json, Accounts, A",
                                       "exporter.json, Collectors, B"};
  std::size_t seen = 0;
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const Question& question : questions_of(dashboard)) {
      const auto ask = [&] { return answer(prometheus, question, choices()); };
      for (const json& row : ask()) EXPECT_NE(row.at("value").at(1), "NaN") << question.where;
      if (!speaking.contains(question.where)) continue;
      ++seen;
      EXPECT_TRUE(has_rows(ask)) << question.where << " says nothing";
    }
  }
  EXPECT_GE(seen, speaking.size());
}

}  // namespace
}  // namespace pce
