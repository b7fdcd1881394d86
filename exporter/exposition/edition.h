#pragma once
// One snapshot, prepared for being sent in one format. Immutable; what did not change is shared
// with the edition before. The rows are not held: where everything is read again, the old ones can
// go before the new ones are prepared.
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exporter/exposition/layout.h"
#include "exporter/store/snapshot.h"

namespace pce {

// The samples of one family and some neighbouring runs: encoded and compressed as one, and again
// only when one of the runs has changed.
struct Chunk {
  Checksum plain;  // size 0: there are none
  std::size_t packed_size = 0;
};

// Neighbouring chunks, sent as one piece.
struct Strip {
  std::vector<Chunk> chunks;
  Checksum plain{};    // of all chunks
  std::string blocks;  // of all chunks, compressed; empty where nobody asked for gzip
};

// All samples of one family. Their runs are cut into equally many for each chunk.
struct EditionPart {
  std::vector<std::shared_ptr<const Strip>> strips{};  // each of equally many chunks
  Checksum plain{};  // head and samples; size 0: no samples, and so no head
};

class Edition {
 public:
  using RunNumbers = std::array<std::uint64_t, Snapshot::kRuns>;  // 0: there is no such run

  // With compressed blocks if `packed`. `former`: an earlier edition of the same layout, or null.
  // Takes no lock; throws std::bad_alloc.
  static std::shared_ptr<const Edition> of(const std::shared_ptr<const Snapshot>& snapshot,
                                           std::shared_ptr<const Layout> layout, bool packed,
                                           const Edition* former);

  // Of `part` of what `whole` shows, for one answer: cut alike, so that each chunk that is in the
  // part as a whole is shared. `packed` only if `whole` is.
  static std::shared_ptr<const Edition> of_part(const Edition& whole,
                                                const std::shared_ptr<const Snapshot>& part,
                                                bool packed);

  bool shows(const std::shared_ptr<const Snapshot>& snapshot) const;  // this very one
  // What it shows; null: nobody holds that any more.
  std::shared_ptr<const Snapshot> snapshot() const { return snapshot_.lock(); }
  const Layout& layout() const { return *layout_; }
  bool packed() const { return packed_; }

  // In the order of layout().families.
  const std::vector<std::shared_ptr<const EditionPart>>& parts() const { return parts_; }
  // The text of one chunk, counted over all strips of its family: it is kept compressed only.
  // `snapshot`: what this edition shows.
  void append_plain(TextBuffer& out, const Snapshot& snapshot, std::size_t family,
                    std::size_t chunk, RowTexts& texts) const;

 private:
  enum class Cutting { kFitting, kAsBefore };
  Edition(const std::shared_ptr<const Snapshot>& snapshot, std::shared_ptr<const Layout> layout,
          bool packed, const Edition* former, Cutting cutting);

  const RunNumbers* numbers(const DataSet& data_set) const;  // nullptr: it has no runs

  std::weak_ptr<const Snapshot> snapshot_;
  std::map<const DataSet*, RunNumbers> numbers_;  // of the snapshot's runs
  std::shared_ptr<const Layout> layout_;
  bool packed_;
  std::vector<std::shared_ptr<const EditionPart>> parts_;
};

}  // namespace pce
