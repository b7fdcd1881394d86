#pragma once
// Text that is written to the end of with plain pointers: for lines by the million.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace pce {

class TextBuffer {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

  // Where the next `room` bytes may be written; what was written before may have moved. Tell end()
  // how far it went.
  char* begin(std::size_t room) {
    if (capacity_ - size_ < room) grow(room);
    return bytes_.get() + size_;
  }
  void end(const char* written_to) { size_ = static_cast<std::size_t>(written_to - bytes_.get()); }
  void append(std::string_view text) { end(copied(begin(text.size()), text)); }

  // Copies `text` and returns where the next byte belongs.
  static char* copied(char* to, std::string_view text) {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
  }

 private:
  void grow(std::size_t room) {
    const std::size_t capacity = std::max(2 * capacity_, size_ + room);
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace pce
