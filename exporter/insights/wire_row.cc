#include "exporter/insights/wire_row.h"

#include <cmath>
#include <string>

#include "exporter/insights/wire_time.h"

namespace pce {
namespace {

constexpr std::string_view kUnknown = "unknown";

bool is_number_or_text(const JsonScalar& cell) {
  return cell.kind == JsonKind::kNumber || cell.kind == JsonKind::kText;
}

}  // namespace

const char* name_of(Rejection reason) {
  switch (reason) {
    case Rejection::kForeign:
      return "foreign";
    case Rejection::kMissing:
      return "missing";
    case Rejection::kType:
      return "type";
    case Rejection::kRange:
      return "range";
  }
  return "type";
}

WireRow::WireRow(std::span<const JsonScalar> cells, const TenantId* customer, LabelPool& labels)
    : cells_(cells), labels_(labels) {
  if (customer != nullptr) check_customer(*customer);
}

// Answers of today name no customer, they are known by their URL; so an id is not needed, but one
// that is not ours means that somebody mixed up answers.
void WireRow::check_customer(const TenantId& customer) {
  for (const std::size_t column : {kCustomerId, kCustomerTenantId}) {
    const std::string_view id = text(column);
    if (!id.empty() && !same_key(id, customer.text())) reject(Rejection::kForeign);
  }
}

LabelText WireRow::name(std::size_t column) {
  const std::string_view found = text(column);
  if (found.empty()) reject(Rejection::kMissing);
  return labels_.intern(found);
}

LabelText WireRow::name(std::size_t column, std::size_t substitute) {
  // Both are read, so that what is wrong with the second does not depend on the first.
  const std::string_view second = text(substitute);
  if (text(column).empty() && !second.empty()) return labels_.intern(second);
  return name(column);
}

LabelText WireRow::service_code() {
  const std::string_view service_name = text(kServiceName);
  const std::string_view code = text(kServiceCode);
  return lower_case_or_unknown(code.empty() ? service_name : code);
}

LabelText WireRow::channel() { return lower_case_or_unknown(text(kChannel)); }

Number WireRow::count(std::size_t column) {
  if (!given(column)) return {};
  const JsonScalar& cell = cells_[column];
  if (!is_number_or_text(cell) || !cell.to_real()) {
    reject(Rejection::kType);
    return {};
  }
  const auto value = cell.to_integer();
  if (!value || *value < 0 || *value > kCountMax) {
    reject(Rejection::kRange);
    return {};
  }
  return Number::whole(*value);
}

Number WireRow::count(std::size_t column, std::size_t substitute) {
  return count(given(column) ? column : substitute);
}

Number WireRow::percent(std::size_t column) {
  if (!given(column)) return {};
  const JsonScalar& cell = cells_[column];
  const auto value = is_number_or_text(cell) ? cell.to_real() : std::nullopt;
  if (!value) {
    reject(Rejection::kType);
    return {};
  }
  if (!std::isfinite(*value) || *value < 0) {
    reject(Rejection::kRange);
    return {};
  }
  return Number::real(*value + 0.0);  // -0.0 becomes 0.0
}

Number WireRow::percent(std::size_t column, std::size_t substitute) {
  return percent(given(column) ? column : substitute);
}

Number WireRow::percent_where_any(const Number& whole, std::size_t column) {
  const Number value = percent(column);
  return whole.known() && whole.value() == 0 ? Number() : value;
}

std::optional<WallTime> WireRow::processed_at() const {
  const JsonScalar& cell = cells_[kProcessedDateTime];
  return cell.kind == JsonKind::kText ? parse_wire_time(cell.text) : std::nullopt;
}

std::string_view WireRow::customer_name() const {
  const JsonScalar& cell = cells_[kCustomerName];
  return cell.kind == JsonKind::kText ? cell.text : std::string_view();
}

// Empty where missing or null; anything but text is a reason to reject.
std::string_view WireRow::text(std::size_t column) {
  if (!given(column)) return {};
  const JsonScalar& cell = cells_[column];
  if (cell.kind != JsonKind::kText) reject(Rejection::kType);
  return cell.text;
}

LabelText WireRow::lower_case_or_unknown(std::string_view text) {
  if (text.empty()) return labels_.intern(kUnknown);
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return labels_.intern(lower);
}

bool WireRow::given(std::size_t column) const {
  const JsonKind kind = cells_[column].kind;
  return kind != JsonKind::kAbsent && kind != JsonKind::kNull;
}

void WireRow::reject(Rejection reason) {
  if (!rejection_) rejection_ = reason;
}

}  // namespace pce
