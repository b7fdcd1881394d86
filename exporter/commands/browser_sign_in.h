#pragma once
// Signing in with a browser: what is said, and how its answer comes back, by itself or pasted.
#include <chrono>
#include <cstdint>
#include <stop_token>

#include "exporter/commands/terminal.h"
#include "exporter/identity/application.h"
#include "exporter/identity/client_credential.h"
#include "exporter/identity/token_endpoint.h"

namespace pce {

struct BrowserSignIn {
  Application application;
  // What proves the application at the redemption; null: a public client's sign-in.
  ClientCredential* credential = nullptr;
  std::uint16_t port = 0;  // where the browser comes back to; 0: any free one
  bool open_browser = true;
  std::chrono::milliseconds patience = std::chrono::minutes(10);
  int input = 0;  // where an address may be pasted
};

// The code is redeemed up to three times where trouble passes by itself: nobody likes to sign in
// twice. Errors: those of the listener, of RedirectAnswer::refused and of TokenEndpoint::ask;
// kTimeout; kCancelled.
Result<TokenAnswer> sign_in_by_browser(const BrowserSignIn& wanted, TokenEndpoint& endpoint,
                                       Clock& clock, Terminal& terminal, std::stop_token stop);

}  // namespace pce
