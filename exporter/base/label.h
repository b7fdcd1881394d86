#pragma once
// Label values, interned and already escaped: writing one to an exposition is copying its bytes.
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace pce {

// The text that stands between the quotes of label="…": valid UTF-8, no control characters, escaped
// for both text formats, at most LabelPool::kBytesMax bytes before escaping. Cheap to copy, one
// pointer; equal texts of one pool share storage, which outlives the pool if need be.
class LabelText {
 public:
  LabelText() = default;  // the empty label value
  LabelText(const LabelText& other) : block_(other.block_) { retain(); }
  LabelText(LabelText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  LabelText& operator=(LabelText other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~LabelText() { release(); }

  std::string_view escaped() const {
    return block_ ? std::string_view(block_->bytes(), block_->escaped_size) : std::string_view();
  }
  std::string plain() const;  // as whoever reads the exposition sees it
  bool empty() const { return block_ == nullptr; }
  // Where the storage is: the same for equal texts of one pool, null for the empty one.
  const void* identity() const { return block_; }
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
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    std::string_view raw() { return {bytes() + raw_at, raw_size}; }
  };

  explicit LabelText(Block* held) : block_(held) {}
  void retain() const {
    if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    if (block_ != nullptr && block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1)
      ::operator delete(block_);
  }

  Block* block_ = nullptr;
};

// Any thread may call intern(). Texts nobody holds any more are forgotten as the pool grows.
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
  std::size_t size() const;

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
  void forget_unused();

  mutable std::mutex mutex_;
  std::unordered_set<LabelText, Hash, Equal> texts_;
  std::size_t forget_at_ = 1024;
};

// What intern() stores: invalid UTF-8 becomes U+FFFD, control characters but the line feed become a
// space, and backslash, double quote and line feed are escaped.
std::string escaped_label(std::string_view raw);

}  // namespace pce
