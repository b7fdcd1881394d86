#pragma once
// Pieces of sentences for people. Pure.
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>

namespace pce {

struct Words {
  std::string sentence{};  // what is the case
  std::string advice{};    // what to do, or what happens by itself; empty: nothing
};

// "3 hours": rounded down, in the largest unit of which there are at least two.
std::string duration_in_words(std::chrono::milliseconds duration);

std::string count_of(std::size_t count, const std::string& thing);  // "1 row", "2 rows"
std::string joined(std::initializer_list<std::string> sentences);   // passes over empty ones
std::string as_sentence(std::string text);                          // ends with a full stop

}  // namespace pce
