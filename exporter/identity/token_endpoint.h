#pragma once
// One question to an account's token endpoint, and what came of it. Source: OAuth 2.0 on the
// identity platform, "v2-oauth2-auth-code-flow", "v2-oauth2-device-code".
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/http/governor.h"
#include "exporter/http/transport.h"
#include "exporter/identity/client_credential.h"
#include "exporter/identity/form.h"
#include "exporter/telemetry/api_telemetry.h"

namespace pce {

struct TokenAnswer {
  Secret access_token{};
  std::chrono::seconds lifetime{0};  // from the moment ask() was called; 1 s … 24 h
  Secret refresh_token{};            // empty: the answer has none
  std::optional<std::chrono::seconds> refresh_in{};  // when to renew, as lifetime; less than that
  std::string scope{};                               // as granted, separated by spaces
};

class TokenEndpoint {
 public:
  struct Parts {  // outlive the endpoint
    Transport& transport;
    Governor& governor;
    Clock& clock;
    ApiTelemetry& telemetry;
  };
  // `login`: https://login.microsoftonline.com, with or without a slash at its end.
  TokenEndpoint(Parts parts, std::string login, const std::string& tenant_id,
                std::chrono::milliseconds timeout = std::chrono::seconds(60));

  const std::string& url() const { return url_; }      // …/oauth2/v2.0/token
  const std::string& login() const { return login_; }  // without a slash at its end

  // One request, never repeated. It passes the governor, so whoever asks must hold no permit; a
  // wait the sign-in service asks for holds for the account's other calls, too. Errors: those of
  // Transport::send and entra_error, and kMalformed; no message repeats a secret field.
  Result<TokenAnswer> ask(std::vector<FormField> fields, std::stop_token stop);
  // The same with the application's proof beside the fields, made once the governor lets the
  // request go: an assertion lives for minutes, and a pause may be longer. Errors also: those of
  // proof().
  Result<TokenAnswer> ask(std::vector<FormField> fields, ClientCredential& credential,
                          std::stop_token stop);

  // The same at …/oauth2/v2.0/devicecode; the body of the answer.
  Result<Secret> ask_device_code(const std::vector<FormField>& fields, std::stop_token stop);

 private:
  struct Posted {
    Secret body;       // of a 200
    std::string form;  // its content type and size, for messages
    SteadyTime sent;   // behind the governor
  };
  Result<Posted> post(const std::string& url, std::vector<FormField> fields,
                      ClientCredential* credential, std::stop_token stop);
  Result<TokenAnswer> ask_for_tokens(std::vector<FormField> fields, ClientCredential* credential,
                                     std::stop_token stop);
  Error refused(Error error) const;
  Result<TokenAnswer> read(Secret body) const;

  const Parts parts_;
  const std::string login_;
  const std::string url_;
  const std::string device_code_url_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace pce
