// What Grafana and its users rely on, beyond the linter's rules.
#include <regex>
#include <set>

#include <yaml-cpp/yaml.h>

#include "tests/dashboards/dashboard.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using nlohmann::json;

std::string where(const Dashboard& dashboard, const json& panel) {
  return dashboard.file + ", " + panel.value("title", panel.at("type").get<std::string>());
}

// A change that was made in Grafana and exported there is then a small difference here.
TEST(Dashboards, AreWrittenAsGrafanaExportsThem) {
  for (const Dashboard& dashboard : shipped_dashboards())
    EXPECT_TRUE(dashboard.text == dashboard.json.dump(2) + "\n")
        << dashboard.file << ": keys sorted, two spaces; python3 -m json.tool --sort-keys "
        << "--indent 2 --no-ensure-ascii does it";
}

TEST(Dashboards, CanBeProvisionedAnywhere) {
  std::set<std::string> uids;
  for (const auto& [file, text, board] : shipped_dashboards()) {
    const std::string uid = board.at("uid");
    EXPECT_TRUE(std::regex_match(uid, std::regex("[a-z-]{8,40}"))) << uid;
    EXPECT_TRUE(uids.insert(uid).second) << uid;
    EXPECT_TRUE(board.at("id").is_null()) << file;
    EXPECT_GE(board.at("schemaVersion"), 39) << file;  // Grafana 11
    EXPECT_LE(board.at("schemaVersion"), 42) << file;  // the last classic one
    EXPECT_FALSE(board.contains("__inputs")) << file;
    EXPECT_EQ(board.at("graphTooltip"), 1) << file;
    EXPECT_TRUE(board.at("description").get<std::string>().ends_with("?") ||
                board.at("description").get<std::string>().find("? ") != std::string::npos)
        << file << " answers no question";
  }
  EXPECT_EQ(uids, (std::set<std::string>{"partner-center-customer", "partner-center-exporter",
                                         "partner-center-overview"}));
}

TEST(Dashboards, LeadToEachOther) {
  for (const auto& [file, text, board] : shipped_dashboards()) {
    EXPECT_EQ(board.at("tags"), (json{"licenses", "partner-center"})) << file;
    const json& link = board.at("links").at(0);
    EXPECT_EQ(link.at("type"), "dashboards") << file;
    EXPECT_EQ(link.at("tags"), json::array({"partner-center"})) << file;
    EXPECT_TRUE(link.at("includeVars").get<bool>() && link.at("keepTime").get<bool>()) << file;
  }
}

