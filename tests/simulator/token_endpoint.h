#pragma once
// POST /{tenant}/oauth2/token and /{tenant}/oauth2/v2.0/token. Source: authentication.md 2.1
// to 2.4, 3.4.
#include <optional>
#include <string>

#include "tests/simulator/clock.h"
#include "tests/simulator/message.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/tokens.h"

namespace simulator {

// Absent members are not checked.
struct Registration {
  std::optional<std::string> tenant, client_id, client_secret;
  bool public_client = false;  // a credential is refused, as for tokens of a device-code sign-in
};

class TokenEndpoint {
 public:
  TokenEndpoint(Registration registration, TokenMint& mint, const Clock& clock)
      : registration_(std::move(registration)), mint_(mint), clock_(clock) {}

  // `version` is 1 or 2.
  Response answer(const Request& request, const std::string& tenant, int version,
                  const Settings& settings);

 private:
  std::optional<Response> refuse_client(const Request& request, const Fields& form) const;

  const Registration registration_;
  TokenMint& mint_;
  const Clock& clock_;
};

// The error object of the token endpoint.
Response aadsts_answer(int status, std::string_view error, int number, std::string_view text,
                       Instant now);
// Status, OAuth word and text for the AADSTS numbers of authentication.md 3.4; unknown numbers are
// 400 invalid_grant.
Response aadsts_answer(int number, Instant now);

}  // namespace simulator
