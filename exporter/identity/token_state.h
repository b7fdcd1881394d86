#pragma once
// How an account's sign-in stands, in a word. Source: states of the authentication reference,
// section 9.
#include <array>

namespace pce {

enum class TokenState {
  kStarting,       // nothing was asked for yet
  kOk,             // there is an access token, and Partner Center takes it
  kDegraded,       // something fails and is tried again; nobody has to do anything
  kNeedsLogin,     // somebody has to sign in
  kMisconfigured,  // somebody has to correct the configuration, here or at Microsoft
};

// Those an account can be in once a token was asked for.
inline constexpr std::array kTokenStates{TokenState::kOk, TokenState::kDegraded,
                                         TokenState::kNeedsLogin, TokenState::kMisconfigured};

// "starting", "ok", "degraded", "needs_login", "misconfigured": words of metrics and logs.
const char* name_of(TokenState state);

// Trying again does not help until somebody has done something.
inline bool needs_a_human(TokenState state) {
  return state == TokenState::kNeedsLogin || state == TokenState::kMisconfigured;
}

}  // namespace pce
