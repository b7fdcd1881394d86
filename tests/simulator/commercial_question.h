#pragma once
// The query of a commercial insight: paging, filter, grouping, date. Source:
// partner-center-api.md 2.2.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/simulator/estate.h"
#include "tests/simulator/filter.h"
#include "tests/simulator/message.h"

namespace simulator {

inline constexpr std::size_t kTopMax = 10'000;

struct Question {
  std::size_t top = kTopMax;
  std::size_t skip = 0;
  std::optional<Filter> filter;
  std::string filter_text;                // as sent
  std::vector<std::string_view> groupby;  // spelt as in the documents
  std::optional<std::chrono::sys_days> day;
};

// Or what is wrong with it.
std::variant<Question, std::string> read_question(Dataset dataset, const Request& request);

}  // namespace simulator
