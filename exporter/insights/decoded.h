#pragma once
// What comes out of an answer.
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/base/units.h"
#include "exporter/insights/drift.h"

namespace pce {

inline constexpr std::size_t kMetricsMax = 3;

// One row, projected onto its data set's metrics. labels[i] belongs to DataSet::row_labels[i],
// values[i] to DataSet::metrics[i]; an unknown value is no sample.
struct Record {
  LabelRow labels{};
  std::array<Number, kMetricsMax> values{};
};

// When Partner Center last processed the rows of a service.
struct ServiceProcessed {
  LabelText service_code;
  WallTime time;
};

// A whole answer, read; or what a bulk answer says of one customer.
struct Decoded {
  std::vector<Record> records{};  // merged: no two with equal labels; sorted by labels
  std::vector<ServiceProcessed>
      processed{};  // newest per service code; rows without a readable date count for none
  std::string customer_name{};  // as the rows spell it; empty where rows name nobody
  std::size_t rows = 0;         // rows in the answer, rejected and merged ones included
  std::size_t rows_merged = 0;  // folded into another row of equal labels
  std::map<std::string, std::size_t> rows_rejected{};  // by reason: missing, type, range, foreign
  std::size_t fields_repeated = 0;  // a field twice in its row: the last one counted
  std::vector<FieldDrift> drift{};  // rejected rows included; see BulkDecoded for a bulk answer's
};

}  // namespace pce
