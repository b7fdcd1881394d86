#include "tests/simulator/commercial_question.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

// Usage has all nine, deployment the first seven.
constexpr std::array<std::string_view, 9> kFields{
    "serviceCode", "serviceName", "channel",      "customerTenantId", "customerName",
    "productId",   "productName", "workloadCode", "workloadName"};

std::span<const std::string_view> fields_of(Dataset dataset) {
  return std::span(kFields).first(dataset == Dataset::kUsage ? 9 : 7);
}

}  // namespace

std::variant<Question, std::string> read_question(Dataset dataset, const Request& request) {
  Question question;
  if (const auto text = find_field(request.arguments, "top")) {
    const auto value = parse_integer(*text);
    if (!value || *value < 1 || *value > static_cast<std::int64_t>(kTopMax)) {
      return fmt::format("top: wanted 1 to {}, found '{}'", kTopMax, *text);
    }
    question.top = static_cast<std::size_t>(*value);
  }
  if (const auto text = find_field(request.arguments, "skip")) {
    const auto value = parse_integer(*text);
    if (!value || *value < 0) return fmt::format("skip: wanted a number from 0, found '{}'", *text);
    question.skip = static_cast<std::size_t>(*value);
  }
  if (const auto text = find_field(request.arguments, "filter"); text && !text->empty()) {
    auto parsed = Filter::parse(*text, fields_of(dataset));
    if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
    question.filter = std::move(std::get<Filter>(parsed));
    question.filter_text = *text;
  }
  if (const auto text = find_field(request.arguments, "groupby"); text && !text->empty()) {
    std::string_view rest = *text;
    while (true) {
      const auto end = std::min(rest.find(','), rest.size());
      auto word = rest.substr(0, end);
      while (word.starts_with(' ')) word.remove_prefix(1);
      while (word.ends_with(' ')) word.remove_suffix(1);
      const auto known = fields_of(dataset);
      const auto found =
          std::ranges::find_if(known, [&](std::string_view f) { return same_text(f, word); });
      if (found == known.end()) return fmt::format("groupby: there is no field '{}'", word);
      question.groupby.push_back(*found);
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }
  if (const auto text = find_field(request.arguments, "processedDateTime");
      text && !text->empty()) {
    const auto when = parse_instant(*text);
    if (!when) return fmt::format("processedDateTime: '{}' is no date", *text);
    question.day = std::chrono::floor<std::chrono::days>(*when);
  }
  return question;
}

}  // namespace simulator
