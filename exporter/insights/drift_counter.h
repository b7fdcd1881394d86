#pragma once
// Counts drift while an answer is read. What comes out does not depend on the order of what was
// counted, and an answer full of made-up names costs no more memory than one with a few.
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/insights/drift.h"
#include "exporter/json/json_scalar.h"

namespace pce {

// A field by its column, and by the column of its other spelling where it has two.
struct WireField {
  std::size_t column;
  std::size_t substitute = column;
};

class DriftCounter {
 public:
  // `columns`: the documented spellings; `required`: what every row should have. Both are borrowed.
  DriftCounter(std::span<const std::string_view> columns, std::span<const WireField> required)
      : columns_(columns), required_(required) {}

  void missing_in(std::span<const JsonScalar> cells);
  void wrong_type(std::size_t column, JsonKind found);
  void wrong_type(std::string_view documented, JsonKind found);
  void unreadable_date(std::size_t column);
  void unknown(std::string_view field, JsonKind found);
  // The same for a key beside the rows; silent where a document knows it.
  void envelope(std::string_view key, JsonKind found);
  void add(const DriftCounter& other);  // of the same columns

  std::vector<FieldDrift> found() const;

 private:
  struct Tally {
    std::size_t count = 0;
    JsonKind found = JsonKind::kAbsent;
    void add(const Tally& more);
  };
  static Tally once(JsonKind found) { return {.count = 1, .found = found}; }
  void add(DriftKind kind, std::string_view field, const Tally& more);

  std::span<const std::string_view> columns_;
  std::span<const WireField> required_;
  std::array<std::map<std::string, Tally, std::less<>>, 4> fields_;  // by kind
  std::array<Tally, 4> others_;                                      // by kind
};

}  // namespace pce
