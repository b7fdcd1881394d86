#pragma once
// The identity platform's error numbers and its error object. Source: authentication.md 3.4; the
// texts are ours, as nobody may rely on them.
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/dates.h"
#include "tests/simulator/message.h"

namespace simulator {

struct Refusal {
  std::vector<int> numbers;  // error_codes; the first one names the rest
  int status = 400;
  std::string error;  // the OAuth word clients branch on
  std::string text;
  std::string suberror, claims;  // absent when empty
};

// Status, word and text of a number of the table; others are 400 invalid_grant.
Refusal refusal_of(int number);
// How many numbers the table knows, in ascending order.
std::vector<int> known_refusals();

// "AADSTS70008: …\r\nTrace ID: …", as error_description says it.
std::string description_of(const Refusal& refusal, Instant now);
// The error object of the token and device code endpoints.
Response refuse(const Refusal& refusal, Instant now);
Response refuse(int number, Instant now);

}  // namespace simulator
