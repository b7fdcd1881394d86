#pragma once
// What somebody can do whose sign-in was refused.
#include <string>

#include "exporter/base/result.h"

namespace pce {

enum class SignInFlow { kAuthorizationCode, kDeviceCode };

struct SignInRefusal {
  std::string message;  // what happened
  std::string advice;   // a sentence or two; empty: the message says what to do
};

// Of an error of either flow. Where there is advice, it takes the place of the next step with which
// the identity platform's errors end: that one speaks to somebody who reads a daemon's log. Source:
// authentication.md section 3.4.
SignInRefusal sign_in_refusal(const Error& error, SignInFlow flow);

}  // namespace pce
