#pragma once
// The steps all insights share: body → rows → merged and sorted rows → records. What is particular
// to one insight is its RowReading. Included by the insights' own .cc files.
#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "exporter/insights/data_set.h"
#include "exporter/insights/documented_fields.h"
#include "exporter/insights/drift_counter.h"
#include "exporter/insights/metric_spec.h"
#include "exporter/insights/wire_row.h"
#include "exporter/json/json_rows.h"

namespace pce {

// A Row has the members `service_code` and `processed_at`, and labels(), a tie of its labels in the
// order of DataSet::row_labels.
template <typename Row>
struct RowReading {
  std::span<const std::string_view> columns;
  std::span<const WireField> required;  // what every documented row has
  Row (*read)(WireRow& wire, LabelPool& labels);
  // What two or more rows of equal labels say together. They come in an order that depends on their
  // values only.
  Row (*merge)(std::span<const Row> rows);
  std::span<const MetricSpec<Row>> metrics;
};

// Adds up one count of all rows. Unknown where one of them is, or where the sum is beyond
// kCountMax.
template <typename Row>
Number sum_of(std::span<const Row> rows, Number Row::*count) {
  std::int64_t sum = 0;
  for (const Row& row : rows) {
    const Number& number = row.*count;
    if (!number.known()) return {};
    sum += number.whole();  // at most twice kCountMax
    if (sum > kCountMax) return {};
  }
  return Number::whole(sum);
}

// Unknown stands before every known number.
inline std::partial_ordering compare(const Number& a, const Number& b) {
  if (!a.known() || !b.known()) return a.known() <=> b.known();
  return a.value() <=> b.value();
}

template <typename Row>
class RowCollector final : public RowSink {
 public:
  RowCollector(const RowReading<Row>& reading, const TenantId* customer, LabelPool& labels)
      : reading_(reading),
        customer_(customer),
        labels_(labels),
        drift_(reading.columns, reading.required) {}

  void row(std::size_t /*index*/, std::span<const JsonScalar> cells) override {
    WireRow wire(cells, drift_);
    if (customer_ != nullptr) wire.check_customer(*customer_);
    Row row = reading_.read(wire, labels_);
    const std::string_view customer_name = wire.customer_name();
    if (const auto reason = wire.rejection()) {
      ++decoded_.rows_rejected[name_of(*reason)];
      return;
    }
    note_customer_name(customer_name);
    rows_.push_back(std::move(row));
  }

  void not_a_row(std::size_t /*index*/, JsonKind /*found*/) override {
    ++decoded_.rows_rejected[name_of(Rejection::kType)];
  }

  void envelope(std::string_view key, const JsonScalar& value) override {
    drift_.envelope(key, value.kind);
  }

  void unknown_field(std::string_view key, JsonKind kind) override { drift_.unknown(key, kind); }

  Decoded finish(const RowTally& tally) {
    decoded_.rows = tally.rows;
    decoded_.fields_repeated = tally.fields_repeated;
    decoded_.drift = drift_.found();
    note_processed();
    std::sort(rows_.begin(), rows_.end(),
              [this](const Row& a, const Row& b) { return before(a, b); });
    decoded_.records.reserve(rows_.size());
    for (auto first = rows_.begin(); first != rows_.end();) {
      const auto last = std::find_if(
          first, rows_.end(), [&](const Row& row) { return row.labels() != first->labels(); });
      const std::span<const Row> group(first, last);
      decoded_.rows_merged += group.size() - 1;
      decoded_.records.push_back(project(group.size() == 1 ? *first : reading_.merge(group)));
      first = last;
    }
    return std::move(decoded_);
  }

 private:
  // Total up to rows that say the same, so that the order of the body leaves no trace.
  bool before(const Row& a, const Row& b) const {
    const auto by_labels = a.labels() <=> b.labels();
    if (std::is_neq(by_labels)) return std::is_lt(by_labels);
    for (const MetricSpec<Row>& metric : reading_.metrics) {
      const auto by_value = compare(a.*metric.value, b.*metric.value);
      if (std::is_neq(by_value)) return std::is_lt(by_value);
    }
    return a.processed_at < b.processed_at;
  }

  Record project(const Row& row) {
    Record record;
    std::apply(
        [&](const auto&... label) {
          static_assert(sizeof...(label) <= kRowLabelsMax);
          record.labels = labels_.intern(LabelRow::Texts{label...});
        },
        row.labels());
    for (std::size_t i = 0; i < reading_.metrics.size(); ++i) {
      record.values[i] = row.*reading_.metrics[i].value;
    }
    return record;
  }

  // The rows should agree; where they do not, the smallest text is as good as any and independent
  // of the order.
  void note_customer_name(std::string_view name) {
    if (name.empty()) return;
    if (decoded_.customer_name.empty() || name < decoded_.customer_name) {
      decoded_.customer_name = name;
    }
  }

  void note_processed() {
    std::map<LabelText, WallTime> newest;
    for (const Row& row : rows_) {
      if (!row.processed_at) continue;
      const auto [known, added] = newest.try_emplace(row.service_code, *row.processed_at);
      if (!added) known->second = std::max(known->second, *row.processed_at);
    }
    for (const auto& [service_code, time] : newest) {
      decoded_.processed.push_back({service_code, time});
    }
  }

  const RowReading<Row>& reading_;
  const TenantId* customer_;
  LabelPool& labels_;
  DriftCounter drift_;
  Decoded decoded_;
  std::vector<Row> rows_;
};

template <typename Row>
Result<Decoded> decode_rows(std::string_view body, const TenantId* customer, LabelPool& labels,
                            const RowReading<Row>& reading) {
  RowCollector<Row> collector(reading, customer, labels);
  const auto tally = read_rows(
      body, {.row_keys = kRowKeys, .columns = reading.columns, .ignored = kDocumentedFields},
      collector);
  if (!tally) return tally.error();
  return collector.finish(*tally);
}

}  // namespace pce
