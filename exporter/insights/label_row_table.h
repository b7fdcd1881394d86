#pragma once
// The different rows of labels of one answer, each kept once and known by a number: a large answer
// has very many rows, and few kinds of them.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/insights/label_table.h"

namespace pce {

class LabelRowTable {
 public:
  using Id = std::uint32_t;
  using Labels = std::array<LabelTable::Id, kRowLabelsMax>;

  // Each row has the first `width` labels, and the others are 0.
  LabelRowTable(const LabelTable& texts, std::size_t width) : texts_(texts), width_(width) {}

  Id id_of(const Labels& labels);  // equal ids, equal labels, and the other way round
  // What each id of `other` is here. `texts`: what each of its labels' ids is in this one's texts.
  std::vector<Id> take_over(const LabelRowTable& other, std::span<const LabelTable::Id> texts);
  LabelRow interned(Id id, LabelPool& pool) const;

  std::vector<Id> ordered() const;  // all, in the order of their texts

 private:
  struct Hash {
    std::size_t operator()(const Labels& labels) const;
  };

  const LabelTable& texts_;
  const std::size_t width_;
  std::unordered_map<Labels, Id, Hash> ids_;
  std::vector<Labels> rows_;
};

}  // namespace pce
