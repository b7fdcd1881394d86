#include "exporter/http/transport.h"

#include <algorithm>

namespace pce {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_header_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const Header& h) { return same_header_name(h.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

}  // namespace pce
