#pragma once
// Where access tokens come from. Two seams: a TokenSource hands tokens out to the client, as often
// as it asks; a TokenIssuer gets one new token from the outside for each call.
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "exporter/base/clock.h"
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
  std::chrono::seconds lifetime{0};  // from the moment it was asked for; 1 s … 24 h
  std::optional<Error> warning{};    // the token is good, but this went wrong beside it
};

// When the credentials behind the access tokens end, as far as that is known.
struct CredentialEnds {
  std::optional<WallTime> refresh_token{};  // 90 days after its last use
  std::optional<WallTime> client_certificate{};
  bool refresh_token_stored = true;  // false: the newest one is in memory only, a restart loses it
};

// One call of issue() at a time; the others from any thread.
class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;
  virtual Result<IssuedToken> issue(std::stop_token stop) = 0;
  // Another text when something changed that a human may have mended: files of secrets and tokens.
  virtual std::string inputs() const = 0;
  virtual CredentialEnds ends() const = 0;
};

}  // namespace pce
