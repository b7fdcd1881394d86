#include "tests/dashboards/promql.h"

#include <algorithm>
#include <cctype>

namespace pce {
namespace {

const std::set<std::string> kLabelLists{"by",       "without",    "on",
                                        "ignoring", "group_left", "group_right"};
const std::set<std::string> kWords{"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"};
const std::set<std::string> kAggregations{"sum",   "min",  "max",     "avg",    "count",
                                          "group", "topk", "bottomk", "stddev", "quantile"};

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  PromqlReading read() {
    while (reading_.trouble.empty() && !ends()) step();
    if (reading_.trouble.empty() && !around_.empty()) complain("an open parenthesis");
    return std::move(reading_);
  }

 private:
  bool ends() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ >= text_.size();
  }
  char next() { return ends() ? '\0' : text_[at_]; }
  void complain(const std::string& what) { reading_.trouble = what; }

  std::string word() {
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '_' || text_[at_] == ':' || text_[at_] == '.'))
      ++at_;
    return text_.substr(from, at_ - from);
  }

  std::string up_to(char closing) {
    const auto end = text_.find(closing, at_ + 1);
    if (end == std::string::npos) {
      complain(std::string("no ") + closing);
      return {};
    }
    std::string inner = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inner;
  }

  std::string quoted() {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') value += text_[at_++];
      if (at_ < text_.size()) value += text_[at_];
    }
    if (at_ >= text_.size()) complain("a string without an end");
    ++at_;
    return value;
  }

  void step() {
    const char c = next();
    if (c == '"') {
      quoted();
    } else if (c == '(') {
      around_.push_back(std::move(function_));
      function_.clear();
      ++at_;
    } else if (c == ')') {
      if (around_.empty()) return complain("a parenthesis too many");
      around_.pop_back();
      ++at_;
    } else if (c == '$') {
      if (text_.compare(at_, 9, "${prefix}") != 0) return complain("a variable outside of quotes");
      at_ += 9;
      prefixed_ = true;
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      word();
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_') {
      name(word());
    } else if (std::string("+-*/%^=!<>,@").find(c) != std::string::npos) {
      ++at_;
    } else {
      complain(std::string("an unexpected ") + c);
    }
  }

  void name(const std::string& name) {
    if (kLabelLists.contains(name)) {
      if (next() != '(') return complain(name + " without a list");
      list(up_to(')'));
    } else if (kWords.contains(name)) {
      return;
    } else if (kAggregations.contains(name) || next() == '(') {
      function_ = name;
    } else {
      selector(name);
    }
  }

  void list(const std::string& names) {
    std::string label;
    for (const char c : names + ",") {
      if (c != ',' && c != ' ') label += c;
      if (c == ',' && !label.empty()) reading_.labels.insert(std::exchange(label, {}));
    }
  }

  void selector(const std::string& metric) {
    Selector selector{.metric = metric, .prefixed = std::exchange(prefixed_, false)};
    if (!around_.empty()) selector.function = around_.back();
    if (next() == '{') matchers(selector);
    if (reading_.trouble.empty() && next() == '[') selector.range = up_to(']');
    reading_.selectors.push_back(std::move(selector));
  }

  void matchers(Selector& selector) {
    ++at_;
    while (reading_.trouble.empty() && next() != '}') {
      Matcher matcher{.label = word()};
      while (std::string("=!~").find(next()) != std::string::npos && !ends())
        matcher.comparison += text_[at_++];
      if (next() != '"') return complain("a matcher without a string");
      matcher.value = quoted();
      selector.matchers.push_back(std::move(matcher));
      if (next() == ',') ++at_;
    }
    ++at_;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  bool prefixed_ = false;
  std::string function_;             // read, its parenthesis not yet
  std::vector<std::string> around_;  // one entry an open parenthesis, the name before it
  PromqlReading reading_;
};

}  // namespace

bool Selector::has(const std::string& label, const std::string& comparison,
                   const std::string& value) const {
  return std::ranges::any_of(matchers, [&](const Matcher& matcher) {
    return matcher.label == label && matcher.comparison == comparison && matcher.value == value;
  });
}

PromqlReading read_promql(const std::string& query) { return Reader(query).read(); }

}  // namespace pce
