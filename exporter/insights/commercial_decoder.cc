#include "exporter/insights/commercial_decoder.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "exporter/insights/bulk_envelope.h"
#include "exporter/insights/documented_fields.h"
#include "exporter/insights/drift_counter.h"
#include "exporter/insights/label_table.h"
#include "exporter/json/json_rows.h"

namespace pce {
namespace {

constexpr std::int64_t kUnknownCount = -1;
constexpr WallTime kNoTime = WallTime::min();

// There are half a million of these.
struct Row {
  std::uint32_t customer = 0;
  std::array<LabelTable::Id, kRowLabelsMax> labels{};
  std::int64_t part = kUnknownCount;
  std::int64_t whole = kUnknownCount;
  WallTime processed_at = kNoTime;

  auto key() const { return std::tie(customer, labels); }
};

std::int64_t stored(const Number& count) { return count.known() ? count.whole() : kUnknownCount; }
Number shown(std::int64_t count) {
  return count == kUnknownCount ? Number() : Number::whole(count);
}

// Unknown where one of them is, or where the sum is beyond kCountMax; the same in any order.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  if (a == kUnknownCount || b == kUnknownCount || a + b > kCountMax) return kUnknownCount;
  return a + b;
}

Error malformed(const std::string& message) {
  return {.kind = ErrorKind::kMalformed, .message = "JSON: " + message};
}

class CommercialDecoder final : public BulkDecoder, private RowSink {
 public:
  CommercialDecoder(const CommercialReading& reading, LabelPool& labels)
      : reading_(reading),
        labels_(labels),
        tallies_{.drift = DriftCounter(commercial::kColumns, reading.required)} {
    if (reading.scope == Scope::kPartner) tallies_.customers.emplace_back();
  }

  Result<BulkPage> page(std::string_view body) override {
    Tallies before = tallies_;
    const std::size_t rows_before = rows_.size();
    auto page = read(body);
    if (!page) {
      tallies_ = std::move(before);
      rows_.resize(rows_before);
      const auto known = tallies_.customers.size();
      std::erase_if(places_, [&](const auto& place) { return place.second >= known; });
      last_id_.clear();
    }
    return page;
  }

  BulkDecoded finish() override {
    BulkDecoded all;
    all.rows = rows_read_;
    all.rows_rejected = std::move(tallies_.rows_rejected);
    all.drift = tallies_.drift.found();
    const std::vector<std::uint32_t> ordered = sort_customers();
    const std::vector<LabelTable::Id> by_rank = sort_rows();
    all.customers.reserve(tallies_.customers.size());
    auto first = rows_.cbegin();
    for (std::uint32_t place = 0; place < ordered.size(); ++place) {
      const auto last =
          std::find_if(first, rows_.cend(), [&](const Row& row) { return row.customer != place; });
      CustomerDecoded& customer = tallies_.customers[ordered[place]];
      project({first, last}, by_rank, customer.decoded);
      all.customers.push_back(std::move(customer));
      first = last;
    }
    return all;
  }

 private:
  // What is counted row by row and must be as before where a page fails.
  struct Tallies {
    std::vector<CustomerDecoded> customers{};  // in the order they came
    std::map<std::string, std::size_t> rows_rejected{};
    DriftCounter drift;
  };

  Result<BulkPage> read(std::string_view body) {
    envelope_ = {};
    newest_.clear();
    fields_repeated_ = 0;
    const auto tally = read_rows(
        body, {.row_keys = kRowKeys, .columns = commercial::kColumns, .ignored = kDocumentedFields},
        *this);
    if (!tally) return tally.error();
    if (!tally->rows_found) return malformed("no array of rows under \"Value\" or \"items\"");
    if (const auto checked = envelope_.check(); !checked) return checked.error();
    rows_read_ += tally->rows;
    BulkPage page{.rows = tally->rows,
                  .next_link = envelope_.next_link(),
                  .total_count = envelope_.total_count()};
    for (const auto& [service, time] : newest_) {
      page.processed.emplace(labels_[service].escaped(), time);
    }
    return page;
  }

