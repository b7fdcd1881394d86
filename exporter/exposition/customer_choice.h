#pragma once
// Customers chosen by their ids, whole ones and patterns in which "*" stands for any text.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pce {

// What is about a whole partner and not about one of its customers is chosen with this id, which
// nobody has: so of scrapes that share all ids among them, exactly one has it.
inline constexpr std::string_view kNobodysId = "00000000-0000-0000-0000-000000000000";

class CustomerChoice {
 public:
  // Letters of either case; any of them is enough.
  explicit CustomerChoice(const std::vector<std::string>& patterns);

  // `id` in lower case; empty: about a whole partner.
  bool has(std::string_view id) const;

  enum class Share { kNone, kSome, kAll };
  // Of all ids whose first byte this is; kSome may turn out to be none, or all.
  Share of_first_byte(std::size_t byte) const;

 private:
  std::vector<std::string> beginnings_;  // sorted, none of them begins with another; ids as well
  std::vector<std::string> others_;      // with a "*" before their end
};

}  // namespace pce
