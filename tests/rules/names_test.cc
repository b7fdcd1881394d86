// Every metric and label that rules and runbooks name exists.
#include <algorithm>
#include <iterator>
#include <regex>

#include "exporter/exposition/families.h"
#include "exporter/telemetry/own_metrics.h"
#include "tests/rules/rule_book.h"
#include "tests/support/files.h"
#include "tests/support/program.h"

namespace pce {
namespace {

using Catalogue = std::map<std::string, std::set<std::string>>;  // labels of each metric

Catalogue catalogue(const std::string& prefix = "") {
  Catalogue all{{"up", {}}};
  for (const Family& family : insight_families(prefix)) {
    for (const LabelPlace& place : family.labels) all[family.name].insert(place.name);
  }
  for (const OwnMetricInfo& metric : own_metrics())
    all[metric.name].insert(metric.labels.begin(), metric.labels.end());
  for (auto& [name, labels] : all) labels.insert({"job", "instance", "pod"});
  return all;
}

std::set<std::string> every_label(const Catalogue& metrics) {
  std::set<std::string> all;
  for (const auto& [name, labels] : metrics) all.insert(labels.begin(), labels.end());
  return all;
}

// "NAME: what it mentions that is not there".
std::vector<std::string> strangers(const std::vector<Rule>& rules, Catalogue metrics) {
  // What a rule records may have any label there is; prices have a currency.
  std::set<std::string> labels = every_label(metrics);
  labels.insert("currency");
  for (const Rule& rule : rules) {
    if (rule.alert.empty()) metrics[rule.record] = labels;
  }
  std::vector<std::string> found;
  for (const Rule& rule : rules) {
    const Mentions mentions = mentioned_in(rule);
    for (const auto& [metric, matched] : mentions.metrics) {
      const auto known = metrics.find(metric);
      if (known == metrics.end()) {
        found.push_back(rule.name() + ": " + metric);
        continue;
      }
      for (const std::string& label : matched) {
        if (!known->second.contains(label))
          found.push_back(rule.name() + ": " + metric + "{" + label + "}");
      }
    }
    for (const std::string& label : mentions.labels) {
      if (!labels.contains(label)) found.push_back(rule.name() + ": " + label);
    }
  }
  return found;
}

TEST(RuleNames, AllExist) {
  EXPECT_THAT(strangers(shipped_rules(), catalogue()), testing::IsEmpty());
}

TEST(RuleNames, AreMissedWhenAMetricIsRenamed) {
  const auto rules = shipped_rules();
  std::set<std::string> used;
  for (const Rule& rule : rules) {
    for (const auto& [metric, labels] : mentioned_in(rule).metrics) used.insert(metric);
  }
  std::size_t renamed = 0;
  for (const auto& [metric, labels] : catalogue()) {
    if (!used.contains(metric)) continue;
    Catalogue changed = catalogue();
    changed.erase(metric);
    EXPECT_THAT(strangers(rules, changed), testing::Not(testing::IsEmpty())) << metric;
    ++renamed;
  }
  EXPECT_GT(renamed, 25U);
}

TEST(RuleNames, AreMissedWhenALabelIsRenamed) {
  const auto rules = shipped_rules();
  for (const char* label :
       {"customer_id", "customer", "product", "channel", "service_code", "workload", "partner",
        "owner", "collector", "field", "kind", "reason", "operation", "state", "credential"}) {
    Catalogue changed = catalogue();
    for (auto& [name, labels] : changed) labels.erase(label);
    const std::string was = label;
    const bool mentioned = std::ranges::any_of(rules, [&](const Rule& rule) {
      const Mentions mentions = mentioned_in(rule);
      return mentions.labels.contains(was) ||
             std::ranges::any_of(mentions.metrics,
                                 [&](const auto& metric) { return metric.second.contains(was); });
    });
    EXPECT_EQ(mentioned, !strangers(rules, changed).empty()) << label;
  }
}

TEST(RuleNames, ReadersSeeWhatAnExpressionMentions) {
  const Mentions mentions = mentioned_in(
      "sum without (a) (rate(x_total{b=\"c{d}\",e=~'f'}[5m] offset 1d)) / on (g) group_left (h) "
      "(i:j:k > 2) unless l");
  EXPECT_EQ(mentions.metrics, (Catalogue{{"x_total", {"b", "e"}}, {"i:j:k", {}}, {"l", {}}}));
  EXPECT_EQ(mentions.labels, (std::set<std::string>{"a", "g", "h"}));
}

TEST(RuleNames, InRunbooksExist) {
  Catalogue known = catalogue();
  for (const Rule& rule : shipped_rules()) {
    if (rule.alert.empty()) known[rule.record];
  }
  const std::string text = read_file(source_dir() / "deploy/runbooks.md");
  const std::regex name("[a-z_]+:[a-z_]+:[a-z0-9_]+|\\b(partner_center|licenses)_[a-z_]+[a-z]");
  std::size_t names = 0;
  for (std::sregex_iterator i(text.begin(), text.end(), name), end; i != end; ++i, ++names) {
    const std::string found = i->str();
    EXPECT_TRUE(known.contains(found) || found == "partner_center_exporter") << found;
  }
  EXPECT_GT(names, 30U);
}

// The command is the one that the file itself recommends.
TEST(RuleNames, FollowThePrefix) {
  const auto file = source_dir() / "deploy/prometheus/partner_center.rules.yml";
  std::smatch command;
  const std::string text = read_file(file);
  ASSERT_TRUE(std::regex_search(text, command, std::regex("sed -i -E '([^']+)'")));
  const std::string script = std::regex_replace(command[1].str(), std::regex("PREFIX"), "acme_");
  const Finished changed = run_program({"sed", "-E", script, file.string()});
  ASSERT_EQ(changed.status, 0) << changed.output;
  auto document = read_yaml(changed.output);
  ASSERT_TRUE(std::holds_alternative<YamlNode>(document));
  auto rules = shipped_rules();
  std::size_t different = 0;
  const YamlNode& groups = at(std::get<YamlNode>(document), "groups");
  auto rule = rules.begin();
  for (const YamlNode& group : groups.items) {
    for (const YamlNode& entry : at(group, "rules").items) {
      EXPECT_EQ(rule->record, at(entry, "record").text) << "what is recorded keeps its name";
      different += rule->expr != at(entry, "expr").text ? 1 : 0;
      rule->expr = at(entry, "expr").text;
      ++rule;
    }
  }
  EXPECT_EQ(different, 3U) << "of sold, deployed and active";
  EXPECT_THAT(strangers(rules, catalogue("acme_")), testing::IsEmpty());
  EXPECT_THAT(strangers(shipped_rules(), catalogue("acme_")), testing::SizeIs(3));
}

}  // namespace
}  // namespace pce
