#include "exporter/web/query_string.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pce {
namespace {

Error refused(std::string message) {
  return {.kind = ErrorKind::kRejected, .message = std::move(message)};
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = digit_of(text[i + 1]);
    const int low = digit_of(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// Takes the next pair, without the "&" behind it.
std::string_view next_pair(std::string_view& query) {
  const std::string_view pair = query.substr(0, query.find('&'));
  query.remove_prefix(std::min(query.size(), pair.size() + 1));
  return pair;
}

Result<QueryParameter> decoded_parameter(std::string_view pair) {
  const auto equals = std::min(pair.find('='), pair.size());
  auto name = decoded(pair.substr(0, equals));
  auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
  if (!name || !value)
    return refused("A % in the query is not followed by two hexadecimal digits.");
  return QueryParameter{.name = *std::move(name), .value = *std::move(value)};
}

}  // namespace

Result<std::vector<QueryParameter>> parse_query(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = next_pair(query);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return refused("A parameter of the query is not of the form name=value.");
    auto parameter = decoded_parameter(pair);
    if (!parameter) return parameter.error();
    if (std::ranges::find(parameters, parameter->name, &QueryParameter::name) != parameters.end())
      return refused("A parameter stands in the query more than once.");
    parameters.push_back(*std::move(parameter));
  }
  return parameters;
}

Result<std::vector<QueryParameter>> parse_any_query(std::string_view query, std::size_t most) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = next_pair(query);
    if (pair.empty()) continue;
    if (parameters.size() == most)
      return refused("The query has more than " + std::to_string(most) + " parameters.");
    auto parameter = decoded_parameter(pair);
    if (!parameter) return parameter.error();
    parameters.push_back(*std::move(parameter));
  }
  return parameters;
}

}  // namespace pce
