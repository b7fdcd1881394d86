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
  template <typename Item>
  std::span<const Item> chunk(const std::array<Item, Snapshot::kRuns>& runs, std::size_t i) const {
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

Edition::RunNumbers numbers_of(const Snapshot::Runs& runs) {
  Edition::RunNumbers numbers;
  std::ranges::transform(runs, numbers.begin(),
                         [](const Run& run) { return run ? run->number : 0; });
  return numbers;
}

// What is to be prepared of one family, and how it was before if that was cut alike.
struct Task {
  struct Former {
    const Edition::RunNumbers& numbers;
    const EditionPart& part;
  };
  const FamilyLayout& family;
  const Snapshot::Runs& runs;
  const Edition::RunNumbers& numbers;
  Cut cut;
  std::optional<Former> former{};
};

// Encodes and compresses; its buffers are used again and again.
class Press {
 public:
  explicit Press(bool packed) : packed_(packed), deflater_(make_deflater()) {}

  EditionPart part(const Task& task) {
    EditionPart part;
    Checksum samples;
    for (std::size_t i = 0; i < task.cut.strips; ++i) {
      part.strips.push_back(strip(task, i));
      samples.append(part.strips.back()->plain);
    }
    if (samples.size == 0) return part;
    part.plain = task.family.head_checksum;
    part.plain.append(samples);
    return part;
  }

 private:
  std::shared_ptr<const Strip> strip(const Task& task, std::size_t index) {
    const Cut& cut = task.cut;
    const auto& former = task.former;
    const std::size_t first = index * cut.chunks_per_strip;
    const Strip* before = former ? former->part.strips[index].get() : nullptr;
    const auto is_new = [&](std::size_t i) {
      return before == nullptr || !std::ranges::equal(cut.chunk(task.numbers, first + i),
                                                      cut.chunk(former->numbers, first + i));
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
        made->chunks.push_back(chunk(task.family.samples, cut.chunk(task.runs, first + i)));
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

Edition::Edition(const std::shared_ptr<const Snapshot>& snapshot,
                 std::shared_ptr<const Layout> layout, bool packed, const Edition* former,
                 Cutting cutting)
    : snapshot_(snapshot), layout_(std::move(layout)), packed_(packed) {
  static const auto kEmpty = std::make_shared<const EditionPart>();
  Press press(packed);
  for (std::size_t i = 0; i < layout_->families.size(); ++i) {
    const FamilyLayout& family = layout_->families[i];
    const Snapshot::Runs* runs = snapshot->runs(*family.data_set);
    if (runs == nullptr) {
      parts_.push_back(kEmpty);
      continue;
    }
    const RunNumbers& now = numbers_.try_emplace(family.data_set, numbers_of(*runs)).first->second;
    const RunNumbers* before = former == nullptr ? nullptr : former->numbers(*family.data_set);
    const EditionPart* part = before == nullptr ? nullptr : former->parts_[i].get();
    if (part != nullptr && now == *before) {
      parts_.push_back(former->parts_[i]);
      continue;
    }
    const bool as_before = cutting == Cutting::kAsBefore && part != nullptr;
    Task task{family, *runs, now, as_before ? Cut(*part) : cut_for(*runs, part)};
    if (part != nullptr && task.cut == Cut(*part))
      task.former.emplace(Task::Former{*before, *part});
    parts_.push_back(std::make_shared<const EditionPart>(press.part(task)));
  }
}

const Edition::RunNumbers* Edition::numbers(const DataSet& data_set) const {
  const auto known = numbers_.find(&data_set);
  return known == numbers_.end() ? nullptr : &known->second;
}

bool Edition::shows(const std::shared_ptr<const Snapshot>& snapshot) const {
  return !snapshot_.owner_before(snapshot) && !snapshot.owner_before(snapshot_);
}

std::shared_ptr<const Edition> Edition::of(const std::shared_ptr<const Snapshot>& snapshot,
                                           std::shared_ptr<const Layout> layout, bool packed,
                                           const Edition* former) {
  // One without blocks has nothing for one with them, which it must not keep in turn.
  if (former != nullptr && packed != former->packed_) former = nullptr;
  return std::shared_ptr<const Edition>(
      new Edition(snapshot, std::move(layout), packed, former, Cutting::kFitting));
}

std::shared_ptr<const Edition> Edition::of_part(const Edition& whole,
                                                const std::shared_ptr<const Snapshot>& part,
                                                bool packed) {
  return std::shared_ptr<const Edition>(
      new Edition(part, whole.layout_, packed, &whole, Cutting::kAsBefore));
}

void Edition::append_plain(TextBuffer& out, const Snapshot& snapshot, std::size_t family,
                           std::size_t chunk, RowTexts& texts) const {
  const FamilyLayout& layout = layout_->families[family];
  const Snapshot::Runs& runs = *snapshot.runs(*layout.data_set);
  layout.samples.append(out, Cut(*parts_[family]).chunk(runs, chunk), texts);
}

}  // namespace pce
