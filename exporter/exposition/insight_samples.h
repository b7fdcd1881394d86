#pragma once
// The lines of an insight family's samples. They differ between formats in how a percent is spelled
// only.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "exporter/exposition/families.h"
#include "exporter/exposition/text_buffer.h"
#include "exporter/store/snapshot.h"

namespace pce {

class InsightSamples;

// What the rows of different customers have in common, put together once. It may go from one call
// of append() to the next while the slices of all of them live. One thread at a time.
class RowTexts {
 public:
  RowTexts();
  ~RowTexts();
  RowTexts(const RowTexts&) = delete;
  RowTexts& operator=(const RowTexts&) = delete;
  RowTexts(RowTexts&&) = delete;
  RowTexts& operator=(RowTexts&&) = delete;

 private:
  friend class InsightSamples;
  struct Table;

  const InsightSamples* of_ = nullptr;  // whose they are
  std::unique_ptr<Table> table_;
};

// Made once for a family and an encoder, which it must not outlive. Any thread.
class InsightSamples {
 public:
  InsightSamples(const Family& family, const Encoder& encoder);

  // The samples of these runs' slices, each a line, in their order; unknown values give none.
  void append(TextBuffer& out, std::span<const std::shared_ptr<const SliceRun>> runs,
              RowTexts& texts) const;
  void append(TextBuffer& out, std::span<const std::shared_ptr<const SliceRun>> runs) const {
    RowTexts texts;
    append(out, runs, texts);
  }

 private:
  friend class RowTexts;
  // Neighbouring labels of a line that come from the slice all, or from the row all: so that a line
  // is put together from few pieces.
  struct Stretch {
    bool of_slice = false;
    std::vector<LabelPlace> labels{};
    std::vector<std::string> before{};  // each label's value
    std::string behind{};               // the last one's
  };
  class Padded;
  class Writer;

  const Encoder* encoder_;
  std::size_t metric_;
  std::vector<Stretch> stretches_;
};

}  // namespace pce
