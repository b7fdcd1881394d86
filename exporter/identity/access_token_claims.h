#pragma once
// What stands in an access token, for diagnosis only: clients treat access tokens as opaque, and
// nothing here is verified. Source: "Access token claims reference" of the identity platform,
// version 1.0 tokens.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/secret.h"

namespace pce {

struct AccessTokenClaims {
  std::string audience;                    // aud
  std::string tenant_id;                   // tid
  std::string user;                        // upn, else unique_name; empty: none
  std::string application;                 // appid
  std::string application_authentication;  // appidacr: "0" public, "1" secret, "2" certificate
  std::string scopes;                      // scp, separated by spaces; empty: app-only
  std::vector<std::string> methods;        // amr; "mfa" among them: signed in with MFA
  std::optional<std::int64_t> issued;      // iat, seconds since 1970, by the other side's clock
  std::optional<std::int64_t> expires;     // exp, likewise

  bool mfa() const;
  bool has_scope(std::string_view scope) const;
};

// nullopt: the token is not a JWT that can be read. Texts are one line each, without control
// characters.
std::optional<AccessTokenClaims> access_token_claims(const Secret& access_token);

}  // namespace pce
