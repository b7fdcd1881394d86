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
#include "exporter/identity/token_state.h"

namespace pce {

// How an account's sign-in stands.
struct TokenStatus {
  TokenState state = TokenState::kStarting;
  std::string reason{};   // a word of a closed list, see token_decision.cc; empty: kStarting, kOk
  std::string message{};  // what happened and what to do, in a sentence
  std::string command{};  // what to type; empty: nothing
  std::string api_code{};
  std::string correlation_id{};
  WallTime since{};                    // of state and reason
  bool served = true;                  // access_token() has a token, or would ask for one now
  std::optional<WallTime> next_try{};  // nullopt: nothing is waited for
  std::optional<WallTime> access_token_ends{};
  std::optional<bool> mfa_compliant{};  // what Partner Center said last, else what the token says
};

// Any thread. What has a body here is for sources that are more than one token.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  // Errors: kinds that are is_about_the_token() (a human has to sign in), kSettings and kForbidden
  // (an operator has to correct something), kThrottled, kCancelled, or why the sign-in service
  // could not be asked. The caller does not repeat; the source knows when to.
  virtual Result<Secret> access_token(std::stop_token stop) = 0;

  // Partner Center took this token; `mfa_compliant` as its header says.
  virtual void accepted(const Secret& used, std::optional<bool> mfa_compliant) {
    (void)used;
    (void)mfa_compliant;
  }
  // Partner Center refused it for a reason that is_about_the_token(). True: access_token() has
  // another one, or will get one; false: that would not help.
  virtual bool refused(const Secret& used, const Error& why) = 0;
  // Partner Center takes the token and forbids everything that is not about one customer.
  virtual void forbidden(const Error& why) { (void)why; }

  virtual TokenStatus status() const { return {.state = TokenState::kOk}; }
  // When access_token() is to be called even if nobody needs a token: to renew it, to try again, or
  // to see whether somebody signed in.
  virtual SteadyTime next_look() const { return SteadyTime::max(); }
};

struct IssuedToken {
  Secret access_token{};
  std::chrono::seconds lifetime{0};  // from the moment it was asked for; 1 s … 24 h
  std::optional<Error> warning{};    // the token is good, but this went wrong beside it
  std::optional<std::chrono::seconds> renew_after{};  // where the service says so; as lifetime
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
