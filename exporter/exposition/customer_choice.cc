#include "exporter/exposition/customer_choice.h"

#include <algorithm>

#include "exporter/base/wildcard.h"

namespace pce {

CustomerChoice::CustomerChoice(const std::vector<std::string>& patterns) {
  std::vector<std::string> beginnings;
  for (std::string pattern : patterns) {
    for (char& c : pattern) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto star = pattern.find('*');
    if (pattern.find_first_not_of('*', std::min(star, pattern.size())) != std::string::npos) {
      others_.push_back(std::move(pattern));
    } else {
      beginnings.push_back(pattern.substr(0, star));
    }
  }
  std::ranges::sort(beginnings);
  for (std::string& next : beginnings) {
    if (beginnings_.empty() || !next.starts_with(beginnings_.back()))
      beginnings_.push_back(std::move(next));
  }
}

bool CustomerChoice::has(std::string_view id) const {
  if (id.empty()) id = kNobodysId;
  const auto behind = std::ranges::upper_bound(beginnings_, id);
  if (behind != beginnings_.begin() && id.starts_with(*std::prev(behind))) return true;
  return std::ranges::any_of(others_,
                             [&](const std::string& pattern) { return fits(pattern, id); });
}

CustomerChoice::Share CustomerChoice::of_first_byte(std::size_t byte) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::string first{kDigits[byte / 16 % 16], kDigits[byte % 16]};
  Share share = Share::kNone;
  for (const std::string& beginning : beginnings_) {
    if (first.starts_with(beginning)) return Share::kAll;
    if (beginning.starts_with(first)) share = Share::kSome;
  }
  for (const std::string& pattern : others_) {
    const std::string_view beginning = std::string_view(pattern).substr(0, pattern.find('*'));
    if (first.starts_with(beginning) || beginning.starts_with(first)) share = Share::kSome;
  }
  return share;
}

}  // namespace pce
