#pragma once
// One row as Partner Center wrote it, read field by field into our types.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/base/units.h"
#include "exporter/json/json_scalar.h"

namespace pce {

// Why a row is not used. name_of() is the word in Decoded::rows_rejected.
enum class Rejection { kForeign, kMissing, kType, kRange };
const char* name_of(Rejection reason);

// Counts above this are not believed: a double, which is what Prometheus stores, would not hold
// them exactly.
inline constexpr std::int64_t kCountMax = std::int64_t{1} << 53;

// The fields every insight has. Its own follow, from kOwnColumns on.
enum CommonColumn : std::size_t {
  kProcessedDateTime,
  kServiceCode,
  kServiceName,
  kChannel,
  kCustomerId,
  kCustomerTenantId,
  kCustomerName,
  kOwnColumns
};

template <std::size_t N>
constexpr std::array<std::string_view, kOwnColumns + N> with_common_columns(
    const std::array<std::string_view, N>& own) {
  std::array<std::string_view, kOwnColumns + N> all{
      "processedDateTime", "serviceCode",      "serviceName", "channel",
      "customerId",        "customerTenantId", "customerName"};
  for (std::size_t i = 0; i < N; ++i) all[kOwnColumns + i] = own[i];
  return all;
}

// Each function reads one value and notes why the row cannot be used, if so; the first reason
// stands. After a rejection the values read are of no meaning.
class WireRow {
 public:
  // `cells[i]` is the field of column i; `customer`, if any, is the only one the row may name.
  WireRow(std::span<const JsonScalar> cells, const TenantId* customer, LabelPool& labels);

  // A product or workload as it is spelled; the second column stands in where the first is missing
  // or empty. Rejects: kMissing where there is none, kType where it is no text.
  LabelText name(std::size_t column);
  LabelText name(std::size_t column, std::size_t substitute);

  // serviceCode, else serviceName, and the channel, in lower case; "unknown" where there is none,
  // because a partner wants to see the seats even so. Reject: kType.
  LabelText service_code();
  LabelText channel();

  // Whole, 0 … kCountMax; unknown where missing or null. The substitute is another spelling of the
  // field. Reject: kType, kRange.
  Number count(std::size_t column);
  Number count(std::size_t column, std::size_t substitute);
  // Finite, 0 or more, not clamped; unknown where missing or null. Rejects like count().
  Number percent(std::size_t column);
  Number percent(std::size_t column, std::size_t substitute);
  // The same, unknown too where `whole` is 0: of nothing sold there is no percentage, whatever the
  // wire says.
  Number percent_where_any(const Number& whole, std::size_t column);

  // Never a reason to reject: a row without a date, or without a name, still counts seats.
  std::optional<WallTime> processed_at() const;
  std::string_view customer_name() const;

  std::optional<Rejection> rejection() const { return rejection_; }

 private:
  void check_customer(const TenantId& customer);
  std::string_view text(std::size_t column);
  LabelText lower_case_or_unknown(std::string_view text);
  bool given(std::size_t column) const;
  void reject(Rejection reason);

  std::span<const JsonScalar> cells_;
  LabelPool& labels_;
  std::optional<Rejection> rejection_;
};

}  // namespace pce
