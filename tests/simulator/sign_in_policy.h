#pragma once
// What stands between a person, or a grant, and a token: the account, Conditional Access, consent.
// Source: authentication.md 3.4 and 5.5.
#include "tests/simulator/grant.h"
#include "tests/simulator/settings.h"

namespace simulator {

// Whether the sign-in page asks for a second factor.
bool asks_for_second_factor(const Settings& settings);
// The AADSTS number that keeps anybody from signing in; 0: none.
int blocks_sign_in(const Settings& settings, Flow flow);
// Whether the person has to accept the application first.
bool asks_for_consent(const Settings& settings);
// The number that keeps a grant from becoming a token again, 0: none. `now` ends the span of
// sign-in frequency.
int blocks_redemption(const Settings& settings, const Grant& grant, Instant now);

}  // namespace simulator