TEST(Dashboards, LinkToVariablesThatTheirTargetHas) {
  std::map<std::string, std::set<std::string>> variables;  // by uid
  for (const auto& [file, text, board] : shipped_dashboards()) {
    for (const json& variable : variables_of(board))
      variables[board.at("uid")].insert(variable.at("name").get<std::string>());
  }
  static const std::regex kLink(R"("url":"/d/([a-z-]+)\?([^"]*)\")");
  static const std::regex kVariable(R"(var-(\w+)=|\$\{(\w+):queryparam\})");
  int links = 0;
  for (const auto& [file, text, board] : shipped_dashboards()) {
    const std::string compact = board.dump();
    for (std::sregex_iterator link(compact.begin(), compact.end(), kLink), end; link != end;
         ++link, ++links) {
      ASSERT_TRUE(variables.contains((*link)[1])) << (*link)[0];
      const std::string query = (*link)[2];
      for (std::sregex_iterator it(query.begin(), query.end(), kVariable); it != end; ++it) {
        const std::string name = (*it)[1].matched ? (*it)[1] : (*it)[2];
        EXPECT_TRUE(variables.at((*link)[1]).contains(name)) << file << ": " << name;
      }
      EXPECT_NE(query.find("${__url_time_range}"), std::string::npos) << query;
    }
  }
  EXPECT_GE(links, 6);  // from the tables of the fleet to the customer
}

TEST(Dashboards, HaveTheVariablesThatSeveralPartnersAndPrefixesNeed) {
  for (const auto& [file, text, board] : shipped_dashboards()) {
    std::vector<std::string> names;
    for (const json& variable : variables_of(board)) {
      names.push_back(variable.at("name"));
      EXPECT_FALSE(variable.value("label", "").empty()) << file << " " << names.back();
      if (variable.at("name") != "prefix") continue;
      EXPECT_EQ(variable.at("type"), "constant");
      EXPECT_EQ(variable.at("query"), variable.at("current").at("value"));
    }
    EXPECT_THAT(names, testing::IsSupersetOf({"datasource", "job", "instance", "partner"})) << file;
    EXPECT_EQ(text.find("${prefix}") != std::string::npos,
              std::ranges::find(names, "prefix") != names.end())
        << file;
  }
}

TEST(Dashboards, SayWhatEachPanelAnswersAndWhatNothingMeans) {
  const std::set<std::string> known{"stat", "gauge", "bargauge", "timeseries", "table", "text"};
  for (const Dashboard& dashboard : shipped_dashboards()) {
    for (const json& panel : panels_of(dashboard.json)) {
      ASSERT_TRUE(known.contains(panel.at("type"))) << where(dashboard, panel);
      if (panel.at("type") == "text") continue;
      EXPECT_NE(panel.at("description").get<std::string>().find('?'), std::string::npos)
          << where(dashboard, panel) << ": the description asks nothing";
      const json& defaults = panel.at("fieldConfig").at("defaults");
      EXPECT_FALSE(defaults.value("noValue", "").empty()) << where(dashboard, panel);
      EXPECT_TRUE(defaults.at("thresholds").at("steps").at(0).at("value").is_null())
          << where(dashboard, panel);
      std::set<std::string> refs;
      for (const json& target : panel.at("targets")) {
        EXPECT_TRUE(refs.insert(target.at("refId").get<std::string>()).second)
            << where(dashboard, panel);
        EXPECT_NE(target.at("instant"), target.at("range")) << where(dashboard, panel);
        EXPECT_EQ(target.at("format") == "table", panel.at("type") == "table")
            << where(dashboard, panel);
        // A curve wants all instants, everything else one.
        EXPECT_EQ(target.at("range"), panel.at("type") == "timeseries") << where(dashboard, panel);
      }
    }
  }
}

TEST(Dashboards, PlaceTheirPanelsSideBySide) {
  for (const Dashboard& dashboard : shipped_dashboards()) {
    std::set<int> ids;
    std::map<std::pair<int, int>, std::string> taken;
    for (const json& panel : dashboard.json.at("panels")) {
      EXPECT_TRUE(ids.insert(panel.at("id").get<int>()).second) << where(dashboard, panel);
      const json& place = panel.at("gridPos");
      const int x = place.at("x"), y = place.at("y"), w = place.at("w"), h = place.at("h");
      EXPECT_LE(x + w, 24) << where(dashboard, panel);
      for (int column = x; column < x + w; ++column) {
        for (int line = y; line < y + h; ++line) {
          const auto [at, is_free] = taken.insert({{column, line}, where(dashboard, panel)});
          EXPECT_TRUE(is_free) << where(dashboard, panel) << " lies on " << at->second;
        }
      }
    }
  }
}

TEST(Provisioning, NamesTheDashboardsAndTheDataSource) {
  const auto folder = source_dir() / "dashboards/provisioning";
  const YAML::Node provider =
      YAML::Load(read_file(folder / "dashboards/partner_center.yml"))["providers"][0];
  EXPECT_EQ(provider["type"].as<std::string>(), "file");
  EXPECT_FALSE(provider["allowUiUpdates"].as<bool>());
  EXPECT_EQ(provider["options"]["path"].as<std::string>(),
            "/usr/share/partner-center-exporter/dashboards");
  const YAML::Node source =
      YAML::Load(read_file(folder / "datasources/prometheus.yml"))["datasources"][0];
  EXPECT_EQ(source["type"].as<std::string>(), "prometheus");
  EXPECT_EQ(source["access"].as<std::string>(), "proxy");
  EXPECT_EQ(source["jsonData"]["httpMethod"].as<std::string>(), "POST");
}

}  // namespace
}  // namespace pce
