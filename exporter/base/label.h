#pragma once
// Label values, interned and already escaped: writing one to an exposition is copying its bytes.
#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "exporter/base/held.h"

namespace pce {

// The text that stands between the quotes of label="…": valid UTF-8, no control characters, escaped
// for both text formats, at most LabelPool::kBytesMax bytes before escaping. Cheap to copy, one
// pointer; equal texts of one pool share storage, which outlives the pool if need be.
class LabelText {
 public:
  LabelText() = default;  // the empty label value

  std::string_view escaped() const {
    return empty() ? std::string_view() : std::string_view(block_->bytes(), block_->escaped_size);
  }
  std::string plain() const;  // as whoever reads the exposition sees it
  bool empty() const { return block_.get() == nullptr; }
  // Where the storage is: the same for equal texts of one pool, null for the empty one.
  const void* identity() const { return block_.get(); }
  friend bool operator==(const LabelText& a, const LabelText& b) {
    return a.block_ == b.block_ || a.escaped() == b.escaped();
  }
  friend auto operator<=>(const LabelText& a, const LabelText& b) {
    return a.escaped() <=> b.escaped();
  }

 private:
  friend class LabelPool;
  // The escaped bytes stand behind it, and behind them the raw ones where those differ.
  struct Block {
    std::atomic<std::uint32_t> holders;
    std::uint32_t escaped_size;
    std::uint32_t raw_at;
    std::uint32_t raw_size;

    static Block* make(std::string_view raw, std::string_view escaped);  // held once
    static void destroy(Block* block) { ::operator delete(block); }
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    std::string_view raw() { return {bytes() + raw_at, raw_size}; }
  };

  explicit LabelText(Block* made) : block_(made) {}

  Held<Block> block_;
};

inline constexpr std::size_t kRowLabelsMax = 4;

// The labels of a row in the order of its data set, empty ones behind them. Immutable, one pointer:
// a large estate has few different ones, and each of them in very many rows.
class LabelRow {
 public:
  using Texts = std::array<LabelText, kRowLabelsMax>;

  LabelRow() = default;                  // nothing but empty label values
  explicit LabelRow(const Texts& texts)  // of no pool, for rows that have nobody to share with
      : block_(new Block{.holders = 1, .texts = texts}) {}

  const LabelText& operator[](std::size_t i) const { return texts()[i]; }
  Texts::const_iterator begin() const { return texts().begin(); }
  Texts::const_iterator end() const { return texts().end(); }
  // Where the storage is: the same for rows that one pool interned from the same texts.
  const void* identity() const { return block_.get(); }
  friend bool operator==(const LabelRow& a, const LabelRow& b) {
    return a.block_ == b.block_ || a.texts() == b.texts();
  }
  friend auto operator<=>(const LabelRow& a, const LabelRow& b) { return a.texts() <=> b.texts(); }

 private:
  friend class LabelPool;
  struct Block {
    std::atomic<std::uint32_t> holders;
    Texts texts;

    static void destroy(Block* block) { delete block; }
  };

  const Texts& texts() const;

  Held<Block> block_;
};

// Any thread may call intern(). What nobody holds any more is forgotten as the pool grows.
class LabelPool {
 public:
  static constexpr std::size_t kBytesMax = 1024;  // longer names end in "…"

  LabelPool() = default;
  ~LabelPool() = default;
  LabelPool(const LabelPool&) = delete;
  LabelPool& operator=(const LabelPool&) = delete;
  LabelPool(LabelPool&&) = delete;
  LabelPool& operator=(LabelPool&&) = delete;

  LabelText intern(std::string_view raw);
  LabelRow intern(const LabelRow::Texts& texts);  // texts of this pool
  std::size_t size() const;                       // texts and rows

 private:
  // By the raw text.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view raw) const {
      return std::hash<std::string_view>()(raw);
    }
    std::size_t operator()(const LabelText& text) const { return (*this)(text.block_->raw()); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const LabelText& a, const LabelText& b) const { return a.block_ == b.block_; }
    bool operator()(const LabelText& a, std::string_view raw) const {
      return a.block_->raw() == raw;
    }
    bool operator()(std::string_view raw, const LabelText& a) const {
      return a.block_->raw() == raw;
    }
  };
  // By the identities of the texts.
  struct RowHash {
    using is_transparent = void;
    std::size_t operator()(const LabelRow::Texts& texts) const;
    std::size_t operator()(const LabelRow& row) const { return (*this)(row.texts()); }
  };
  struct RowEqual {
    using is_transparent = void;
    bool operator()(const LabelRow::Texts& a, const LabelRow::Texts& b) const;
    bool operator()(const LabelRow& a, const LabelRow& b) const { return a.block_ == b.block_; }
    bool operator()(const LabelRow& a, const LabelRow::Texts& b) const {
      return (*this)(a.texts(), b);
    }
    bool operator()(const LabelRow::Texts& a, const LabelRow& b) const {
      return (*this)(a, b.texts());
    }
  };
  void forget_unused();

  mutable std::mutex mutex_;
  std::unordered_set<LabelText, Hash, Equal> texts_;
  std::unordered_set<LabelRow, RowHash, RowEqual> rows_;
  std::size_t forget_at_ = 1024;
};

// What intern() stores: invalid UTF-8 becomes U+FFFD, control characters but the line feed become a
// space, and backslash, double quote and line feed are escaped.
std::string escaped_label(std::string_view raw);

}  // namespace pce
