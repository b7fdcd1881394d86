#pragma once
// The rule files as plain data, and the names their expressions mention.
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "exporter/settings/yaml_tree.h"

namespace pce {

struct Rule {
  std::string file, group;
  std::string record, alert;  // one of them
  std::string expr;
  std::string wait;  // "for"
  std::map<std::string, std::string> labels{}, annotations{};
  const std::string& name() const { return alert.empty() ? record : alert; }
};

std::vector<std::filesystem::path> rule_files();  // all three we ship
std::vector<Rule> shipped_rules();

// A document of the repository; a mistake in it is a test failure.
YamlNode yaml_in(const std::filesystem::path& file);
// The value of a key; a kNothing where there is none.
const YamlNode& at(const YamlNode& map, const std::string& key);

struct Mentions {
  std::map<std::string, std::set<std::string>> metrics{};  // with the labels in their braces
  std::set<std::string> labels{};                          // of by, without, on, group_left …
};
// Of a PromQL expression.
Mentions mentioned_in(const std::string& expression);
// The expression, and those that the annotations ask in `…`.
Mentions mentioned_in(const Rule& rule);

}  // namespace pce
