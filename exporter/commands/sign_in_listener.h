#pragma once
// The loopback address that a browser comes back to after signing in: 127.0.0.1 only, one answer,
// a plain page in return. Source: RFC 8252 sections 7.3 and 8.3.
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "exporter/commands/wake.h"
#include "exporter/identity/authorization_code.h"
#include "exporter/web/http_server.h"

namespace pce {

class SignInListener {
 public:
  // Port 0: any free one. Errors: those of HttpServer::start.
  static Result<std::unique_ptr<SignInListener>> start(const Application& application,
                                                       std::uint16_t port);

  std::uint16_t port() const { return server_->bound_addresses().front().port; }
  const AuthorizationCodeSignIn& sign_in() const { return *sign_in_; }

  // Takes what a person brings in place of the browser; errors as AuthorizationCodeSignIn::read,
  // and kRejected where the answer is there already.
  Status take(std::string_view redirected);

  int answered() const { return answered_.descriptor(); }  // for poll(): readable when there is …
  std::optional<RedirectAnswer> answer() const;            // … an answer

 private:
  SignInListener() = default;
  WebResponse respond(const WebRequest& request);

  mutable std::mutex mutex_;
  std::optional<AuthorizationCodeSignIn> sign_in_;  // as soon as the port is known; then constant
  std::optional<RedirectAnswer> answer_;
  Wake answered_;
  std::unique_ptr<HttpServer> server_;  // goes first: its threads use the others
};

}  // namespace pce
