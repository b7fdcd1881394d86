#pragma once
// Explanations in words, for people: one sentence a verdict, and what to do next. Pure.
#include <string>

#include "exporter/polling/explanation.h"
#include "exporter/polling/wording.h"

namespace pce {

Words words_about_customer(const Explanation& explanation);  // empty: the collectors tell it all
Words words_about_account(const AccountState& account);      // empty: nothing is wrong with it
// Empty where words_about_customer() tell it.
Words words_about(const Verdict& verdict, const Explanation& explanation);
// Of the customer list, for somebody who is not in it.
std::string list_in_words(const AccountState& account);

}  // namespace pce
