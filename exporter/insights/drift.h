#pragma once
// How an answer differs from what Partner Center's documents say of it: the first sign that the
// service has changed, often before a number goes missing.
#include <cstddef>
#include <string>

#include "exporter/json/json_scalar.h"

namespace pce {

enum class DriftKind {
  kUnknown,  // a field no document knows
  kMissing,  // absent or null, where every documented sample has it
  kType,     // of a type the field cannot be read from
  kDate      // text that is no date
};
const char* name_of(DriftKind kind);  // unknown, missing, type, date: a closed list

inline constexpr std::size_t kDriftMax = 32;  // entries for one answer

// No two of an answer have the same field and kind; sorted by field, then kind. Where an answer
// has more than kDriftMax, the surplus is added up in the field "other".
struct FieldDrift {
  std::string field;  // as documented; an unknown one as sent, if it is up to 64 of A-Z a-z 0-9
                      // _ . @ -, else "other"; never a value
  DriftKind kind = DriftKind::kUnknown;
  std::size_t count = 0;               // occurrences
  JsonKind found = JsonKind::kAbsent;  // the first in the order of JsonKind, if there were several
  friend bool operator==(const FieldDrift&, const FieldDrift&) = default;
};

}  // namespace pce
