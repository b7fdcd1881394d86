#include "exporter/insights/commercial_decoder.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "exporter/insights/bulk_envelope.h"
#include "exporter/insights/customer_tallies.h"
#include "exporter/insights/documented_fields.h"
#include "exporter/insights/drift_counter.h"
#include "exporter/insights/label_row_table.h"
#include "exporter/insights/label_table.h"
#include "exporter/json/json_rows.h"

namespace pce {
namespace {

constexpr std::int64_t kUnknownCount = -1;
constexpr WallTime kNoTime = WallTime::min();

// There are half a million of these.
struct Row {
  std::uint32_t customer = 0;  // its place
  LabelRowTable::Id labels = 0;
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
        pool_(labels),
        labels_(labels),
        label_rows_(labels_, reading.labels.size()),
        tallies_{.drift = DriftCounter(commercial::kColumns, reading.required)} {
    if (of_the_partner()) customers_.place_of_the_partner();
  }

  Result<BulkPage> page(std::string_view body) override {
    Tallies before = tallies_;
    const std::size_t rows_before = rows_.size();
    customers_.begin_page();
    auto page = read(body);
    if (!page) {
      tallies_ = std::move(before);
      rows_.resize(rows_before);
      customers_.take_page_back();
      last_id_.clear();
    }
    return page;
  }

  void take_over(BulkDecoder& of_the_same) override {
    auto& other = static_cast<CommercialDecoder&>(of_the_same);
    const auto places = customers_.take_over(other.customers_);
    const auto labels = label_rows_.take_over(other.label_rows_, labels_.take_over(other.labels_));
    for (; !other.rows_.empty(); other.rows_.pop_front()) {
      Row& row = rows_.emplace_back(other.rows_.front());
      row.customer = places[row.customer];
      row.labels = labels[row.labels];
    }
    rows_read_ += std::exchange(other.rows_read_, 0);
    for (const auto& [reason, count] : other.tallies_.rows_rejected)
      tallies_.rows_rejected[reason] += count;
    tallies_.drift.add(other.tallies_.drift);
  }

  // What rows took goes over to records customer by customer: a large answer is not held twice.
  BulkDecoded finish() override {
    BulkDecoded all;
    all.rows = rows_read_;
    all.rows_rejected = std::move(tallies_.rows_rejected);
    all.drift = tallies_.drift.found();
    const auto by_place = customers_.ordered();
    const auto by_rank = label_rows_.ordered();
    sort_rows(by_place, by_rank);
    std::vector<LabelRow> label_rows;
    for (const LabelRowTable::Id id : by_rank)
      label_rows.push_back(label_rows_.interned(id, pool_));
    for (std::uint32_t place = 0; place < by_place.size(); ++place) {
      CustomerDecoded& customer = all.customers.emplace_back(customers_.take(by_place[place]));
      move_rows(place, label_rows, customer.decoded);
    }
    return all;
  }

 private:
  // What is counted row by row and must be as before where a page fails.
  struct Tallies {
    std::map<std::string, std::size_t> rows_rejected{};
    DriftCounter drift;
  };

  bool of_the_partner() const { return reading_.scope == Scope::kPartner; }

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
    LabelRowTable::Labels labels{};
    for (std::size_t i = 0; i < reading_.labels.size(); ++i) {
      labels[i] = label(reading_.labels[i], wire);
    }
    Row row{.part = stored(wire.count(reading_.part)),
            .whole = stored(wire.count(reading_.whole)),
            .processed_at = wire.processed_at().value_or(kNoTime)};
    const std::string_view name = wire.customer_name();
    if (!customer) {
      ++tallies_.rows_rejected[name_of(no_customer.value_or(Rejection::kType))];
      return;
    }
    if (const auto reason = wire.rejection()) {
      customers_.rejected_row(*customer, repeated, *reason);
      return;
    }
    customers_.row(*customer, repeated);
    customers_.name(*customer, name);
    if (row.processed_at != kNoTime) note_newest(labels[service_], row.processed_at);
    row.customer = *customer;
    row.labels = label_rows_.id_of(labels);
    rows_.push_back(row);
  }

