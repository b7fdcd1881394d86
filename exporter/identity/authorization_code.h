#pragma once
// Signing in with a browser that comes back to this machine. Source: "v2-oauth2-auth-code-flow" of
// the identity platform, RFC 7636 (PKCE), RFC 8252 (the way back over a loopback address).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/identity/application.h"
#include "exporter/identity/form.h"
#include "exporter/identity/pkce.h"

namespace pce {

// What the browser brought back, of this sign-in: a code, or why there is none.
struct RedirectAnswer {
  Secret code{};
  std::optional<Error> refused{};  // kinds, codes and message as entra_error() has them
};

// One sign-in, from the address to open to the form that redeems its code.
class AuthorizationCodeSignIn {
 public:
  // `port`: where the browser comes back to.
  AuthorizationCodeSignIn(const Application& application, std::uint16_t port);

  const std::string& address() const { return address_; }            // to be opened in a browser
  const std::string& redirect_uri() const { return redirect_uri_; }  // http://localhost:PORT/

  // Reads where the browser came to: a whole address, what follows its host, or its query alone;
  // people paste it, so spaces and quotes around it do not matter. Errors: kRejected, for whatever
  // is not the answer to this sign-in; the message says what it looks like, and nothing has
  // happened.
  Result<RedirectAnswer> read(std::string_view redirected) const;

  // The form that redeems the code, without the application's proof.
  std::vector<FormField> redemption(const Secret& code) const;

 private:
  const Application application_;
  const std::string redirect_uri_;
  const std::string state_;
  const Pkce pkce_;
  const std::string address_;
};

}  // namespace pce
