#include "exporter/base/label.h"

#include <algorithm>
#include <new>

namespace pce {
namespace {

// Bytes of the well-formed UTF-8 sequence at `at`, 0 if there is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return static_cast<unsigned char>(text[at + i]);
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (at + length > text.size()) return 0;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  return length;
}

}  // namespace

std::string escaped_label(std::string_view raw) {
  std::string out;
  out.reserve(std::min(raw.size(), LabelPool::kBytesMax) + 8);
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t length = sequence_length(raw, at);
    if (at + std::max<std::size_t>(length, 1) > LabelPool::kBytesMax) {
      out += "…";
      break;
    }
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    const char c = raw[at];
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '"') {
      out += "\\\"";
    } else if (c == '\n') {
      out += "\\n";
    } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)) {
      out += ' ';
    } else {
      out.append(raw, at, length);
    }
    at += length;
  }
  return out;
}

std::string LabelText::plain() const {
  std::string out;
  const std::string_view text = escaped();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    if (is_escape) ++i;
    out += is_escape && text[i] == 'n' ? '\n' : text[i];
  }
  return out;
}

LabelText::Block* LabelText::Block::make(std::string_view raw, std::string_view escaped) {
  const bool same = raw == escaped;
  void* const memory = ::operator new(sizeof(Block) + escaped.size() + (same ? 0 : raw.size()));
  auto* const block =
      new (memory) Block{.holders = 1,
                         .escaped_size = static_cast<std::uint32_t>(escaped.size()),
                         .raw_at = same ? 0 : static_cast<std::uint32_t>(escaped.size()),
                         .raw_size = static_cast<std::uint32_t>(raw.size())};
  escaped.copy(block->bytes(), escaped.size());
  if (!same) raw.copy(block->bytes() + escaped.size(), raw.size());
  return block;
}

const LabelRow::Texts& LabelRow::texts() const {
  static const Texts kEmpty;
  return block_.get() == nullptr ? kEmpty : block_->texts;
}

std::size_t LabelPool::RowHash::operator()(const LabelRow::Texts& texts) const {
  std::uint64_t hash = 0;
  for (const LabelText& text : texts) {
    hash ^= reinterpret_cast<std::uintptr_t>(text.identity());
    hash *= 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
  }
  return hash;
}

bool LabelPool::RowEqual::operator()(const LabelRow::Texts& a, const LabelRow::Texts& b) const {
  return std::ranges::equal(a, b, {}, &LabelText::identity, &LabelText::identity);
}

LabelText LabelPool::intern(std::string_view raw) {
  if (raw.empty()) return {};
  raw = raw.substr(0, kBytesMax + 4);  // what lies behind never shows, so it need not be kept
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = texts_.find(raw); known != texts_.end()) return *known;
  }
  LabelText text(LabelText::Block::make(raw, escaped_label(raw)));
  const std::scoped_lock lock(mutex_);
  if (const auto earlier = texts_.find(raw); earlier != texts_.end()) return *earlier;
  texts_.insert(text);
  if (texts_.size() + rows_.size() >= forget_at_) forget_unused();
  return text;
}

LabelRow LabelPool::intern(const LabelRow::Texts& texts) {
  const std::scoped_lock lock(mutex_);
  if (const auto known = rows_.find(texts); known != rows_.end()) return *known;
  const LabelRow row = *rows_.insert(LabelRow(texts)).first;
  if (texts_.size() + rows_.size() >= forget_at_) forget_unused();
  return row;
}

// What only the pool holds cannot find another holder meanwhile: that takes the lock. Rows first,
// because they hold texts.
void LabelPool::forget_unused() {
  const auto unused = [](const auto& kept) { return kept.block_.held_by_nobody_else(); };
  std::erase_if(rows_, unused);
  std::erase_if(texts_, unused);
  forget_at_ = std::max<std::size_t>(1024, 2 * (texts_.size() + rows_.size()));
}

std::size_t LabelPool::size() const {
  const std::scoped_lock lock(mutex_);
  return texts_.size() + rows_.size();
}

}  // namespace pce
