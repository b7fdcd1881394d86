#pragma once
// Which known word somebody may have meant.
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pce {

// The nearest of `known` by letters inserted, dropped, exchanged or swapped, in any case; a word
// that contains the other counts as near. nullopt when nothing is near enough to be worth a
// suggestion.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known);

// " (did you mean "…"?)"
std::string did_you_mean(std::string_view word);
// The same of the nearest word, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

// "a, b or c"
std::string any_of(std::span<const std::string_view> words);

}  // namespace pce
