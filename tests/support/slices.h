#pragma once
// Slices for tests that do not care how they were read.
#include <memory>
#include <string>
#include <utility>

#include "exporter/store/slice.h"

namespace pce {

inline std::shared_ptr<const Slice> slice_of(const DataSet& data_set, LabelPool& labels,
                                             const std::string& customer_id,
                                             const std::string& customer,
                                             std::vector<Record> records, WallTime fetched = {},
                                             const std::string& partner = "contoso") {
  return std::make_shared<const Slice>(Slice{.key = {&data_set, customer_id, partner},
                                             .partner = labels.intern(partner),
                                             .customer = labels.intern(customer),
                                             .customer_id = labels.intern(customer_id),
                                             .records = std::move(records),
                                             .processed = {},
                                             .fetched = fetched});
}

// A record with these row labels and values, in the data set's order.
inline Record record_of(LabelPool& labels, std::initializer_list<std::string_view> row_labels,
                        std::initializer_list<Number> values) {
  LabelRow::Texts texts;
  std::size_t i = 0;
  for (const auto label : row_labels) texts[i++] = labels.intern(label);
  Record record{.labels = labels.intern(texts)};
  i = 0;
  for (const Number& value : values) record.values[i++] = value;
  return record;
}

}  // namespace pce
