#pragma once
// What somebody can do whose sign-in was refused, beyond what the refusal says itself.
#include <string>

#include "exporter/base/result.h"

namespace pce {

enum class SignInFlow { kAuthorizationCode, kDeviceCode };

// A sentence or two; empty: the message says it all. Source: authentication.md section 3.4.
std::string sign_in_advice(const Error& refusal, SignInFlow flow);

}  // namespace pce
