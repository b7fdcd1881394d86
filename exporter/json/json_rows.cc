#include "exporter/json/json_rows.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "exporter/json/json_events.h"

namespace pce {
namespace {

// What a key can be beside a column.
constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
constexpr std::size_t kIgnored = static_cast<std::size_t>(-2);

// Positions in a row whose keys are remembered from the row before.
constexpr std::size_t kRememberedMax = 64;

class RowReader final : public JsonEvents {
 public:
  RowReader(const RowShape& shape, RowSink& sink)
      : shape_(shape), sink_(sink), cells_(shape.columns.size()), texts_(shape.columns.size()) {}

  bool key(std::string_view key) override {
    if (skipping_ > 0) return true;
    if (where_ == Where::kRow) {
      column_ = column_of(key);
      if (column_ == kUnknown) key_ = key;
    } else {
      key_ = key;
    }
    return true;
  }

  bool scalar(const JsonScalar& value) override {
    if (skipping_ > 0) return true;
    switch (where_) {
      case Where::kBody:
        return refuse("the body is " + std::string(name_of(value.kind)) + ", wanted an object");
      case Where::kEnvelope:
        if (!is_row_key(key_)) {
          sink_.envelope(key_, value);
          return true;
        }
        return value.kind == JsonKind::kNull || refuse_rows(value.kind);
      case Where::kRows:
        sink_.not_a_row(tally_.rows++, value.kind);
        return true;
      case Where::kRow:
        put(value);
        return true;
    }
    return true;
  }

  bool begin(JsonKind kind) override {
    if (skipping_ > 0) {
      ++skipping_;
      return true;
    }
    switch (where_) {
      case Where::kBody:
        if (kind != JsonKind::kObject) return refuse("the body is an array, wanted an object");
        where_ = Where::kEnvelope;
        return true;
      case Where::kEnvelope:
        if (!is_row_key(key_)) {
          sink_.envelope(key_, {.kind = kind});
          break;
        }
        if (kind != JsonKind::kArray) return refuse_rows(kind);
        if (tally_.rows_found) return refuse("a second array of rows begins");
        tally_.rows_found = true;
        where_ = Where::kRows;
        return true;
      case Where::kRows:
        if (kind != JsonKind::kObject) {
          sink_.not_a_row(tally_.rows++, kind);
          break;
        }
        std::fill(cells_.begin(), cells_.end(), JsonScalar{});
        position_ = 0;
        where_ = Where::kRow;
        return true;
      case Where::kRow:
        put({.kind = kind});
        break;
    }
    skipping_ = 1;
    return true;
  }

  bool end(JsonKind /*the parser pairs them*/) override {
    if (skipping_ > 0) {
      --skipping_;
      return true;
    }
    if (where_ == Where::kRow) {
      sink_.row(tally_.rows++, cells_);
      where_ = Where::kRows;
    } else if (where_ == Where::kRows) {
      where_ = Where::kEnvelope;
    }
    return true;
  }

  std::string complaint() const override { return complaint_; }
  const RowTally& tally() const { return tally_; }
  bool inside_rows() const { return where_ == Where::kRows || where_ == Where::kRow; }

 private:
  enum class Where { kBody, kEnvelope, kRows, kRow };

  // Rows of one body repeat the order of their keys, so what stood in this position of the row
  // before is tried first.
  std::size_t column_of(std::string_view key) {
    const std::size_t position = position_++;
    if (position < remembered_.size() && remembered_[position].key == key) {
      return remembered_[position].column;
    }
    const std::size_t column = search(key);
    if (position < remembered_.size()) {
      remembered_[position].key = key;
      remembered_[position].column = column;
    } else if (position < kRememberedMax) {
      remembered_.push_back({.key = std::string(key), .column = column});
    }
    return column;
  }

  std::size_t search(std::string_view key) const {
    const auto is_key = [&](std::string_view name) { return same_key(name, key); };
    const auto column = std::ranges::find_if(shape_.columns, is_key);
    if (column != shape_.columns.end()) {
      return static_cast<std::size_t>(column - shape_.columns.begin());
    }
    return std::ranges::any_of(shape_.ignored, is_key) ? kIgnored : kUnknown;
  }

  void put(const JsonScalar& value) {
    if (column_ == kIgnored) return;
    if (column_ == kUnknown) {
      sink_.unknown_field(key_, value.kind);
      return;
    }
    JsonScalar& cell = cells_[column_];
    if (cell.kind != JsonKind::kAbsent) {
      ++tally_.fields_repeated;
      sink_.repeated_field(column_);
    }
    cell = value;
    if (value.kind == JsonKind::kText) {
      texts_[column_].assign(value.text);
      cell.text = texts_[column_];
    }
  }

  bool is_row_key(std::string_view key) const {
    return std::any_of(shape_.row_keys.begin(), shape_.row_keys.end(),
                       [&](std::string_view row_key) { return same_key(row_key, key); });
  }

  bool refuse(std::string why) {
    complaint_ = std::move(why);
    return false;
  }
  bool refuse_rows(JsonKind found) {
    // The key is one of ours in some case, so it may be shown.
    return refuse("\"" + key_ + "\" is " + name_of(found) + ", wanted an array of rows");
  }

  const RowShape& shape_;
  RowSink& sink_;
  RowTally tally_;
  Where where_ = Where::kBody;
  int skipping_ = 0;  // levels inside a nested value nobody wants
  std::string key_;   // the key read last in the envelope, or in a row if it is no column
  std::size_t column_ = kUnknown;
  std::size_t position_ = 0;  // of the next key in its row
  struct Remembered {
    std::string key;
    std::size_t column;
  };
  std::vector<Remembered> remembered_;
  std::vector<JsonScalar> cells_;
  std::vector<std::string>
      texts_;  // what the cells' texts point to; kept, so that rows do not allocate
  std::string complaint_;
};

}  // namespace

Result<RowTally> read_rows(std::string_view body, const RowShape& shape, RowSink& sink) {
  RowReader reader(shape, sink);
  if (auto read = read_json(body, reader); !read) {
    Error error = std::move(read).error();
    if (reader.inside_rows()) {
      error.message += ", in row " + std::to_string(reader.tally().rows) + " (counted from 0)";
    }
    return error;
  }
  return reader.tally();
}

}  // namespace pce
