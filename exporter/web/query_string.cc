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

}  // namespace

Result<std::vector<QueryParameter>> parse_query(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return refused("A parameter of the query is not of the form name=value.");
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(pair.substr(equals + 1));
    if (!name || !value)
      return refused("A % in the query is not followed by two hexadecimal digits.");
    if (std::ranges::find(parameters, *name, &QueryParameter::name) != parameters.end())
      return refused("A parameter stands in the query more than once.");
    parameters.push_back({.name = *std::move(name), .value = *std::move(value)});
  }
  return parameters;
}

}  // namespace pce
