#include "exporter/exposition/edition.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>
#include <utility>

#include "exporter/compression/deflate.h"

namespace pce {
namespace {

using Run = std::shared_ptr<const SliceRun>;

// Smaller chunks compress worse, larger ones make the refresh of one customer dearer.
constexpr std::size_t kRecordsPerChunk = 256;
// More strips are more pieces for the socket, fewer are more to copy when one of their chunks
// changes.
constexpr std::size_t kStripsMax = 8;

// How a family's runs are cut: powers of two.
struct Cut {
  std::size_t strips = 1;
  std::size_t chunks_per_strip = 1;

  explicit Cut(std::size_t chunks)
      : strips(std::min(chunks, kStripsMax)), chunks_per_strip(chunks / strips) {}
  explicit Cut(const EditionPart& part)
      : strips(part.strips.size()), chunks_per_strip(part.strips.front()->chunks.size()) {}

  std::size_t chunks() const { return strips * chunks_per_strip; }
  std::span<const Run> chunk(const Snapshot::Runs& runs, std::size_t i) const {
    const std::size_t size = runs.size() / chunks();
    return std::span(runs).subspan(i * size, size);
  }
  friend bool operator==(const Cut&, const Cut&) = default;
};

// A former cut that is not far off is kept, or an estate that grows and shrinks around a power of
// two would be encoded as a whole each time.
Cut cut_for(const Snapshot::Runs& runs, const EditionPart* former) {
  std::size_t records = 0;
  for (const Run& run : runs) records += run ? run->records : 0;
  const std::size_t wanted =
      std::min(std::bit_ceil(records / kRecordsPerChunk + 1), Snapshot::kRuns);
  if (former == nullptr || former->strips.empty()) return Cut(wanted);
  const std::size_t kept = Cut(*former).chunks();
  return kept * 2 == wanted || wanted * 2 == kept ? Cut(*former) : Cut(wanted);
}

// A family of the edition before, cut alike.
struct Former {
  const Snapshot::Runs& runs;
  const EditionPart& part;
};

// Encodes and compresses; its buffers are used again and again.
class Press {
 public:
  explicit Press(bool packed) : packed_(packed), deflater_(make_deflater()) {}

  EditionPart part(const Snapshot::Runs& runs, const FamilyLayout& family, const Cut& cut,
                   const std::optional<Former>& former) {
    EditionPart part;
    Checksum samples;
    for (std::size_t i = 0; i < cut.strips; ++i) {
      part.strips.push_back(strip(runs, family, cut, i, former));
      samples.append(part.strips.back()->plain);
    }
    if (samples.size == 0) return part;
    part.plain = family.head_checksum;
    part.plain.append(samples);
    return part;
  }

 private:
  std::shared_ptr<const Strip> strip(const Snapshot::Runs& runs, const FamilyLayout& family,
                                     const Cut& cut, std::size_t index,
                                     const std::optional<Former>& former) {
    const std::size_t first = index * cut.chunks_per_strip;
    const Strip* before = former ? former->part.strips[index].get() : nullptr;
    const auto is_new = [&](std::size_t i) {
      return before == nullptr ||
             !std::ranges::equal(cut.chunk(runs, first + i), cut.chunk(former->runs, first + i));
    };
    bool changed = false;
    for (std::size_t i = 0; i < cut.chunks_per_strip && !changed; ++i) changed = is_new(i);
    if (!changed) return former->part.strips[index];

    auto made = std::make_shared<Strip>();
    made->chunks.reserve(cut.chunks_per_strip);
    blocks_.clear();
    std::size_t copied = 0;  // of the blocks before, or left out because they are new
    for (std::size_t i = 0; i < cut.chunks_per_strip; ++i) {
      const std::size_t old_size = before == nullptr ? 0 : before->chunks[i].packed_size;
      if (is_new(i)) {
        made->chunks.push_back(chunk(family.samples, cut.chunk(runs, first + i)));
      } else {
        made->chunks.push_back(before->chunks[i]);
        if (packed_) blocks_.append(before->blocks, copied, old_size);
      }
      copied += old_size;
      made->plain.append(made->chunks.back().plain);
    }
    made->blocks = blocks_;  // with no room to spare
    return made;
  }

  Chunk chunk(const InsightSamples& samples, std::span<const Run> runs) {
    if (std::ranges::none_of(runs, [](const Run& run) { return run != nullptr; })) return {};
    text_.clear();
    samples.append(text_, runs, row_texts_);
    Chunk made{.plain = {.size = text_.size()}};
    if (packed_ && !text_.empty()) {
      const std::size_t before = blocks_.size();
      deflater_->append_blocks(blocks_, text_.view());
      made.plain.crc = deflater_->crc(text_.view());
      made.packed_size = blocks_.size() - before;
    }
    return made;
  }

  const bool packed_;
  const std::unique_ptr<Deflater> deflater_;
  TextBuffer text_;
  RowTexts row_texts_;
  std::string blocks_;
};

}  // namespace

Edition::Edition(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Layout> layout,
                 bool packed, const Edition* former, Cutting cutting)
    : snapshot_(std::move(snapshot)), layout_(std::move(layout)), packed_(packed) {
  static const auto kEmpty = std::make_shared<const EditionPart>();
  Press press(packed);
  for (std::size_t i = 0; i < layout_->families.size(); ++i) {
    const FamilyLayout& family = layout_->families[i];
    const Snapshot::Runs* now = snapshot_->runs(*family.data_set);
    const Snapshot::Runs* before =
        former == nullptr ? nullptr : former->snapshot_->runs(*family.data_set);
    if (now == nullptr) {
      parts_.push_back(kEmpty);
    } else if (now == before) {
      parts_.push_back(former->parts_[i]);
    } else {
      const EditionPart* part = before == nullptr ? nullptr : former->parts_[i].get();
      const bool as_before = cutting == Cutting::kAsBefore && part != nullptr;
      const Cut cut = as_before ? Cut(*part) : cut_for(*now, part);
      std::optional<Former> alike;
      if (part != nullptr && cut == Cut(*part)) alike.emplace(Former{*before, *part});
      parts_.push_back(std::make_shared<const EditionPart>(press.part(*now, family, cut, alike)));
    }
  }
}

std::shared_ptr<const Edition> Edition::of(std::shared_ptr<const Snapshot> snapshot,
                                           std::shared_ptr<const Layout> layout, bool packed,
                                           const Edition* former) {
  // One without blocks has nothing for one with them, which it must not keep in turn.
  if (former != nullptr && packed != former->packed_) former = nullptr;
  return std::shared_ptr<const Edition>(
      new Edition(std::move(snapshot), std::move(layout), packed, former, Cutting::kFitting));
}

std::shared_ptr<const Edition> Edition::of_part(const Edition& whole,
                                                std::shared_ptr<const Snapshot> part, bool packed) {
  return std::shared_ptr<const Edition>(
      new Edition(std::move(part), whole.layout_, packed, &whole, Cutting::kAsBefore));
}

void Edition::append_plain(TextBuffer& out, std::size_t family, std::size_t chunk,
                           RowTexts& texts) const {
  const FamilyLayout& layout = layout_->families[family];
  layout.samples.append(out, Cut(*parts_[family]).chunk(*snapshot_->runs(*layout.data_set), chunk),
                        texts);
}

}  // namespace pce
