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
#include "exporter/insights/drift_counter.h"
#include "exporter/json/json_scalar.h"

namespace pce {

// Why a row is not used. name_of() is the word in Decoded::rows_rejected.
enum class Rejection { kForeign, kMissing, kType, kRange };
inline constexpr std::array kRejections{Rejection::kForeign, Rejection::kMissing, Rejection::kType,
                                        Rejection::kRange};
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
  kAttributes,
  kOwnColumns
};

template <std::size_t N>
constexpr std::array<std::string_view, kOwnColumns + N> with_common_columns(
    const std::array<std::string_view, N>& own) {
  std::array<std::string_view, kOwnColumns + N> all{
      "processedDateTime", "serviceCode",      "serviceName",  "channel",
      "customerId",        "customerTenantId", "customerName", "attributes"};
  for (std::size_t i = 0; i < N; ++i) all[kOwnColumns + i] = own[i];
  return all;
}

// The label value of a code: lower case; "unknown" where there is none, because a partner wants to
// see the seats even so.
LabelText intern_code(LabelPool& labels, std::string_view code);

// Each function reads one value, tells the drift, and notes why the row cannot be used, if so; the
// first reason stands. After a rejection the values read are of no meaning. Texts are those of the
// cells.
class WireRow {
 public:
  // `cells[i]` is the field of column i. Tells the drift what is missing.
  WireRow(std::span<const JsonScalar> cells, DriftCounter& drift);

  // Rejects a row that names another customer: kForeign, kType.
  void check_customer(const TenantId& customer);

  // A product, a workload or an id as it is spelled; the substitute stands in where the first is
  // missing or empty. Rejects: kMissing where there is none, kType where it is no text.
  std::string_view name(WireField field);

  // serviceCode, else serviceName; the channel. Empty where missing. Reject: kType.
  std::string_view service_code();
  std::string_view channel();

  // Whole, 0 … kCountMax; unknown where missing or null. The substitute is another spelling of the
  // field. Reject: kType, kRange.
  Number count(WireField field);
  // Finite, 0 or more, not clamped; unknown where missing or null. Rejects like count().
  Number percent(WireField field);
  // The same, unknown too where `whole` is 0: of nothing sold there is no percentage, whatever the
  // wire says.
  Number percent_where_any(const Number& whole, WireField field);

  // Never a reason to reject: a row without a date, or without a name, still counts seats.
  std::optional<WallTime> processed_at();
  std::string_view customer_name();

  std::optional<Rejection> rejection() const { return rejection_; }

 private:
  std::string_view text(std::size_t column);
  bool given(std::size_t column) const;
  std::size_t spelling_given(WireField field) const;
  void reject(Rejection reason);
  void reject_type(std::size_t column);

  std::span<const JsonScalar> cells_;
  DriftCounter& drift_;
  std::optional<Rejection> rejection_;
};

}  // namespace pce
