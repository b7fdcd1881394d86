#pragma once
// The unit of replacement: all rows of one collector for one customer, or of one answer about the
// whole partner.
#include <compare>
#include <optional>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/base/shared_text.h"
#include "exporter/base/units.h"
#include "exporter/insights/data_set.h"
#include "exporter/insights/source.h"

namespace pce {

struct SliceKey {
  const DataSet* data_set = nullptr;
  SharedText customer_id;  // empty: about the whole partner
  SharedText partner;      // the account's name

  // By data set, then customer, then account: the order of an exposition.
  friend std::strong_ordering operator<=>(const SliceKey& a, const SliceKey& b);
  friend bool operator==(const SliceKey&, const SliceKey&) = default;
};

// Immutable once it is in the store, where everybody shares it.
struct Slice {
  SliceKey key;
  LabelText partner;
  LabelText customer{};  // display name; empty: about the whole partner
  LabelText customer_id{};
  std::vector<Record> records{};              // sorted by labels, no two alike
  std::vector<ServiceProcessed> processed{};  // newest per service code
  WallTime fetched{};                         // when the answer was complete
  SteadyTime received{};                      // the same moment on the clock that nobody sets
  Source source = Source::kClassic;           // whose answer it was
};

}  // namespace pce
