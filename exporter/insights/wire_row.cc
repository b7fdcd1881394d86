#include "exporter/insights/wire_row.h"

#include <cmath>
#include <string>

#include "exporter/insights/wire_time.h"

namespace pce {
namespace {

constexpr std::string_view kUnknown = "unknown";

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

LabelText intern_code(LabelPool& labels, std::string_view code) {
  if (code.empty()) return labels.intern(kUnknown);
  std::string lower(code);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return labels.intern(lower);
}

WireRow::WireRow(std::span<const JsonScalar> cells, DriftCounter& drift)
    : cells_(cells), drift_(drift) {
  drift_.missing_in(cells);
}

// Answers of today name no customer, they are known by their URL; so an id is not needed, but one
// that is not ours means that somebody mixed up answers.
void WireRow::check_customer(const TenantId& customer) {
  for (const std::size_t column : {kCustomerId, kCustomerTenantId}) {
    const std::string_view id = text(column);
    if (!id.empty() && !same_key(id, customer.text())) reject(Rejection::kForeign);
  }
}

std::string_view WireRow::name(WireField field) {
  // Both are read, so that what is wrong with the second does not depend on the first.
  const std::string_view second =
      field.substitute != field.column ? text(field.substitute) : std::string_view();
  const std::string_view first = text(field.column);
  const std::string_view found = first.empty() ? second : first;
  if (found.empty()) reject(Rejection::kMissing);
  return found;
}

std::string_view WireRow::service_code() {
  const std::string_view service_name = text(kServiceName);
  const std::string_view code = text(kServiceCode);
  return code.empty() ? service_name : code;
}

std::string_view WireRow::channel() { return text(kChannel); }

Number WireRow::count(WireField field) {
  const std::size_t column = spelling_given(field);
  if (!given(column)) return {};
  const JsonScalar& cell = cells_[column];
  if (const auto value = cell.to_integer()) {
    if (*value >= 0 && *value <= kCountMax) return Number::whole(*value);
    reject(Rejection::kRange);
  } else if (cell.to_real()) {
    reject(Rejection::kRange);
  } else {
    reject_type(column);
  }
  return {};
}

Number WireRow::percent(WireField field) {
  const std::size_t column = spelling_given(field);
  if (!given(column)) return {};
  const auto value = cells_[column].to_real();
  if (!value) {
    reject_type(column);
    return {};
  }
  if (!std::isfinite(*value) || *value < 0) {
    reject(Rejection::kRange);
    return {};
  }
  return Number::real(*value + 0.0);  // -0.0 becomes 0.0
}

Number WireRow::percent_where_any(const Number& whole, WireField field) {
  const Number value = percent(field);
  return whole.known() && whole.value() == 0 ? Number() : value;
}

std::optional<WallTime> WireRow::processed_at() {
  if (!given(kProcessedDateTime)) return std::nullopt;
  const JsonScalar& cell = cells_[kProcessedDateTime];
  if (cell.kind != JsonKind::kText) {
    drift_.wrong_type(kProcessedDateTime, cell.kind);
    return std::nullopt;
  }
  const WireTime read = read_wire_time(cell.text);
  if (!read.readable) drift_.unreadable_date(kProcessedDateTime);
  return read.time;
}

std::string_view WireRow::customer_name() {
  if (!given(kCustomerName)) return {};
  const JsonScalar& cell = cells_[kCustomerName];
  if (cell.kind != JsonKind::kText) drift_.wrong_type(kCustomerName, cell.kind);
  return cell.text;
}

// Empty where missing or null; anything but text is a reason to reject.
std::string_view WireRow::text(std::size_t column) {
  if (!given(column)) return {};
  const JsonScalar& cell = cells_[column];
  if (cell.kind != JsonKind::kText) reject_type(column);
  return cell.text;
}

bool WireRow::given(std::size_t column) const {
  const JsonKind kind = cells_[column].kind;
  return kind != JsonKind::kAbsent && kind != JsonKind::kNull;
}

std::size_t WireRow::spelling_given(WireField field) const {
  return given(field.column) ? field.column : field.substitute;
}

void WireRow::reject(Rejection reason) {
  if (!rejection_) rejection_ = reason;
}

void WireRow::reject_type(std::size_t column) {
  drift_.wrong_type(column, cells_[column].kind);
  reject(Rejection::kType);
}

}  // namespace pce