  void row(std::size_t /*index*/, std::span<const JsonScalar> cells) override {
    const std::size_t repeated = std::exchange(fields_repeated_, 0);
    WireRow wire(cells, tallies_.drift);
    const auto customer = customer_of(wire);
    const auto no_customer = wire.rejection();  // so far only the id was read
    Row row;
    for (std::size_t i = 0; i < reading_.labels.size(); ++i) {
      row.labels[i] = label(reading_.labels[i], wire);
    }
    row.part = stored(wire.count(reading_.part));
    row.whole = stored(wire.count(reading_.whole));
    row.processed_at = wire.processed_at().value_or(kNoTime);
    const std::string_view name = wire.customer_name();
    if (!customer) {
      ++tallies_.rows_rejected[name_of(no_customer.value_or(Rejection::kType))];
      return;
    }
    Decoded& decoded = tallies_.customers[*customer].decoded;
    ++decoded.rows;
    decoded.fields_repeated += repeated;
    if (const auto reason = wire.rejection()) {
      ++decoded.rows_rejected[name_of(*reason)];
      return;
    }
    note_name(name, decoded.customer_name);
    if (row.processed_at != kNoTime) note_newest(row);
    row.customer = *customer;
    rows_.push_back(row);
  }

  void not_a_row(std::size_t /*index*/, JsonKind /*found*/) override {
    if (reading_.scope == Scope::kPartner) {
      Decoded& decoded = tallies_.customers.front().decoded;
      ++decoded.rows;
      ++decoded.rows_rejected[name_of(Rejection::kType)];
    } else {
      ++tallies_.rows_rejected[name_of(Rejection::kType)];
    }
  }

  void envelope(std::string_view key, const JsonScalar& value) override {
    envelope_.read(key, value, tallies_.drift);
  }
  void repeated_field(std::size_t /*column*/) override { ++fields_repeated_; }
  void unknown_field(std::string_view key, JsonKind kind) override {
    tallies_.drift.unknown(key, kind);
  }

  LabelTable::Id label(CommercialLabel label, WireRow& wire) {
    using namespace commercial;
    switch (label) {
      case CommercialLabel::kChannel:
        return labels_.code(wire.channel());
      case CommercialLabel::kProduct:
        return labels_.name(wire.name({kProductName}));
      case CommercialLabel::kServiceCode:
        return labels_.code(wire.service_code());
      case CommercialLabel::kWorkload:
        return labels_.name(wire.name({kWorkloadName, kWorkloadCode}));
    }
    return {};
  }

  // The place in tallies_.customers; nullopt where the row names none.
  std::optional<std::uint32_t> customer_of(WireRow& wire) {
    if (reading_.scope == Scope::kPartner) return 0;
    const std::string_view id = wire.name({kCustomerTenantId});
    if (id.empty()) return std::nullopt;
    if (id == last_id_) return last_customer_;  // rows of one customer mostly stand together
    auto customer = TenantId::parse(id);
    if (!customer) {
      tallies_.drift.wrong_type(kCustomerTenantId, JsonKind::kText);
      return std::nullopt;
    }
    const auto [known, added] = places_.try_emplace(
        customer->text(), static_cast<std::uint32_t>(tallies_.customers.size()));
    if (added) tallies_.customers.push_back({.customer = std::move(customer)});
    last_id_ = id;
    last_customer_ = known->second;
    return last_customer_;
  }

  // The rows should agree; where they do not, the smallest text is as good as any and independent
  // of the order.
  static void note_name(std::string_view name, std::string& smallest) {
    if (name.empty() || name == smallest) return;
    if (smallest.empty() || name < smallest) smallest = name;
  }

  void note_newest(const Row& row) {
    const LabelTable::Id service = row.labels[service_];
    const auto known = std::ranges::find(newest_, service, &Newest::first);
    if (known == newest_.end()) {
      newest_.emplace_back(service, row.processed_at);
    } else {
      known->second = std::max(known->second, row.processed_at);
    }
  }

