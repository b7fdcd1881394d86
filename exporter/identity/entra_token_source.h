#pragma once
// Access tokens from Entra's v2 token endpoint, for the refresh token a human's sign-in left in a
// file. Source: OAuth 2.0 refresh_token grant of the identity platform, "v2-oauth2-auth-code-flow".
#include <chrono>
#include <filesystem>
#include <string>

#include "exporter/identity/client_credential.h"
#include "exporter/identity/token_endpoint.h"
#include "exporter/identity/token_file.h"
#include "exporter/identity/token_source.h"

namespace pce {

// The references must outlive it. One call at a time, see TokenIssuer.
class EntraTokenSource final : public TokenIssuer {
 public:
  struct Account {
    std::string login;  // https://login.microsoftonline.com
    std::string tenant_id;
    std::string client_id;
    std::string resource;  // https://api.partnercenter.microsoft.com
    std::filesystem::path refresh_token_file;
    std::chrono::milliseconds timeout{60'000};
  };

  EntraTokenSource(TokenEndpoint::Parts parts, ClientCredential& credential, Account account);

  // One request, never repeated. It passes the governor, so whoever asks must hold no permit; a
  // wait the sign-in service asks for holds for the account's other calls, too. A new refresh token
  // is in the file before the access token is handed out; where it cannot be written it is kept in
  // memory, used from there, written at the next occasion, and said in the warning and the log. A
  // token a human put into the file meanwhile wins.
  Result<IssuedToken> issue(std::stop_token stop) override;
  std::string inputs() const override;
  CredentialEnds ends() const override;

 private:
  Result<Secret> refresh_token();
  Result<IssuedToken> redeem(const Secret& refresh_token, std::stop_token stop);
  std::optional<Error> keep(const Secret& renewed, const Secret& redeemed);

  ApiTelemetry& telemetry_;
  ClientCredential& credential_;  // asked for a proof at every redemption
  const Account account_;
  TokenEndpoint endpoint_;
  const TokenFile file_;
  Secret in_file_;    // what the file held when we last read or wrote it
  Secret unwritten_;  // newer than that; empty: nothing is waiting to be written
};

}  // namespace pce
