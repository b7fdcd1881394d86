#include "exporter/store/series_budget.h"

#include <algorithm>

namespace pce {

std::size_t series_of(std::span<const Record> records) {
  std::size_t series = 0;
  for (const Record& record : records) {
    series += static_cast<std::size_t>(
        std::ranges::count_if(record.values, [](const Number& value) { return value.known(); }));
  }
  return series;
}

void SeriesBudget::put(const Slice& slice) {
  const std::size_t series = series_of(slice);
  total_ += series;
  if (slice.key.customer_id.empty()) {
    about_partners_ += series;
  } else if (series > 0) {
    series_[{slice.key.customer_id, slice.key.partner}] += series;
  }
}

void SeriesBudget::remove(const Slice& slice) {
  const std::size_t series = series_of(slice);
  total_ -= series;
  if (slice.key.customer_id.empty()) {
    about_partners_ -= series;
    return;
  }
  const auto owner = series_.find({slice.key.customer_id, slice.key.partner});
  if (owner == series_.end()) return;
  owner->second -= series;
  if (owner->second == 0) series_.erase(owner);
}

void SeriesBudget::settle() {
  left_out_.clear();
  count_ = {.shown = total_};
  if (total_ <= series_max_) return;
  std::size_t shown = about_partners_;
  auto owner = series_.begin();
  while (owner != series_.end() && shown + owner->second <= series_max_) shown += (owner++)->second;
  for (; owner != series_.end(); ++owner) left_out_.insert(owner->first);
  count_ = {.shown = shown, .left_out = total_ - shown, .customers_left_out = left_out_.size()};
}

}  // namespace pce
