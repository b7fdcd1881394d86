#include "tests/rules/rule_book.h"

#include <cctype>

#include "tests/support/files.h"

namespace pce {
namespace {

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
}
bool in_name(char c) { return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Reads an expression from left to right.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  Mentions read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_quoted();
      } else if (c == '[') {
        at_ = text_.find(']', at_);
      } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        while (at_ < text_.size() && (in_name(text_[at_]) || text_[at_] == '.')) ++at_;
      } else if (begins_name(c)) {
        take(name());
      } else {
        ++at_;
      }
    }
    return std::move(mentions_);
  }

 private:
  char next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  void skip_quoted() { at_ = text_.find(text_[at_], at_ + 1) + 1; }

  void take(const std::string& word) {
    static const std::set<std::string> kListed{"by",       "without",    "on",
                                               "ignoring", "group_left", "group_right"};
    static const std::set<std::string> kWords{"and", "or",  "unless", "offset", "bool", "sum",
                                              "max", "min", "avg",    "count",  "topk", "group"};
    if (kListed.contains(word)) {
      if (next() != '(') return;
      for (++at_; next() != ')' && at_ < text_.size();) {
        begins_name(text_[at_]) ? void(mentions_.labels.insert(name())) : void(++at_);
      }
    } else if (!kWords.contains(word) && next() != '(') {
      std::set<std::string>& labels = mentions_.metrics[word];
      if (next() == '{') read_matchers(labels);
    }
  }

  void read_matchers(std::set<std::string>& labels) {
    for (++at_; next() != '}' && at_ < text_.size();) {
      labels.insert(name());
      at_ = text_.find_first_of("\"'%", at_);
      text_[at_] == '%' ? void(at_ += 2) : skip_quoted();
      if (next() == ',') ++at_;
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
  Mentions mentions_;
};

std::map<std::string, std::string> texts_of(const YamlNode& map) {
  std::map<std::string, std::string> texts;
  for (const YamlNode& item : map.items) texts[item.key] = item.text;
  return texts;
}

}  // namespace

std::vector<std::filesystem::path> rule_files() {
  return {source_dir() / "deploy/prometheus/partner_center.rules.yml",
          source_dir() / "deploy/prometheus/partner_center.alerts.yml",
          source_dir() / "config/prices.example.yml"};
}

YamlNode yaml_in(const std::filesystem::path& file) {
  auto document = read_yaml(read_file(file));
  if (const auto* mistake = std::get_if<SettingMistake>(&document)) {
    ADD_FAILURE() << mistake_text(file.string(), *mistake);
    return {};
  }
  return std::get<YamlNode>(std::move(document));
}

const YamlNode& at(const YamlNode& map, const std::string& key) {
  static const YamlNode kNone;
  for (const YamlNode& item : map.items) {
    if (item.key == key) return item;
  }
  return kNone;
}

std::vector<Rule> shipped_rules() {
  std::vector<Rule> rules;
  for (const auto& file : rule_files()) {
    const YamlNode book = yaml_in(file);
    for (const YamlNode& group : at(book, "groups").items) {
      for (const YamlNode& rule : at(group, "rules").items) {
        rules.push_back({.file = file.filename().string(),
                         .group = at(group, "name").text,
                         .record = at(rule, "record").text,
                         .alert = at(rule, "alert").text,
                         .expr = at(rule, "expr").text,
                         .wait = at(rule, "for").text,
                         .labels = texts_of(at(rule, "labels")),
                         .annotations = texts_of(at(rule, "annotations"))});
      }
    }
  }
  EXPECT_GT(rules.size(), 50U);
  return rules;
}

Mentions mentioned_in(const std::string& expression) { return Reader(expression).read(); }

Mentions mentioned_in(const Rule& rule) {
  Mentions all = mentioned_in(rule.expr);
  for (const auto& [name, text] : rule.annotations) {
    for (auto open = text.find('`'); open != std::string::npos; open = text.find('`', open + 1)) {
      const auto close = text.find('`', open + 1);
      for (const auto& [metric, labels] :
           mentioned_in(text.substr(open + 1, close - open - 1)).metrics) {
        all.metrics[metric].insert(labels.begin(), labels.end());
      }
      open = close;
    }
  }
  return all;
}

}  // namespace pce
