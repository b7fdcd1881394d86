#pragma once
// Where access tokens come from. Two seams: a TokenSource hands tokens out to the client, as often
// as it asks; a TokenIssuer gets one new token from the outside for each call.
#include <chrono>
#include <optional>
#include <stop_token>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

// Any thread.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  // Errors: kUnauthorized (a human has to sign in), kSettings (an operator has to correct
  // something), kThrottled, kCancelled, or why the sign-in service could not be asked. The caller
  // does not repeat; the source knows when to.
  virtual Result<Secret> access_token(std::stop_token stop) = 0;
  // The API answered 401 to this token. The next access_token() may be another one, or the same
  // where renewing it again would not help.
  virtual void reject(const Secret& used) = 0;
};

struct IssuedToken {
  Secret access_token{};
  std::chrono::seconds lifetime{0};  // from the moment it was asked for; 60 s … 24 h
  std::optional<Error> warning{};    // the token is good, but this went wrong beside it
};

// One call at a time.
class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;
  virtual Result<IssuedToken> issue(std::stop_token stop) = 0;
};

}  // namespace pce
