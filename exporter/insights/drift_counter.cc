#include "exporter/insights/drift_counter.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "exporter/insights/documented_fields.h"

namespace pce {
namespace {

constexpr std::string_view kOther = "other";
constexpr std::size_t kNameMax = 64;

// The most telling kinds first: they are kept when there is too much to tell.
constexpr std::array kByWeight{DriftKind::kMissing, DriftKind::kType, DriftKind::kDate,
                               DriftKind::kUnknown};

bool may_be_shown(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '@' || c == '-';
  });
}

bool given(const JsonScalar& cell) {
  return cell.kind != JsonKind::kAbsent && cell.kind != JsonKind::kNull;
}

std::size_t index_of(DriftKind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

const char* name_of(DriftKind kind) {
  switch (kind) {
    case DriftKind::kUnknown:
      return "unknown";
    case DriftKind::kMissing:
      return "missing";
    case DriftKind::kType:
      return "type";
    case DriftKind::kDate:
      return "date";
  }
  return "unknown";
}

void DriftCounter::missing_in(std::span<const JsonScalar> cells) {
  for (const WireField& field : required_) {
    if (given(cells[field.column]) || given(cells[field.substitute])) continue;
    add(DriftKind::kMissing, columns_[field.column], once(cells[field.column].kind));
  }
}

void DriftCounter::wrong_type(std::size_t column, JsonKind found) {
  wrong_type(columns_[column], found);
}

void DriftCounter::wrong_type(std::string_view documented, JsonKind found) {
  add(DriftKind::kType, documented, once(found));
}

void DriftCounter::unreadable_date(std::size_t column) {
  add(DriftKind::kDate, columns_[column], once(JsonKind::kText));
}

void DriftCounter::unknown(std::string_view field, JsonKind found) {
  add(DriftKind::kUnknown, may_be_shown(field) ? field : kOther, once(found));
}

void DriftCounter::envelope(std::string_view key, JsonKind found) {
  const bool documented = std::ranges::any_of(
      kDocumentedEnvelope, [&](std::string_view name) { return same_key(name, key); });
  if (!documented) unknown(key, found);
}

void DriftCounter::add(const DriftCounter& other) {
  for (const DriftKind kind : kByWeight) {
    for (const auto& [field, tally] : other.fields_[index_of(kind)]) add(kind, field, tally);
    const Tally& others = other.others_[index_of(kind)];
    if (others.count > 0) others_[index_of(kind)].add(others);
  }
}

void DriftCounter::Tally::add(const Tally& more) {
  found = count == 0 ? more.found : std::min(found, more.found);
  count += more.count;
}

void DriftCounter::add(DriftKind kind, std::string_view field, const Tally& more) {
  if (field == kOther) return others_[index_of(kind)].add(more);
  auto& fields = fields_[index_of(kind)];
  const auto known = fields.find(field);
  if (known != fields.end()) return known->second.add(more);
  fields.emplace(field, more);
  if (fields.size() <= kDriftMax) return;
  // The last in the order of names makes room: so the names kept, and their counts, are the same
  // in whatever order they came.
  const auto last = std::prev(fields.end());
  others_[index_of(kind)].add(last->second);
  fields.erase(last);
}

std::vector<FieldDrift> DriftCounter::found() const {
  std::vector<FieldDrift> found;
  for (const DriftKind kind : kByWeight) {
    for (const auto& [field, tally] : fields_[index_of(kind)]) {
      found.push_back({field, kind, tally.count, tally.found});
    }
  }
  auto others = others_;
  const auto entries = [&] {
    const auto used = std::ranges::count_if(others, [](const Tally& t) { return t.count > 0; });
    return found.size() + static_cast<std::size_t>(used);
  };
  while (entries() > kDriftMax) {
    const FieldDrift& last = found.back();
    others[index_of(last.kind)].add({.count = last.count, .found = last.found});
    found.pop_back();
  }
  for (const DriftKind kind : kByWeight) {
    const Tally& tally = others[index_of(kind)];
    if (tally.count > 0) found.push_back({std::string(kOther), kind, tally.count, tally.found});
  }
  std::ranges::sort(found, {}, [](const FieldDrift& d) { return std::tie(d.field, d.kind); });
  return found;
}

}  // namespace pce
