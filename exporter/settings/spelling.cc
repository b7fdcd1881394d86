#include "exporter/settings/spelling.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace pce {
namespace {

constexpr std::size_t kWordMax = 64;  // nobody mistypes a longer one for ours

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// Optimal string alignment distance, as long as it is below `limit`; otherwise at least that.
class Distance {
 public:
  std::size_t operator()(std::string_view a, std::string_view b, std::size_t limit) {
    for (auto* row : {&before_last_, &last_, &row_}) row->resize(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last_[j] = j;
    std::size_t least_of_last = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      row_[0] = i;
      std::size_t least = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t exchange = last_[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        row_[j] = std::min({last_[j] + 1, row_[j - 1] + 1, exchange});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          row_[j] = std::min(row_[j], before_last_[j - 2] + 1);
        least = std::min(least, row_[j]);
      }
      // What is still to come builds on these two rows, on the former one at the price of a swap.
      if (least >= limit && least_of_last + 1 >= limit) return limit;
      least_of_last = least;
      std::swap(before_last_, last_);
      std::swap(last_, row_);
    }
    return last_[b.size()];
  }

 private:
  std::vector<std::size_t> before_last_, last_, row_;  // kept for the next pair
};

}  // namespace

std::vector<std::string_view> nearest_few(std::string_view word,
                                          std::span<const std::string_view> known,
                                          std::size_t count) {
  if (word.empty() || word.size() > kWordMax) return {};
  const std::string wanted = lower(word);
  const std::size_t too_far = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::vector<std::pair<std::size_t, std::string_view>> near;  // by how far away
  Distance distance;
  for (const std::string_view candidate : known) {
    const std::string here = lower(candidate);
    const bool contained =
        wanted.size() >= 4 && here.size() >= 4 &&
        (here.find(wanted) != std::string::npos || wanted.find(here) != std::string::npos);
    const std::size_t longer = std::max(wanted.size(), here.size());
    const std::size_t at_least = longer - std::min(wanted.size(), here.size());
    // One slip of the hand is nearer than half a word.
    std::size_t away = contained ? 2 : too_far;
    if (at_least < away) away = std::min(away, distance(wanted, here, away));
    if (away >= too_far) continue;
    const bool told =
        std::ranges::any_of(near, [&](const auto& other) { return other.second == candidate; });
    if (told || (near.size() == count && away >= near.back().first)) continue;
    const auto place =
        std::ranges::upper_bound(near, away, {}, [](const auto& other) { return other.first; });
    near.insert(place, {away, candidate});
    if (near.size() > count) near.pop_back();
  }
  std::vector<std::string_view> words;
  for (const auto& [away, candidate] : near) words.push_back(candidate);
  return words;
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known) {
  const auto words = nearest_few(word, known, 1);
  if (words.empty()) return std::nullopt;
  return words.front();
}

std::string did_you_mean(std::string_view word) {
  return " (did you mean \"" + std::string(word) + "\"?)";
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  const auto near = nearest(word, known);
  return near ? did_you_mean(*near) : "";
}

std::string any_of(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace pce
