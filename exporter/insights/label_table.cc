#include "exporter/insights/label_table.h"

#include <algorithm>
#include <numeric>

#include "exporter/insights/wire_row.h"

namespace pce {

LabelTable::Id LabelTable::name(std::string_view raw) {
  const auto known = names_.find(raw);
  return known != names_.end() ? known->second : remember(names_, raw, pool_.intern(raw));
}

LabelTable::Id LabelTable::code(std::string_view raw) {
  const auto known = codes_.find(raw);
  return known != codes_.end() ? known->second : remember(codes_, raw, intern_code(pool_, raw));
}

LabelTable::Id LabelTable::remember(Ids& known, std::string_view raw, const LabelText& text) {
  const Id id = id_of(text);
  // Names are a few dozen bytes; one that is not is asked for at the pool again each time.
  if (raw.size() <= LabelPool::kBytesMax) known.emplace(raw, id);
  return id;
}

LabelTable::Id LabelTable::id_of(const LabelText& text) {
  const auto [same, added] = escaped_.try_emplace(text.escaped(), static_cast<Id>(texts_.size()));
  if (added) texts_.push_back(text);
  return same->second;
}

std::vector<LabelTable::Id> LabelTable::take_over(const LabelTable& other) {
  std::vector<Id> ids;
  ids.reserve(other.texts_.size());
  for (const LabelText& text : other.texts_) ids.push_back(id_of(text));
  return ids;
}

std::vector<LabelTable::Id> LabelTable::ranks() const {
  std::vector<Id> ordered(texts_.size());
  std::iota(ordered.begin(), ordered.end(), Id{0});
  std::ranges::sort(ordered, {}, [this](Id id) { return texts_[id].escaped(); });
  std::vector<Id> ranks(texts_.size());
  for (Id rank = 0; rank < ordered.size(); ++rank) ranks[ordered[rank]] = rank;
  return ranks;
}

}  // namespace pce
