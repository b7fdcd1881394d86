#pragma once
// Text that must never be shown. Printing a Secret gives "<secret>"; reveal() is the one way to its
// content, so one grep audits who reads it. The memory is overwritten when the last holder lets go.
#include <iosfwd>
#include <string>
#include <string_view>

namespace pce {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string content) : content_(std::move(content)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  std::string_view reveal() const { return content_; }
  bool empty() const { return content_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  void wipe();
  std::string content_;
};

std::ostream& operator<<(std::ostream& out, const Secret& secret);

}  // namespace pce
