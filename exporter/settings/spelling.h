#pragma once
// Which known word somebody may have meant.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pce {

// The nearest of `known` by letters inserted, dropped, exchanged or swapped, in any case; a word
// that contains the other counts as near. nullopt when nothing is near enough to be worth a
// suggestion.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known);

// At most `count` of them, the nearest first and none twice.
std::vector<std::string_view> nearest_few(std::string_view word,
                                          std::span<const std::string_view> known,
                                          std::size_t count);

// " (did you mean "…"?)"
std::string did_you_mean(std::string_view word);
// The same of the nearest word, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

// "a, b or c"
std::string any_of(std::span<const std::string_view> words);

}  // namespace pce