  void not_a_row(std::size_t /*index*/, JsonKind /*found*/) override {
    if (of_the_partner()) {
      customers_.rejected_row(customers_.place_of_the_partner(), 0, Rejection::kType);
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

  // nullopt where the row names none.
  std::optional<CustomerTallies::Place> customer_of(WireRow& wire) {
    if (of_the_partner()) return customers_.place_of_the_partner();
    const std::string_view id = wire.name({kCustomerTenantId});
    if (id.empty()) return std::nullopt;
    if (id == last_id_) return last_customer_;  // rows of one customer mostly stand together
    auto customer = TenantId::parse(id);
    if (!customer) {
      tallies_.drift.wrong_type(kCustomerTenantId, JsonKind::kText);
      return std::nullopt;
    }
    last_customer_ = customers_.place_of(std::move(*customer));
    last_id_ = id;
    return last_customer_;
  }

  void note_newest(LabelTable::Id service, WallTime processed_at) {
    const auto known = std::ranges::find(newest_, service, &Newest::first);
    if (known == newest_.end()) {
      newest_.emplace_back(service, processed_at);
    } else {
      known->second = std::max(known->second, processed_at);
    }
  }

  // By customer and labels. From here on a row's customer and labels are their numbers in that
  // order.
  void sort_rows(std::span<const CustomerTallies::Place> by_place,
                 std::span<const LabelRowTable::Id> by_rank) {
    const auto inverse = [](std::span<const std::uint32_t> ordered) {
      std::vector<std::uint32_t> places(ordered.size());
      for (std::uint32_t i = 0; i < ordered.size(); ++i) places[ordered[i]] = i;
      return places;
    };
    const auto places = inverse(by_place);
    const auto ranks = inverse(by_rank);
    for (Row& row : rows_) {
      row.customer = places[row.customer];
      row.labels = ranks[row.labels];
    }
    std::ranges::sort(rows_, {}, &Row::key);
  }

  // Merges the rows of one customer, which come first, and moves them there.
  void move_rows(std::uint32_t customer, std::span<const LabelRow> label_rows, Decoded& decoded) {
    const auto is_another = [&](const Row& row) { return row.customer != customer; };
    const auto last = std::ranges::find_if(rows_, is_another);
    std::size_t records = 0;
    for (auto row = rows_.cbegin(); row != last; ++row) {
      if (row == rows_.cbegin() || row->labels != std::prev(row)->labels) ++records;
    }
    decoded.records.reserve(records);
    std::map<LabelText, WallTime> newest;
    while (decoded.records.size() < records) {
      Row merged = take_row();
      while (!rows_.empty() && rows_.front().key() == merged.key()) {
        const Row row = take_row();
        merged.part = sum_of(merged.part, row.part);
        merged.whole = sum_of(merged.whole, row.whole);
        merged.processed_at = std::max(merged.processed_at, row.processed_at);
        ++decoded.rows_merged;
      }
      const LabelRow& labels = label_rows[merged.labels];
      decoded.records.push_back(record_of(merged, labels));
      if (merged.processed_at != kNoTime) {
        auto& time = newest.try_emplace(labels[service_], kNoTime).first->second;
        time = std::max(time, merged.processed_at);
      }
    }
    decoded.processed.reserve(newest.size());
    for (const auto& [service, time] : newest) decoded.processed.push_back({service, time});
  }

  Row take_row() {
    const Row row = rows_.front();
    rows_.pop_front();
    return row;
  }

  Record record_of(const Row& row, const LabelRow& labels) const {
    Record record{.labels = labels};
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
  LabelPool& pool_;
  LabelTable labels_;
  LabelRowTable label_rows_;
  Tallies tallies_;
  CustomerTallies customers_;
  std::string last_id_;
  CustomerTallies::Place last_customer_ = 0;
  std::deque<Row> rows_;
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
