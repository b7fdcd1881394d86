#pragma once
// Numbers and ids that must not be mixed up.
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/base/shared_text.h"

namespace pce {

// A tenant's GUID in lower case, without braces.
class TenantId {
 public:
  // nullopt unless `text` is 8-4-4-4-12 hexadecimal digits in either case.
  static std::optional<TenantId> parse(std::string_view text);
  const SharedText& text() const { return text_; }
  friend auto operator<=>(const TenantId&, const TenantId&) = default;

 private:
  explicit TenantId(SharedText text) : text_(std::move(text)) {}
  SharedText text_;
};

// A number that may be unknown: a count of seats is whole, a percent is not. Unknown is neither 0
// nor NaN. Nine bytes without alignment: there are three in each of the rows we keep by the
// million.
class Number {
 public:
  Number() = default;
  static Number whole(std::int64_t value) { return Number(Kind::kWhole, value); }
  static Number real(double value) {  // finite
    return Number(Kind::kReal, std::bit_cast<std::int64_t>(value));
  }

  bool known() const { return kind_ != Kind::kUnknown; }
  bool is_whole() const { return kind_ == Kind::kWhole; }
  std::int64_t whole() const { return std::bit_cast<std::int64_t>(bits_); }  // only if is_whole()
  double value() const {                                                     // only if known()
    return is_whole() ? static_cast<double>(whole()) : std::bit_cast<double>(bits_);
  }
  friend bool operator==(const Number& a, const Number& b);

 private:
  enum class Kind : std::uint8_t { kUnknown, kWhole, kReal };
  using Bits = std::array<std::byte, sizeof(std::int64_t)>;

  Number(Kind kind, std::int64_t bits) : bits_(std::bit_cast<Bits>(bits)), kind_(kind) {}

  Bits bits_{};
  Kind kind_ = Kind::kUnknown;
};

// 100 * part / whole on Partner Center's scale 0..100, not clamped. Unknown when either is, or when
// nothing was sold.
Number percent_of(const Number& part, const Number& whole);

}  // namespace pce
