#pragma once
// The filter language of the commercial endpoints: field eq 'value', ne, and, or, parentheses; a
// quote inside a value is doubled; everything is compared without regard to case. `and` binds
// tighter than `or`. Source: partner-center-api.md 2.2.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simulator {

class Filter {
 public:
  using Lookup = std::function<std::string_view(std::string_view field)>;

  // `fields` are the names that may occur. On failure the complaint, with the position.
  static std::variant<Filter, std::string> parse(std::string_view text,
                                                 std::span<const std::string_view> fields);

  bool matches(const Lookup& value_of) const;
  // The value this field must have wherever the filter holds, upper case; nullopt when several will
  // do.
  std::optional<std::string> demanded(std::string_view field) const;

 private:
  struct Comparison {
    std::string_view field;
    bool equal = true;
    std::string value;  // upper case
  };
  // A step of the expression in postfix order.
  enum class Join { kAnd, kOr };
  using Step = std::variant<Comparison, Join>;
  friend class FilterParser;

  std::vector<Step> steps_;
};

}  // namespace simulator
