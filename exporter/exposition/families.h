#pragma once
// The insight families an exposition consists of, and how the labels of their samples are laid out.
#include <cstddef>
#include <string>
#include <vector>

#include "exporter/exposition/encoder.h"
#include "exporter/insights/data_set.h"
#include "exporter/store/slice.h"

namespace pce {

// One label of a sample: its name, and where its value stands.
struct LabelPlace {
  enum class Source { kCustomer, kCustomerId, kPartner, kRow };
  std::string name;
  Source source = Source::kRow;
  std::size_t row_index = 0;  // into Record::labels, for kRow

  const LabelText& of_slice(const Slice& slice) const;  // unless it is kRow
};

// The labels of this data set's samples in alphabetical order.
std::vector<LabelPlace> label_places(const DataSet& data_set);

struct Family : FamilyHead {
  const DataSet* data_set = nullptr;
  std::size_t metric = 0;  // into Record::values
  std::vector<LabelPlace> labels{};
};

// Every insight family, sorted by name.
std::vector<Family> insight_families(const std::string& prefix);

}  // namespace pce
