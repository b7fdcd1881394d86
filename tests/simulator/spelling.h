#pragma once
// The ways one answer can be spelt on the wire, and the writer of insight rows that obeys them.
// What each means is listed in README.md, "Variants".
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/simulator/dates.h"

namespace simulator {

struct Spelling {
  bool bom = false;
  bool floats = false;           // 206.0
  bool numeric_strings = false;  // "206"
  bool null_numbers = false;
  bool missing_optional = false;  // names, totals and attributes left out
  bool missing_numbers = false;
  bool unknown_keys = false;
  bool shuffled_keys = false;
  bool lower_case_keys = false;
  bool announcement_keys = false;  // UsagePercent, ProratedLicenseUsagePercent
  bool classic_codes = false;      // customerId, serviceCode, workloadCode in classic rows
  bool duplicate_rows = false;
  bool over_100 =
      false;  // what is deployed or active becomes three times what is sold or qualified, plus one
  bool zero_sold = false;
  bool null_percent_of_zero = false;
  bool empty_items = false;
  bool wrong_types = false;   // numbers become words
  bool gzip = false;          // when the client accepts it
  bool two_decimals = false;  // percents
  std::optional<bool> upper_case_ids;
  std::optional<bool> singular_active;  // licenseActive
  std::optional<DateSpelling> dates;

  // Losses. Rows missing at the end of an answer whose totals and links stay as they were:
  std::size_t drop_rows = 0;
  // A customer (lower case) of whom the commercial insights know nothing.
  std::string without_customer;
};
inline constexpr std::size_t kEveryRow = std::numeric_limits<std::size_t>::max();

// Reads {"bom": true, "dates": "zulu", …} into `spelling`; empty when fine, otherwise what is
// wrong.
std::string read_spelling(const nlohmann::json& object, Spelling& spelling);

// One member of a row. `optional` ones may be left out.
struct Field {
  enum class Kind { kText, kCount, kPercent, kDate, kId, kObjectType };
  std::string_view key;
  Kind kind = Kind::kText;
  std::string_view text = {};
  double number = 0;  // counts are below 2^53
  Instant when = {};
  bool optional = false;
};

// `percent_of_nothing`: the denominator is 0, which `null_percent_of_zero` turns into null. `index`
// turns mixed spellings.
void append_row(std::string& out, const std::vector<Field>& row, const Spelling& spelling,
                std::size_t index, DateSpelling default_dates, bool percent_of_nothing);

// Collects the rows of one answer as JSON, with commas, and knows where each began.
class RowList {
 public:
  explicit RowList(const Spelling& spelling) : spelling_(spelling) {}
  // `index` as for append_row.
  void add(const std::vector<Field>& row, std::size_t index, DateSpelling default_dates,
           bool percent_of_nothing);
  std::size_t count() const { return begins_.size(); }
  // Without those the spelling drops.
  std::string_view text() const;

 private:
  const Spelling& spelling_;
  std::string text_;
  std::vector<std::size_t> begins_;  // of each row with the comma before it
};

// 80.0, 2.4271844660194173: the shortest text that reads back the same, always with a point.
std::string percent_text(double value);

}  // namespace simulator
