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

// Optimal string alignment distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchange = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, exchange});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string_view> nearest_few(std::string_view word,
                                          std::span<const std::string_view> known,
                                          std::size_t count) {
  if (word.empty() || word.size() > kWordMax) return {};
  const std::string wanted = lower(word);
  const std::size_t too_far = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::vector<std::pair<std::size_t, std::string_view>> near;  // by how far away
  for (const std::string_view candidate : known) {
    const std::string here = lower(candidate);
    const bool contained =
        wanted.size() >= 4 && here.size() >= 4 &&
        (here.find(wanted) != std::string::npos || wanted.find(here) != std::string::npos);
    const std::size_t longer = std::max(wanted.size(), here.size());
    const std::size_t at_least = longer - std::min(wanted.size(), here.size());
    // One slip of the hand is nearer than half a word.
    std::size_t away = contained ? 2 : too_far;
    if (at_least < away) away = std::min(away, distance(wanted, here));
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
