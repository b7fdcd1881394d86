#pragma once
// Explanations in words, for people: one sentence a verdict, and what to do next. Pure.
#include <chrono>
#include <string>

#include "exporter/polling/explanation.h"

namespace pce {

struct Words {
  std::string sentence{};  // what is the case
  std::string advice{};    // what to do, or what happens by itself; empty: nothing
};

// "3 hours": rounded down, in the largest unit of which there are at least two.
std::string duration_in_words(std::chrono::milliseconds duration);

Words words_about_customer(const Explanation& explanation);  // empty: the collectors tell it all
Words words_about_account(const AccountState& account);      // empty: nothing is wrong with it
// Empty where words_about_customer() tell it.
Words words_about(const Verdict& verdict, const Explanation& explanation);
// Of the customer list, for somebody who is not in it.
std::string list_in_words(const AccountState& account);

}  // namespace pce
