#pragma once
// A text that never changes, shared by all copies of it: one word wide, where there are as many
// copies as customers and more.
#include <atomic>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "exporter/base/held.h"

namespace pce {

class SharedText;
template <typename Text>
concept OtherText = std::convertible_to<Text, std::string_view> && !std::same_as<Text, SharedText>;

// Any thread may hold a copy.
class SharedText {
 public:
  SharedText() = default;  // the empty one
  template <OtherText Text>
  SharedText(const Text& text)  // NOLINT(google-explicit-constructor)
      : SharedText(copy_of(text)) {}

  std::string_view view() const {
    return block_.get() == nullptr ? std::string_view()
                                   : std::string_view(block_->bytes(), block_->size);
  }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  bool empty() const { return block_.get() == nullptr; }
  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.block_ == b.block_ || a.view() == b.view();
  }
  friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) {
    return a.block_ == b.block_ ? std::strong_ordering::equal : a.view() <=> b.view();
  }
  // With texts of other kinds, which are not copied for that.
  template <OtherText Text>
  friend bool operator==(const SharedText& a, const Text& b) {
    return a.view() == std::string_view(b);
  }
  template <OtherText Text>
  friend std::strong_ordering operator<=>(const SharedText& a, const Text& b) {
    return a.view() <=> std::string_view(b);
  }

 private:
  // The bytes stand behind it.
  struct Block {
    std::atomic<std::uint32_t> holders;
    std::uint32_t size;

    static void destroy(Block* block) { ::operator delete(block); }
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
  };

  explicit SharedText(Block* made) : block_(made) {}
  static Block* copy_of(std::string_view text);  // null of the empty one

  Held<Block> block_;
};

}  // namespace pce
