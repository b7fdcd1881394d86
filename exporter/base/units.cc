#include "exporter/base/units.h"

#include <cctype>
#include <string>

namespace pce {

std::optional<TenantId> TenantId::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string lower(text);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const auto c = static_cast<unsigned char>(lower[i]);
    if (dash ? c != '-' : std::isxdigit(c) == 0) return std::nullopt;
    lower[i] = static_cast<char>(std::tolower(c));
  }
  return TenantId(lower);
}

bool operator==(const Number& a, const Number& b) {
  if (a.known() != b.known()) return false;
  return !a.known() || a.value() == b.value();
}

Number percent_of(const Number& part, const Number& whole) {
  if (!part.known() || !whole.known() || whole.value() <= 0) return {};
  return Number::real(100.0 * part.value() / whole.value());
}

}  // namespace pce
