#pragma once
// Signing in on another device, by typing a code there. Source: "v2-oauth2-device-code" of the
// identity platform, RFC 8628.
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/identity/application.h"
#include "exporter/identity/token_endpoint.h"

namespace pce {

// What the identity platform gave us. Texts are free of control characters.
struct DeviceCode {
  Secret device_code{};            // ours, for asking whether the sign-in is done
  std::string user_code{};         // to be typed
  std::string verification_uri{};  // where to type it
  std::string message{};           // the same in the service's own words; may be empty
  SteadyTime expires{};
  std::chrono::seconds interval{5};  // between two questions
};

class DeviceCodeSignIn {
 public:
  // The references outlive it. The sign-in is a public client's, whatever credential the
  // application has.
  DeviceCodeSignIn(TokenEndpoint& endpoint, Clock& clock, Application application);

  // Errors: those of TokenEndpoint::ask.
  Result<DeviceCode> begin(std::stop_token stop);

  // Asks until somebody has signed in. `waiting` hears, before each pause, how long the code will
  // be good. What passes by itself (no answer, 5xx, 429) does not end it, but the questions become
  // rarer. Errors: kTimeout when the code has expired; kUnauthorized or kSettings with api_code and
  // api_word for a sign-in that was declined or refused; kCancelled.
  Result<TokenAnswer> wait(const DeviceCode& code, std::stop_token stop,
                           const std::function<void(std::chrono::seconds left)>& waiting = {});

 private:
  TokenEndpoint& endpoint_;
  Clock& clock_;
  const Application application_;
};

}  // namespace pce
