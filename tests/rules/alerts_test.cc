// What every alert has: who it concerns, figures, a runbook, and tests of its own.
#include <algorithm>
#include <regex>

#include "tests/rules/rule_book.h"
#include "tests/support/files.h"
#include "tests/support/program.h"

namespace pce {
namespace {

std::vector<Rule> alerts() {
  auto rules = shipped_rules();
  std::erase_if(rules, [](const Rule& rule) { return rule.alert.empty(); });
  return rules;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// By heading.
std::map<std::string, std::string> runbooks() {
  std::map<std::string, std::string> sections;
  std::string heading;
  for (const std::string& line : lines_of(read_file(source_dir() / "deploy/runbooks.md"))) {
    if (line.starts_with("## ")) heading = line.substr(3);
    if (!heading.empty()) sections[heading] += line + "\n";
  }
  return sections;
}

TEST(Alerts, SayWhoWhatAndHowMuch) {
  for (const Rule& rule : alerts()) {
    SCOPED_TRACE(rule.alert);
    EXPECT_THAT(rule.alert, testing::MatchesRegex("[A-Z][A-Za-z0-9]*"));
    EXPECT_LE(rule.alert.size(), 40U);
    EXPECT_THAT(rule.wait, testing::MatchesRegex("[1-9][0-9]*[mhd]"));
    EXPECT_TRUE(rule.labels.contains("severity"));
    EXPECT_THAT(rule.labels.at("severity"), testing::AnyOf("warning", "info"));
    const std::string summary = rule.annotations.at("summary");
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(summary.front())) != 0 &&
                summary.ends_with(".") && summary.find("{{") == std::string::npos)
        << summary;
    EXPECT_THAT(rule.annotations.at("description"), testing::HasSubstr("$value"));
  }
}

TEST(Alerts, LeadIntoARunbookOfTheirOwn) {
  const auto sections = runbooks();
  std::set<std::string> used;
  for (const Rule& rule : alerts()) {
    SCOPED_TRACE(rule.alert);
    EXPECT_EQ(
        rule.annotations.at("runbook_url"),
        "https://example.com/partner_center_exporter/deploy/runbooks.md#" + lower(rule.alert));
    ASSERT_TRUE(sections.contains(rule.alert)) << "no section in deploy/runbooks.md";
    for (const char* part : {"**Means** ", "**See** ", "**Do** "})
      EXPECT_THAT(sections.at(rule.alert), testing::HasSubstr(part));
    used.insert(rule.alert);
  }
  for (const auto& [heading, text] : sections)
    EXPECT_TRUE(used.contains(heading)) << "no alert leads to the section " << heading;
}

TEST(Rules, StandInGroupsThatPeopleCanRead) {
  std::map<std::string, int> sizes;
  std::set<std::string> names;
  for (const Rule& rule : shipped_rules()) {
    ++sizes[rule.group];
    EXPECT_LE(rule.group.size(), 40U);
    EXPECT_TRUE(names.insert(rule.name()).second || rule.file == "prices.example.yml")
        << rule.name() << " stands there twice";
  }
  for (const auto& [group, size] : sizes) EXPECT_LE(size, 20) << group;
}

class RuleTests : public testing::TestWithParam<const char*> {};

TEST_P(RuleTests, Pass) {
  const auto file = source_dir() / "tests/rules" / GetParam();
  const Finished tested =
      run_program({"promtool", "test", "rules", file.string()}, std::chrono::minutes(4));
  EXPECT_EQ(tested.status, 0) << tested.output;
}

INSTANTIATE_TEST_SUITE_P(Promtool, RuleTests,
                         testing::Values("exporter_alerts.test.yml", "customer_alerts.test.yml",
                                         "recorded.test.yml", "trend.test.yml"),
                         [](const auto& one) {
                           const std::string name = one.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(AlertTests, TryEachAlertInThreeWays) {
  std::map<std::string, std::set<std::string>> tried;
  for (const char* name : {"exporter_alerts.test.yml", "customer_alerts.test.yml"}) {
    const YamlNode book = yaml_in(source_dir() / "tests/rules" / name);
    for (const YamlNode& test : at(book, "tests").items) {
      const bool missing = at(test, "name").text.starts_with("missing ");
      for (const YamlNode& expected : at(test, "alert_rule_test").items) {
        auto& ways = tried[at(expected, "alertname").text];
        const bool fires = !at(expected, "exp_alerts").items.empty();
        ways.insert(fires ? "firing" : "silent");
        if (missing) ways.insert("without data");
      }
    }
  }
  for (const Rule& rule : alerts()) {
    EXPECT_THAT(tried[rule.alert],
                testing::UnorderedElementsAre("firing", "silent", "without data"))
        << rule.alert;
  }
}

TEST(Promtool, HasNothingToSayOfTheRules) {
  std::vector<std::string> argv{"promtool", "check", "rules", "--lint=all", "--lint-fatal"};
  for (const auto& file : rule_files()) argv.push_back(file.string());
  const Finished checked = run_program(argv);
  EXPECT_EQ(checked.status, 0) << checked.output;
  EXPECT_THAT(checked.output, testing::Not(testing::HasSubstr("duplicate")));
}

TEST(Promtool, HasNothingToSayOfTheDemonstration) {
  const Finished checked = run_program(
      {"promtool", "check", "config", (source_dir() / "deploy/prometheus/demo.yml").string()});
  EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace
}  // namespace pce
