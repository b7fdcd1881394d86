#pragma once
// What the daemon does about a failed sign-in, or about Partner Center refusing its token: the
// decision table of the authentication reference, 9.1 and 9.2. Pure: nothing here asks, waits or
// logs.
#include <chrono>
#include <optional>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/identity/token_state.h"

namespace pce {

enum class TokenRow {
  // What the token endpoint answered.
  kNoToken,         // T3: 200, but no access token that can be read
  kLoop,            // T4: AADSTS50196, the throttle in the disguise of invalid_grant
  kSignIn,          // T5: invalid_grant and its kin
  kNewCertificate,  // T6: AADSTS700027 shortly after a file of the credentials changed
  kClient,          // T6: invalid_client
  kRequest,         // T7: invalid_scope and its kin
  kUnknownWord,     // T8: a word we do not know
  kThrottled,       // T9: 429
  kServiceFails,    // T10: 408, 5xx, temporarily_unavailable, server_error
  kRedirect,        // T11: 3xx
  kNoAnswer,        // T12: no answer
  kTls,             // T13: the server could not be verified
  kProxy,           // T14: a web page or 407, so not the token endpoint's answer
  // What kept us from asking it.
  kNotSignedIn,  // there is no token file
  kOwnSettings,  // a file or a setting of the account is not usable
  kOwnMachine,
  // What Partner Center answered to our token.
  kMfaWarning,     // A1: 200, and isMfaCompliant is false
  kMfaMissing,     // A3
  kWrongAudience,  // as A3, code 900420
  kAppOnly,        // as A3, code 900329
  kTokenRefused,   // A5: a second 401
  kStillRefused,   // A5, for the third time
  kClaims,         // A6: insufficient_claims
  kRole,           // A8: 403 wherever it is not about one customer
};

struct TokenDecision {
  TokenRow row;
  TokenState state;
  std::string_view reason;         // the row in a word, for logs and pages: a closed list
  std::string_view next_step;      // what the error's own message does not say; may be empty
  std::chrono::milliseconds wait;  // before the next try

  int failures = 1;  // in a row, whatever they were
  int of_row = 1;    // in a row, of this row
};

// A sign-in failed. `before` is what was decided on the failure before, without success in between;
// `inputs_changed` how long ago the files of the account last changed; `random01` in [0,1) spreads
// waits that many daemons might keep at once.
TokenDecision decide(const Error& failure, const std::optional<TokenDecision>& before,
                     std::chrono::milliseconds inputs_changed, double random01);

// Partner Center refuses the token, and renewing it does not help or did not. `refusal` is of a
// kind that is_about_the_token(), or kForbidden. `before` as above.
TokenDecision decide_on_refusal(const Error& refusal, const std::optional<TokenDecision>& before);

// Partner Center takes the token, but says that it shows no multi-factor sign-in.
TokenDecision mfa_warning();

}  // namespace pce
