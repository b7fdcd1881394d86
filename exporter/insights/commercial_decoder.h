#pragma once
// The commercial insights differ in their labels and in what they count, and in nothing else: so
// what is particular to one is a table, and one decoder reads them all.
// Source: Partner Center REST docs, "Get licenses deployment information" and "Get licenses usage
// information".
// Shape:  {"Value":[row…], "@nextLink":text or null, "TotalCount":n}, at most 10 000 rows a page; a
// grouped row has only the fields grouped over and the counts. No percentages: they are computed.
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "exporter/insights/bulk_decoder.h"
#include "exporter/insights/data_set.h"
#include "exporter/insights/wire_row.h"

namespace pce {

// Columns of all commercial rows, behind the common ones.
namespace commercial {
enum Column : std::size_t {
  kProductId = kOwnColumns,
  kProductName,
  kWorkloadCode,
  kWorkloadName,
  kLicensesDeployed,
  kLicensesSold,
  kLicensesActive,
  kLicenseActive,  // so printed in the documented sample
  kLicensesQualified
};
inline constexpr auto kColumns = with_common_columns(std::to_array<std::string_view>(
    {"productId", "productName", "workloadCode", "workloadName", "licensesDeployed", "licensesSold",
     "licensesActive", "licenseActive", "licensesQualified"}));
}  // namespace commercial

enum class CommercialLabel { kChannel, kProduct, kServiceCode, kWorkload };
enum class CommercialValue { kPart, kWhole, kPercent };  // percent: of the part in the whole

struct CommercialReading {
  Scope scope;                              // kCustomer: a row belongs to its customerTenantId
  std::span<const CommercialLabel> labels;  // in the order of DataSet::row_labels
  WireField part, whole;                    // counts of seats
  std::span<const CommercialValue> values;  // in the order of DataSet::metrics
  std::span<const WireField> required;      // what every documented row has
};

// Rows equal in their labels are merged: counts add up, percentages come from the sums. Both
// arguments must outlive the decoder.
std::unique_ptr<BulkDecoder> commercial_decoder(const CommercialReading& reading,
                                                LabelPool& labels);

}  // namespace pce
