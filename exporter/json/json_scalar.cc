#include "exporter/json/json_scalar.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace pce {
namespace {

constexpr double kWholeMax = 9007199254740992.0;  // 2^53

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<double> real_from_text(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too small and too large are told apart by nobody here: both are no number we could show.
    return std::numeric_limits<double>::infinity();
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

const char* name_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::kAbsent:
      return "nothing";
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return "a boolean";
    case JsonKind::kNumber:
      return "a number";
    case JsonKind::kText:
      return "text";
    case JsonKind::kArray:
      return "an array";
    case JsonKind::kObject:
      return "an object";
  }
  return "nothing";
}

std::optional<double> JsonScalar::to_real() const {
  if (kind == JsonKind::kNumber) return real;
  if (kind == JsonKind::kText) return real_from_text(text);
  return std::nullopt;
}

std::optional<std::int64_t> JsonScalar::to_integer() const {
  if (kind == JsonKind::kNumber && whole) return integer;
  if (kind == JsonKind::kText) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
  }
  const auto value = to_real();
  if (!value || !std::isfinite(*value) || std::trunc(*value) != *value) return std::nullopt;
  if (*value <= -kWholeMax || *value >= kWholeMax) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace pce
