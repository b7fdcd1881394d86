#pragma once
// Access tokens from Entra's v2 token endpoint, for the refresh token a human's sign-in left in a
// file. Source: OAuth 2.0 refresh_token grant of the identity platform, "v2-oauth2-auth-code-flow".
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>

#include "exporter/identity/client_credential.h"
#include "exporter/identity/token_custody.h"
#include "exporter/identity/token_endpoint.h"
#include "exporter/identity/token_source.h"

namespace pce {

// The references must outlive it. One call of issue() at a time, see TokenIssuer; the rest from any
// thread.
class EntraTokenSource final : public TokenIssuer {
 public:
  struct Account {
    std::string login;  // https://login.microsoftonline.com
    std::string tenant_id;
    std::string client_id;
    std::string resource;                      // https://api.partnercenter.microsoft.com
    std::filesystem::path refresh_token_file;  // at first
    std::chrono::milliseconds timeout{60'000};
  };

  EntraTokenSource(TokenEndpoint::Parts parts, ClientCredential& credential, Account account);

  // To be called once, before issue(): says in the log how the refresh token is. One that is
  // missing may come. Errors: kSettings, for one that can never be used as configured.
  Status begin() { return custody_.begin(); }

  // begin() for another file, which is not used for that. Any thread.
  Status look_at(const std::filesystem::path& file) const {
    return TokenCustody(clock_, TokenFile(file), owner_).begin();
  }
  // From the next request on. Any thread.
  void refresh_token_file_is(std::filesystem::path file);

  // One request; a second one with the refresh token before this where this one is no longer good.
  // It passes the governor, so whoever asks must hold no permit; a wait the sign-in service asks
  // for holds for the account's other calls, too. A new refresh token is in the file before the
  // access token is handed out; where it cannot be written it is kept in memory, used from there,
  // written at the next occasion, and said in the warning and the log. A token a human put into the
  // file meanwhile wins. Errors: those of TokenCustody::newest, of the proof, and of
  // TokenEndpoint::ask.
  Result<IssuedToken> issue(std::stop_token stop) override;
  std::string inputs() const override;
  CredentialEnds ends() const override;

  // A duty: writes a refresh token that could not be written, until `stop`.
  void store_when_possible(std::stop_token stop) { custody_.store_when_possible(std::move(stop)); }

 private:
  struct Redeemed {
    TokenAnswer answer;
    Secret used;       // which refresh token it was
    SteadyTime asked;  // when
  };
  Result<IssuedToken> issue_under_lock(SteadyTime began, std::stop_token stop);
  std::filesystem::path file() const;
  bool proves_itself_with(const TokenRecord& record);
  Result<Redeemed> redeem(const TokenRecord& record, std::stop_token stop);
  Result<Redeemed> ask(const Secret& refresh_token, bool with_proof, std::stop_token stop);

  Clock& clock_;
  ApiTelemetry& telemetry_;
  ClientCredential& credential_;  // asked for a proof at every redemption
  const Account account_;
  mutable std::mutex file_mutex_;
  std::filesystem::path file_;  // for a refresh token
  TokenEndpoint endpoint_;
  const TokenOwner owner_;
  TokenCustody custody_;
  Secret refused_;  // a previous token that was of no use either
  bool said_without_proof_ = false;
};

}  // namespace pce
