#include "exporter/exposition/insight_samples.h"

#include <algorithm>
#include <array>

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

// Writes the lines of one run, and remembers what it has put together: rows of different customers
// have the same products.
class InsightSamples::Writer {
 public:
  Writer(const InsightSamples& samples, TextBuffer& out)
      : samples_(samples), out_(out), pieces_(samples.stretches_.size()) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (!samples_.stretches_[i].of_slice) pieces_[i].known.resize(kKnown);
    }
  }

  void begin(const Slice& slice) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Stretch& stretch = samples_.stretches_[i];
      if (!stretch.of_slice) continue;
      put_together(pieces_[i].text, stretch, [&](const LabelPlace& place) -> const LabelText& {
        return place.of_slice(slice);
      });
    }
  }

  void line(const Record& record) {
    std::size_t room = kNumberSizeMax + 1;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      Piece& piece = pieces_[i];
      piece.now = samples_.stretches_[i].of_slice ? piece.text : of_row(i, record);
      room += piece.now.size();
    }
    char* to = out_.begin(room);
    for (const Piece& piece : pieces_) to = TextBuffer::copied(to, piece.now);
    const Number& value = record.values[samples_.metric_];
    to = value.is_whole() ? write_number(to, value.whole())
                          : samples_.encoder_->write_real(to, value.value());
    *to++ = '\n';
    out_.end(to);
  }

 private:
  static constexpr std::size_t kKnown = 64;
  using Labels = std::array<const void*, kRowLabelsMax>;  // by identity
  struct Known {
    Labels labels{};
    std::string text{};
  };
  struct Piece {
    std::string text{};          // of the slice
    std::vector<Known> known{};  // of rows before, each where its labels' hash says
    std::string_view now{};
  };

  template <typename Value>
  static void put_together(std::string& text, const Stretch& stretch, Value value) {
    text.clear();
    for (std::size_t i = 0; i < stretch.labels.size(); ++i) {
      text.append(stretch.before[i]).append(value(stretch.labels[i]).escaped());
    }
    text += stretch.behind;
  }

  std::string_view of_row(std::size_t i, const Record& record) {
    const Stretch& stretch = samples_.stretches_[i];
    Labels labels{};
    std::size_t hash = 0;
    for (std::size_t j = 0; j < stretch.labels.size(); ++j) {
      labels[j] = record.labels[stretch.labels[j].row_index].identity();
      hash = hash * 31 + reinterpret_cast<std::uintptr_t>(labels[j]) / 16;
    }
    Known& known = pieces_[i].known[(hash ^ hash >> 6 ^ hash >> 12) % kKnown];
    if (known.text.empty() || known.labels != labels) {
      known.labels = labels;
      put_together(known.text, stretch, [&](const LabelPlace& place) -> const LabelText& {
        return record.labels[place.row_index];
      });
    }
    return known.text;
  }

  const InsightSamples& samples_;
  TextBuffer& out_;
  std::vector<Piece> pieces_;  // as the stretches
};

void InsightSamples::append(TextBuffer& out, const SliceRun& run) const {
  Writer writer(*this, out);
  for (std::size_t i = 0; i < run.slices.size(); ++i) {
    fetch_ahead(run.slices, i);
    const Slice& slice = *run.slices[i];
    writer.begin(slice);
    for (const Record& record : slice.records) {
      if (record.values[metric_].known()) writer.line(record);
    }
  }
}

}  // namespace pce