  // Puts the places of customers into the order of their ids, and those places into the rows.
  std::vector<std::uint32_t> sort_customers() {
    std::vector<std::uint32_t> ordered(tallies_.customers.size());
    std::iota(ordered.begin(), ordered.end(), 0u);
    std::ranges::sort(ordered, {}, [this](std::uint32_t i) -> const std::optional<TenantId>& {
      return tallies_.customers[i].customer;
    });
    std::vector<std::uint32_t> places(ordered.size());
    for (std::uint32_t place = 0; place < ordered.size(); ++place) places[ordered[place]] = place;
    for (Row& row : rows_) row.customer = places[row.customer];
    return ordered;
  }

  // Puts the ranks of labels into the rows and sorts these; which label has which rank.
  std::vector<LabelTable::Id> sort_rows() {
    const std::vector<LabelTable::Id> ranks = labels_.ranks();
    for (Row& row : rows_) {
      for (std::size_t i = 0; i < reading_.labels.size(); ++i) {
        row.labels[i] = ranks[row.labels[i]];
      }
    }
    std::ranges::sort(rows_, {}, &Row::key);
    std::vector<LabelTable::Id> by_rank(ranks.size());
    for (LabelTable::Id id = 0; id < ranks.size(); ++id) by_rank[ranks[id]] = id;
    return by_rank;
  }

  // `rows`: sorted, of one customer, with ranks for labels.
  void project(std::span<const Row> rows, std::span<const LabelTable::Id> by_rank,
               Decoded& decoded) const {
    std::map<LabelTable::Id, WallTime> newest;
    decoded.records.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size();) {
      Row merged = rows[i];
      std::size_t next = i;
      for (; next < rows.size() && rows[next].labels == merged.labels; ++next) {
        if (next > i) {
          merged.part = sum_of(merged.part, rows[next].part);
          merged.whole = sum_of(merged.whole, rows[next].whole);
          merged.processed_at = std::max(merged.processed_at, rows[next].processed_at);
        }
      }
      decoded.rows_merged += next - i - 1;
      decoded.records.push_back(record_of(merged, by_rank));
      if (merged.processed_at != kNoTime) {
        auto& time = newest.try_emplace(merged.labels[service_], kNoTime).first->second;
        time = std::max(time, merged.processed_at);
      }
      i = next;
    }
    for (const auto& [service, time] : newest) {
      decoded.processed.push_back({labels_[by_rank[service]], time});
    }
  }

  Record record_of(const Row& row, std::span<const LabelTable::Id> by_rank) const {
    Record record;
    for (std::size_t i = 0; i < reading_.labels.size(); ++i) {
      record.labels[i] = labels_[by_rank[row.labels[i]]];
    }
    const Number part = shown(row.part);
    const Number whole = shown(row.whole);
    for (std::size_t i = 0; i < reading_.values.size(); ++i) {
      switch (reading_.values[i]) {
        case CommercialValue::kPart:
          record.values[i] = part;
          break;
        case CommercialValue::kWhole:
          record.values[i] = whole;
          break;
        case CommercialValue::kPercent:
          record.values[i] = percent_of(part, whole);
          break;
      }
    }
    return record;
  }

  using Newest = std::pair<LabelTable::Id, WallTime>;

  const CommercialReading& reading_;
  const std::size_t service_ = static_cast<std::size_t>(
      std::ranges::find(reading_.labels, CommercialLabel::kServiceCode) - reading_.labels.begin());
  LabelTable labels_;
  Tallies tallies_;
  std::unordered_map<std::string, std::uint32_t> places_;
  std::string last_id_;
  std::uint32_t last_customer_ = 0;
  std::vector<Row> rows_;
  std::size_t rows_read_ = 0;

  BulkEnvelope envelope_;            // of this page
  std::vector<Newest> newest_;       // of this page, by service
  std::size_t fields_repeated_ = 0;  // in the row to come
};

}  // namespace

std::unique_ptr<BulkDecoder> commercial_decoder(const CommercialReading& reading,
                                                LabelPool& labels) {
  return std::make_unique<CommercialDecoder>(reading, labels);
}

}  // namespace pce
