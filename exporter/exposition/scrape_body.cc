#include "exporter/exposition/scrape_body.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "exporter/compression/deflate.h"

namespace pce {
namespace {

// Writes our own metrics, in the order of their names in this format, as far as one is asked for.
class OwnTexts {
 public:
  OwnTexts(const OwnMetrics& own, const Encoder& encoder) : encoder_(encoder) {
    families_.reserve(own.size());
    for (const auto& family : own) {
      families_.emplace_back(encoder.family_name(head_of(family)), &family);
    }
    std::ranges::sort(
        families_, {}, [](const auto& named) -> const auto& { return named.first; });
  }

  void append_before(std::string& out, const std::string& name) {
    while (next_ < families_.size() && families_[next_].first < name) append_next(out);
  }
  void append_rest(std::string& out) {
    while (next_ < families_.size()) append_next(out);
    out += encoder_.end();
  }

 private:
  void append_next(std::string& out) { append_family(out, *families_[next_++].second, encoder_); }

  const Encoder& encoder_;
  std::vector<std::pair<std::string, const prometheus::MetricFamily*>> families_;
  std::size_t next_ = 0;
};

// Calls visit_text(text) and visit_family(index) in the order in which they stand in the body.
template <typename VisitText, typename VisitFamily>
void each_stretch(const Edition& edition, const OwnMetrics& own, VisitText&& visit_text,
                  VisitFamily&& visit_family) {
  const Layout& layout = edition.layout();
  OwnTexts texts(own, layout.encoder);
  for (std::size_t i = 0; i < layout.families.size(); ++i) {
    if (edition.parts()[i]->plain.size == 0) continue;
    std::string text;
    texts.append_before(text, layout.families[i].name);
    if (!text.empty()) visit_text(std::move(text));
    visit_family(i);
  }
  std::string text;
  texts.append_rest(text);
  visit_text(std::move(text));
}

struct PackedOwner {
  std::shared_ptr<const Edition> edition;
  std::vector<std::string> fresh{};
};

// What is still to come of a plain body.
class PlainPieces {
 public:
  PlainPieces(std::shared_ptr<const Edition> edition, std::shared_ptr<const Snapshot> snapshot,
              const OwnMetrics& own)
      : edition_(std::move(edition)), snapshot_(std::move(snapshot)) {
    each_stretch(
        *edition_, own,
        [this](std::string text) {
          size_ += text.size();
          pieces_.push_back({.text = std::move(text)});
        },
        [this](std::size_t family) { add_family(family); });
  }

  std::uint64_t size() const { return size_; }

  std::string_view next() {
    if (at_ >= pieces_.size()) return {};
    const Piece& piece = pieces_[at_++];
    if (!piece.chunk) return piece.text;
    text_.clear();
    text_.append(piece.text);
    edition_->append_plain(text_, *snapshot_, piece.family, *piece.chunk, row_texts_);
    return text_.view();
  }

 private:
  struct Piece {
    std::string text;  // what stands before the chunk, or alone
    std::size_t family = 0;
    std::optional<std::size_t> chunk{};
  };

  void add_family(std::size_t family) {
    const EditionPart& part = *edition_->parts()[family];
    std::string head = edition_->layout().families[family].head;
    std::size_t index = 0;
    for (const auto& strip : part.strips) {
      for (const Chunk& chunk : strip->chunks) {
        if (chunk.plain.size > 0) pieces_.push_back({std::exchange(head, {}), family, index});
        ++index;
      }
    }
    size_ += part.plain.size;
  }

  std::shared_ptr<const Edition> edition_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::uint64_t size_ = 0;
  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  TextBuffer text_;
  RowTexts row_texts_;
};

}  // namespace

Body packed_body(std::shared_ptr<const Edition> edition, const OwnMetrics& own) {
  const auto owner = std::make_shared<PackedOwner>(PackedOwner{.edition = std::move(edition)});
  const Edition& prepared = *owner->edition;
  owner->fresh.reserve(prepared.parts().size() + 1);  // the strings must not move
  const auto deflater = make_deflater();
  Checksum plain;
  Body body{.pieces = {gzip_header()}, .owner = owner};
  each_stretch(
      prepared, own,
      [&](const std::string& text) {
        plain.append({.size = text.size(), .crc = deflater->crc(text)});
        deflater->append_blocks(owner->fresh.emplace_back(), text);
        body.pieces.emplace_back(owner->fresh.back());
      },
      [&](std::size_t family) {
        plain.append(prepared.parts()[family]->plain);
        body.pieces.emplace_back(prepared.layout().families[family].head_blocks);
        for (const auto& strip : prepared.parts()[family]->strips) {
          if (!strip->blocks.empty()) body.pieces.emplace_back(strip->blocks);
        }
      });
  owner->fresh.back() += gzip_end(plain);
  body.pieces.back() = owner->fresh.back();
  for (const std::string_view piece : body.pieces) body.size += piece.size();
  return body;
}

Body plain_body(std::shared_ptr<const Edition> edition, std::shared_ptr<const Snapshot> snapshot,
                const OwnMetrics& own) {
  const auto pieces = std::make_shared<PlainPieces>(std::move(edition), std::move(snapshot), own);
  return {.size = pieces->size(), .next = [pieces] { return pieces->next(); }};
}

}  // namespace pce
