#pragma once
// What an insight is to the rest of the house: a name, labels, metrics and a pure function from a
// body to records.
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/base/result.h"
#include "exporter/base/units.h"

namespace pce {

inline constexpr std::size_t kRowLabelsMax = 4;
inline constexpr std::size_t kMetricsMax = 3;

// One row, projected onto its data set's metrics. labels[i] belongs to DataSet::row_labels[i],
// values[i] to DataSet::metrics[i]; an unknown value is no sample.
struct Record {
  std::array<LabelText, kRowLabelsMax> labels{};
  std::array<Number, kMetricsMax> values{};
};

// When Partner Center last processed the rows of a service.
struct ServiceProcessed {
  LabelText service_code;
  WallTime time;
};

// A whole answer, read.
struct Decoded {
  std::vector<Record> records{};  // merged: no two with equal labels; sorted by labels
  std::vector<ServiceProcessed>
      processed{};  // newest per service code; rows without a readable date count for none
  std::string customer_name{};  // as the rows spell it; empty where rows name nobody
  std::size_t rows = 0;         // rows in the answer, rejected and merged ones included
  std::size_t rows_merged = 0;  // folded into another row of equal labels
  std::map<std::string, std::size_t> rows_rejected{};  // by reason: missing, type, range, foreign
  std::size_t fields_repeated = 0;  // a field twice in its row: the last one counted
};

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
  bool prefixed = true;  // whether `metrics.prefix` stands in front of its metrics' names
};

}  // namespace pce
