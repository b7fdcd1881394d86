#include "exporter/exposition/insight_samples.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "exporter/exposition/numbers.h"

namespace pce {
namespace {

// Loading a slice and what hangs on it is most of the work, because each stands somewhere else in
// memory: so it is asked for while the ones before are written.
constexpr std::size_t kFarAhead = 8;
constexpr std::size_t kAhead = 4;

void fetch_ahead(const std::vector<std::shared_ptr<const Slice>>& slices, std::size_t i) {
  constexpr std::size_t kCacheLine = 64;
  const auto fetch = [](const void* from, std::size_t size) {
    const char* const begin = static_cast<const char*>(from);
    for (std::size_t at = 0; at < size; at += kCacheLine) __builtin_prefetch(begin + at);
  };
  if (i + kFarAhead < slices.size()) fetch(slices[i + kFarAhead].get(), sizeof(Slice));
  if (i + kAhead >= slices.size()) return;
  const Slice& slice = *slices[i + kAhead];
  fetch(slice.customer.identity(), kCacheLine);
  fetch(slice.customer_id.identity(), kCacheLine);
  fetch(slice.records.data(), slice.records.size() * sizeof(Record));
}

}  // namespace

InsightSamples::InsightSamples(const Family& family, const Encoder& encoder)
    : encoder_(&encoder), metric_(family.metric) {
  std::string text = encoder.sample_name(family) + '{';
  for (const LabelPlace& place : family.labels) {
    const bool of_slice = place.source != LabelPlace::Source::kRow;
    if (stretches_.empty() || stretches_.back().of_slice != of_slice) {
      stretches_.push_back({.of_slice = of_slice});
    }
    stretches_.back().labels.push_back(place);
    stretches_.back().before.push_back(text + place.name + "=\"");
    text = "\",";
  }
  stretches_.back().behind = "\"} ";
}

// Text that is copied in steps of a fixed size, which may read behind its end.
class InsightSamples::Padded {
 public:
  static constexpr std::size_t kStep = 32;

  template <typename Value>
  void put_together(const Stretch& stretch, Value value) {
    bytes_.clear();
    for (std::size_t i = 0; i < stretch.labels.size(); ++i) {
      bytes_.append(stretch.before[i]).append(value(stretch.labels[i]).escaped());
    }
    bytes_ += stretch.behind;
    size_ = bytes_.size();
    bytes_.append(kStep, ' ');
  }

  std::size_t size() const { return size_; }
  // Writes up to kStep bytes more than it says.
  char* copied(char* to) const {
    const char* const from = bytes_.data();
    for (std::size_t at = 0; at < size_; at += kStep) std::memcpy(to + at, from + at, kStep);
    return to + size_;
  }

 private:
  std::string bytes_;
  std::size_t size_ = 0;
};

// Rows by the hash of their labels: as many as there are products and workloads in a large estate,
// or they would be put together again and again.
struct RowTexts::Table {
  static constexpr int kRowBits = 11;
  struct Row {
    const void* labels = nullptr;                 // by identity
    std::vector<InsightSamples::Padded> texts{};  // as the stretches; empty: none yet

    bool is_of(const Record& record) const {
      return !texts.empty() && labels == record.labels.identity();
    }
  };

  Row& row_of(const Record& record) {
    const std::uint64_t hash =
        reinterpret_cast<std::uintptr_t>(record.labels.identity()) * 0x9E3779B97F4A7C15U;
    return rows[hash >> (64 - kRowBits)];
  }

  std::vector<Row> rows{std::size_t{1} << kRowBits};
};

RowTexts::RowTexts() = default;
RowTexts::~RowTexts() = default;

// Writes the lines of some runs.
class InsightSamples::Writer {
 public:
  Writer(const InsightSamples& samples, TextBuffer& out, RowTexts::Table& rows)
      : samples_(samples),
        out_(out),
        rows_(rows),
        of_slice_(samples.stretches_.size()),
        pieces_(samples.stretches_.size()) {}

  void begin(const Slice& slice) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Stretch& stretch = samples_.stretches_[i];
      if (!stretch.of_slice) continue;
      of_slice_[i].put_together(stretch, [&](const LabelPlace& place) -> const LabelText& {
        return place.of_slice(slice);
      });
      pieces_[i] = &of_slice_[i];
    }
  }

  void line(const Record& record) {
    find_row(record);
    std::size_t room = kNumberSizeMax + 1 + Padded::kStep;
    for (const Padded* piece : pieces_) room += piece->size();
    char* to = out_.begin(room);
    for (const Padded* piece : pieces_) to = piece->copied(to);
    const Number& value = record.values[samples_.metric_];
    to = value.is_whole() ? write_number(to, value.whole())
                          : samples_.encoder_->write_real(to, value.value());
    *to++ = '\n';
    out_.end(to);
  }

 private:
  // Points the pieces that are of the row to its texts.
  void find_row(const Record& record) {
    RowTexts::Table::Row& row = rows_.row_of(record);
    const bool known = row.is_of(record);
    if (known && &row == row_) return;
    row_ = &row;
    row.texts.resize(pieces_.size());
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Stretch& stretch = samples_.stretches_[i];
      if (stretch.of_slice) continue;
      pieces_[i] = &row.texts[i];
      if (known) continue;
      row.texts[i].put_together(stretch, [&](const LabelPlace& place) -> const LabelText& {
        return record.labels[place.row_index];
      });
    }
    row.labels = record.labels.identity();
  }

  const InsightSamples& samples_;
  TextBuffer& out_;
  RowTexts::Table& rows_;
  std::vector<Padded> of_slice_;               // as the stretches
  std::vector<const Padded*> pieces_;          // of the line
  const RowTexts::Table::Row* row_ = nullptr;  // the last one found
};

void InsightSamples::append(TextBuffer& out, std::span<const std::shared_ptr<const SliceRun>> runs,
                            RowTexts& texts) const {
  if (texts.of_ != this) texts.table_ = std::make_unique<RowTexts::Table>();
  texts.of_ = this;
  Writer writer(*this, out, *texts.table_);
  for (const auto& run : runs) {
    if (!run) continue;
    for (std::size_t i = 0; i < run->slices.size(); ++i) {
      fetch_ahead(run->slices, i);
      const Slice& slice = *run->slices[i];
      writer.begin(slice);
      for (const Record& record : slice.records) {
        if (record.values[metric_].known()) writer.line(record);
      }
    }
  }
}

}  // namespace pce
