#pragma once
// Label values, interned and already escaped: writing one to an exposition is copying its bytes.
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pce {

// The text that stands between the quotes of label="…": valid UTF-8, no control characters, escaped
// for both text formats, at most LabelPool::kBytesMax bytes before escaping. Cheap to copy; equal
// texts of one pool share storage.
class LabelText {
 public:
  LabelText() = default;  // the empty label value
  std::string_view escaped() const { return text_ ? std::string_view(*text_) : std::string_view(); }
  std::string plain() const;  // as whoever reads the exposition sees it
  bool empty() const { return escaped().empty(); }
  friend bool operator==(const LabelText& a, const LabelText& b) {
    return a.text_ == b.text_ || a.escaped() == b.escaped();
  }
  friend auto operator<=>(const LabelText& a, const LabelText& b) {
    return a.escaped() <=> b.escaped();
  }

 private:
  friend class LabelPool;
  explicit LabelText(std::shared_ptr<const std::string> text) : text_(std::move(text)) {}
  std::shared_ptr<const std::string> text_;
};

// Any thread may call intern(). Texts nobody holds any more are forgotten as the pool grows.
class LabelPool {
 public:
  static constexpr std::size_t kBytesMax = 1024;  // longer names end in "…"
  LabelText intern(std::string_view raw);
  std::size_t size() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  void forget_unused();

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<const std::string>, Hash, std::equal_to<>>
      texts_;  // raw → escaped
  std::size_t forget_at_ = 1024;
};

// What intern() stores: invalid UTF-8 becomes U+FFFD, control characters but the line feed become a
// space, and backslash, double quote and line feed are escaped.
std::string escaped_label(std::string_view raw);

}  // namespace pce
