#pragma once
// What a page of a commercial answer says beside its rows.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/insights/documented_fields.h"
#include "exporter/insights/drift_counter.h"
#include "exporter/json/json_scalar.h"

namespace pce {

class BulkEnvelope {
 public:
  // One key of the page and its value; what is not as documented is counted.
  void read(std::string_view key, const JsonScalar& value, DriftCounter& drift);
  // kMalformed where a next link is neither text nor null: taken for the end, the rest of the rows
  // would go missing unseen.
  Status check() const;
  std::optional<std::string> next_link() const;  // nullopt: none; see BulkPage
  std::optional<std::int64_t> total_count() const { return total_count_; }

 private:
  struct Link {
    JsonKind kind = JsonKind::kAbsent;
    std::string text{};
  };
  void read_total(const JsonScalar& value, DriftCounter& drift);

  std::array<Link, kNextLinks.size()> links_{};
  std::optional<std::int64_t> total_count_{};
};

}  // namespace pce
