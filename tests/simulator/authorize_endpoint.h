#pragma once
// GET and POST /{tenant}/oauth2/authorize and /{tenant}/oauth2/v2.0/authorize: a person signs in
// and is sent back to the application with a code. Source: authentication.md 2.5.
#include <string>

#include "tests/simulator/authorization_codes.h"
#include "tests/simulator/client_authentication.h"
#include "tests/simulator/clock.h"

namespace simulator {

class AuthorizeEndpoint {
 public:
  AuthorizeEndpoint(const Registration& registration, const ClientAuthentication& clients,
                    AuthorizationCodes& codes, const Clock& clock)
      : registration_(registration), clients_(clients), codes_(codes), clock_(clock) {}

  // `version` is 1 or 2.
  Response answer(const Request& request, const std::string& tenant, int version,
                  const Settings& settings);
  // The same with this refusal instead of a sign-in: told to the application where its redirect URI
  // may be trusted, to the person otherwise.
  Response refuse(const Request& request, const std::string& tenant, const Refusal& refusal) const;

 private:
  // What must not be told to the redirect URI, because it or its owner is wrong.
  std::optional<Refusal> refuse_on_page(const Request& request, const std::string& tenant) const;
  int refuse_by_redirect(const Fields& arguments, int version) const;
  Response redirect(const Fields& arguments, Fields members) const;
  Response redirect(const Fields& arguments, const Refusal& refusal) const;

  const Registration& registration_;
  const ClientAuthentication& clients_;
  AuthorizationCodes& codes_;
  const Clock& clock_;
};

// 0, or the number of the refusal of this tenant in an address; `shared` is that of /common and its
// like.
int refuse_tenant(const Registration& registration, const std::string& tenant, int shared);
// Whether the application may be sent an answer there. The port is not compared on localhost and
// 127.0.0.1; without registered URIs it is http://localhost with any path.
bool is_registered_redirect(const Registration& registration, const std::string& uri);

}  // namespace simulator
