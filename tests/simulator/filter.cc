#include "tests/simulator/filter.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {

class FilterParser {
 public:
  FilterParser(std::string_view text, std::span<const std::string_view> fields)
      : text_(text), fields_(fields) {}

  std::variant<Filter, std::string> parse() {
    either(0);
    skip_spaces();
    if (problem_.empty() && at_ < text_.size()) fail("'and', 'or' or the end");
    if (!problem_.empty()) return problem_;
    return std::move(filter_);
  }

 private:
  static constexpr int kDepthMax = 50;

  void fail(std::string_view wanted) {
    if (problem_.empty()) {
      problem_ = fmt::format("filter: wanted {} at position {}, found '{}'", wanted, at_,
                             text_.substr(at_, 20));
    }
  }
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  std::string_view peek_word() {
    skip_spaces();
    std::size_t end = at_;
    while (end < text_.size() &&
           std::string_view(" ()'").find(text_[end]) == std::string_view::npos)
      ++end;
    return text_.substr(at_, end - at_);
  }
  bool take_word(std::string_view wanted) {
    const auto word = peek_word();
    if (!same_text(word, wanted)) return false;
    at_ += word.size();
    return true;
  }
  bool take_char(char wanted) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void either(int depth) {
    both(depth);
    while (problem_.empty() && take_word("or")) {
      both(depth);
      filter_.steps_.emplace_back(Filter::Join::kOr);
    }
  }
  void both(int depth) {
    primary(depth);
    while (problem_.empty() && take_word("and")) {
      primary(depth);
      filter_.steps_.emplace_back(Filter::Join::kAnd);
    }
  }
  void primary(int depth) {
    if (depth > kDepthMax) return fail("fewer parentheses");
    if (take_char('(')) {
      either(depth + 1);
      if (problem_.empty() && !take_char(')')) fail("')'");
      return;
    }
    comparison();
  }
  void comparison() {
    const auto word = peek_word();
    const auto field =
        std::ranges::find_if(fields_, [&](std::string_view f) { return same_text(f, word); });
    if (field == fields_.end()) return fail("a field name");
    at_ += word.size();
    Filter::Comparison comparison{.field = *field, .value = {}};
    if (take_word("ne")) {
      comparison.equal = false;
    } else if (!take_word("eq")) {
      return fail("'eq' or 'ne'");
    }
    if (!take_char('\'')) return fail("a value in single quotes");
    std::string value;
    while (true) {
      if (at_ >= text_.size()) return fail("the closing quote");
      const char c = text_[at_++];
      if (c == '\'') {
        if (at_ >= text_.size() || text_[at_] != '\'') break;
        ++at_;
      }
      value += c;
    }
    comparison.value = upper(value);
    filter_.steps_.emplace_back(std::move(comparison));
  }

  std::string_view text_;
  std::span<const std::string_view> fields_;
  std::size_t at_ = 0;
  std::string problem_;
  Filter filter_;
};

std::variant<Filter, std::string> Filter::parse(std::string_view text,
                                                std::span<const std::string_view> fields) {
  return FilterParser(text, fields).parse();
}

bool Filter::matches(const Lookup& value_of) const {
  std::vector<bool> stack;
  for (const Step& step : steps_) {
    if (const auto* comparison = std::get_if<Comparison>(&step)) {
      stack.push_back((upper(value_of(comparison->field)) == comparison->value) ==
                      comparison->equal);
      continue;
    }
    const bool right = stack.back();
    stack.pop_back();
    stack.back() =
        std::get<Join>(step) == Join::kAnd ? stack.back() && right : stack.back() || right;
  }
  return stack.empty() || stack.back();
}

std::optional<std::string> Filter::demanded(std::string_view field) const {
  std::vector<std::optional<std::string>> stack;
  for (const Step& step : steps_) {
    if (const auto* comparison = std::get_if<Comparison>(&step)) {
      const bool tells = comparison->equal && comparison->field == field;
      stack.push_back(tells ? std::optional(comparison->value) : std::nullopt);
      continue;
    }
    const auto right = std::move(stack.back());
    stack.pop_back();
    auto& left = stack.back();
    if (std::get<Join>(step) == Join::kAnd) {
      if (!left) left = right;
    } else if (left != right) {
      left.reset();
    }
  }
  return stack.empty() ? std::nullopt : stack.back();
}

}  // namespace simulator
