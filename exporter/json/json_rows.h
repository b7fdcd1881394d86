#pragma once
// Insight bodies as a stream of rows: {"items": [{flat fields}…], other keys…}. No tree is built,
// so a body of any size costs one row of memory.
#include <cstddef>
#include <span>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/json/json_scalar.h"

namespace pce {

// Where rows are and which of their fields are wanted. Keys are compared without regard to ASCII
// case.
struct RowShape {
  std::span<const std::string_view>
      row_keys;                               // spellings of the top-level key that holds the array
  std::span<const std::string_view> columns;  // names of the fields
  std::span<const std::string_view>
      ignored{};  // fields that are no news to the caller: neither a cell nor unknown
};

// All views are valid during the call only.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // cells[i] belongs to columns[i] and is kAbsent where the row lacks it. Of a field that occurs
  // twice, the last. Nested values come as kArray or kObject, without content.
  virtual void row(std::size_t index, std::span<const JsonScalar> cells) = 0;
  // An element of the array that is no object.
  virtual void not_a_row(std::size_t index, JsonKind found) = 0;
  // A top-level key beside the rows: totalCount, @nextLink, attributes, …
  virtual void envelope(std::string_view /*key*/, const JsonScalar& /*value*/) {}
  // A wanted field that occurs again in the row whose row() comes next.
  virtual void repeated_field(std::size_t /*column*/) {}
  // A field of a row that is neither among the columns nor among the ignored ones.
  virtual void unknown_field(std::string_view /*key*/, JsonKind /*kind*/) {}
};

struct RowTally {
  std::size_t rows = 0;             // elements of the array
  std::size_t fields_repeated = 0;  // wanted fields that occurred again in their row
  bool rows_found = false;          // false: the key is missing or null, which is no row either
};

// Errors: kMalformed as read_json() says, with the row where there is one; also where the body is
// no object, where the value under a row key is neither an array nor null, and where two keys hold
// an array of rows. The sink may have seen rows before an error: they are not to be used.
Result<RowTally> read_rows(std::string_view body, const RowShape& shape, RowSink& sink);

}  // namespace pce
