#include "exporter/insights/label_row_table.h"

#include <algorithm>
#include <numeric>

namespace pce {

LabelRowTable::Id LabelRowTable::id_of(const Labels& labels) {
  const auto [known, added] = ids_.try_emplace(labels, static_cast<Id>(rows_.size()));
  if (added) rows_.push_back(labels);
  return known->second;
}

std::vector<LabelRowTable::Id> LabelRowTable::take_over(const LabelRowTable& other,
                                                        std::span<const LabelTable::Id> texts) {
  std::vector<Id> ids;
  ids.reserve(other.rows_.size());
  for (const Labels& theirs : other.rows_) {
    Labels labels{};
    for (std::size_t i = 0; i < width_; ++i) labels[i] = texts[theirs[i]];
    ids.push_back(id_of(labels));
  }
  return ids;
}

LabelRow LabelRowTable::interned(Id id, LabelPool& pool) const {
  LabelRow::Texts texts;
  for (std::size_t i = 0; i < width_; ++i) texts[i] = texts_[rows_[id][i]];
  return pool.intern(texts);
}

std::vector<LabelRowTable::Id> LabelRowTable::ordered() const {
  const std::vector<LabelTable::Id> ranks = texts_.ranks();
  const auto ranks_of = [&](Id id) {
    Labels labels{};
    for (std::size_t i = 0; i < width_; ++i) labels[i] = ranks[rows_[id][i]];
    return labels;
  };
  std::vector<Id> ordered(rows_.size());
  std::iota(ordered.begin(), ordered.end(), Id{0});
  std::ranges::sort(ordered, {}, ranks_of);
  return ordered;
}

std::size_t LabelRowTable::Hash::operator()(const Labels& labels) const {
  std::uint64_t hash = 0;
  for (const LabelTable::Id label : labels) {
    hash = (hash ^ label) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace pce
