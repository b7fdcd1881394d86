#pragma once
// What an insight is to the rest of the house: a name, labels, metrics and a pure function from a
// body to records.
#include <memory>
#include <span>
#include <string_view>

#include "exporter/base/label.h"
#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/insights/decoded.h"

namespace pce {

struct MetricInfo {
  const char* name;
  const char* help;  // names the upstream field
  const char* unit;  // "percent", or "" for seats
};

enum class Scope {
  kPartner,
  kCustomer
};  // one answer for the whole partner, or one for each customer

struct DataSet {
  const char* collector;  // value of the label `collector` and name in the configuration
  Scope scope;
  std::span<const char* const>
      row_labels;  // alphabetical; those of the slice (customer, partner …) come beside
  std::span<const MetricInfo> metrics;
  const char* classic_path;  // below the API base; "{customer}" stands for the tenant id
  // `customer`: whose answer this is, nullptr for Scope::kPartner; rows that name another are
  // rejected as foreign. Errors: kMalformed, naming the place in the body and what was found there.
  Result<Decoded> (*decode)(std::string_view body, const TenantId* customer, LabelPool& labels);
  // The same facts from the commercial generation; `labels` must outlive the decoder. An empty path
  // and nullptr where there is no such answer.
  CommercialRead commercial{};
  std::unique_ptr<BulkDecoder> (*bulk)(LabelPool& labels) = nullptr;
  bool prefixed = true;  // whether `metrics.prefix` stands in front of its metrics' names
};

}  // namespace pce
