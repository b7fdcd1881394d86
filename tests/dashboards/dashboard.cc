#include "tests/dashboards/dashboard.h"

#include <algorithm>
#include <regex>

#include "tests/support/files.h"

namespace pce {

using nlohmann::json;

std::vector<Dashboard> shipped_dashboards() {
  std::vector<Dashboard> all;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "dashboards")) {
    if (entry.path().extension() != ".json") continue;
    const std::string file = entry.path().filename().string();
    std::string text = read_file(entry.path());
    json parsed = json::parse(text, nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << file << " is no JSON";
    all.push_back({file, std::move(text), std::move(parsed)});
  }
  std::ranges::sort(all, {}, &Dashboard::file);
  return all;
}

std::vector<json> panels_of(const json& dashboard) {
  std::vector<json> panels;
  for (const json& panel : dashboard.at("panels")) {
    if (panel.at("type") != "row") panels.push_back(panel);
    for (const json& inner : panel.value("panels", json::array())) panels.push_back(inner);
  }
  return panels;
}

const json& variables_of(const json& dashboard) { return dashboard.at("templating").at("list"); }

namespace {

Question question_of_variable(const std::string& where, const json& variable) {
  static const std::regex kForm(R"(^(label_values|query_result)\((.+)\)$)");
  static const std::regex kLabel(R"(^(.+),\s*([a-z_]+)$)");
  const std::string query = variable.at("query").at("query");
  Question question{.kind = Question::Kind::kVariable, .where = where, .promql = query};
  std::smatch match;
  if (!std::regex_match(query, match, kForm)) {
    ADD_FAILURE() << where << ": neither label_values(…) nor query_result(…): " << query;
    return question;
  }
  question.function = match[1];
  question.promql = match[2];
  if (question.function != "label_values") return question;
  const std::string inner = question.promql;
  EXPECT_TRUE(std::regex_match(inner, match, kLabel)) << where << ": " << query;
  question.promql = match[1];
  question.label = match[2];
  return question;
}

}  // namespace

std::vector<Question> questions_of(const Dashboard& dashboard) {
  std::vector<Question> all;
  for (const json& variable : variables_of(dashboard.json)) {
    if (variable.at("type") != "query") continue;
    all.push_back(question_of_variable(
        dashboard.file + ", variable " + variable.at("name").get<std::string>(), variable));
  }
  for (const json& annotation : dashboard.json.at("annotations").at("list")) {
    if (!annotation.contains("target")) continue;  // Grafana's own
    all.push_back(
        {.kind = Question::Kind::kAnnotation,
         .where = dashboard.file + ", annotation " + annotation.at("name").get<std::string>(),
         .promql = annotation.at("target").at("expr")});
  }
  for (const json& panel : panels_of(dashboard.json)) {
    for (const json& target : panel.value("targets", json::array())) {
      all.push_back({.where = dashboard.file + ", " + panel.at("title").get<std::string>() + ", " +
                              target.at("refId").get<std::string>(),
                     .promql = target.at("expr"),
                     .legend = target.value("legendFormat", "")});
    }
  }
  return all;
}

std::string interpolated(const std::string& text,
                         const std::map<std::string, std::string>& values) {
  static const std::regex kVariable(R"(\$(\w+)|\$\{(\w+)\})");
  std::string out;
  std::string::const_iterator from = text.begin();
  for (std::sregex_iterator it(text.begin(), text.end(), kVariable), end; it != end; ++it) {
    const std::string name = (*it)[1].matched ? (*it)[1] : (*it)[2];
    out.append(from, (*it)[0].first);
    from = (*it)[0].second;
    const auto value = values.find(name);
    if (value == values.end()) {
      ADD_FAILURE() << "no value for $" << name << " in " << text;
    } else {
      out += value->second;
    }
  }
  return out.append(from, text.end());
}

}  // namespace pce
