#include "tests/simulator/aadsts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace simulator {
namespace {

struct Known {
  int number;
  int status;
  std::string_view error;
  std::string_view text;
  std::string_view suberror = "";
};

// Ascending. The numbers are those of authentication.md 3.4 and 5.2, and what the simulator needs
// beside them.
constexpr std::array kKnown{
    Known{28002, 400, "invalid_scope", "The scope is not valid for an access token."},
    Known{28003, 400, "invalid_scope", "The scope is empty."},
    Known{50000, 500, "server_error", "The sign-in service failed to issue a token."},
    Known{50001, 400, "invalid_resource", "The resource is disabled or does not exist."},
    Known{50005, 400, "invalid_grant", "The device's platform is not supported by policy."},
    Known{50011, 400, "invalid_request", "The redirect URI is not one of the application's."},
    Known{50012, 401, "invalid_client", "Client assertion was not accepted."},
    Known{50020, 400, "invalid_grant", "The user account is of another tenant."},
    Known{50027, 401, "invalid_client", "The JWT is malformed or lacks a claim."},
    Known{50033, 503, "temporarily_unavailable", "A transient error has occurred."},
    Known{50034, 400, "invalid_grant", "The user account does not exist in the directory."},
    Known{50049, 400, "invalid_request", "Unknown or invalid instance."},
    Known{50053, 400, "invalid_grant", "The account is locked."},
    Known{50055, 400, "invalid_grant", "The password is expired.", "user_password_expired"},
    Known{50057, 400, "invalid_grant", "The user account is disabled."},
    Known{50058, 400, "login_required", "Nobody is signed in, and no page may be shown."},
    Known{50059, 400, "invalid_request", "No tenant-identifying information found in the request."},
    Known{50072, 400, "interaction_required", "The user must enrol in multi-factor authentication.",
          "basic_action"},
    Known{50074, 400, "interaction_required", "The user did not pass the second factor.",
          "basic_action"},
    Known{50076, 400, "interaction_required",
          "You must use multi-factor authentication to access this resource.", "basic_action"},
    Known{50078, 400, "interaction_required", "Multi-factor authentication is too old for policy.",
          "basic_action"},
    Known{50079, 400, "interaction_required", "The user must enrol in multi-factor authentication.",
          "basic_action"},
    Known{50087, 503, "temporarily_unavailable", "A transient error in strong authentication."},
    Known{50088, 429, "temporarily_unavailable", "The limit on telephone calls was reached."},
    Known{50089, 400, "invalid_grant", "The flow has expired."},
    Known{50097, 400, "interaction_required", "Device authentication is required."},
    Known{50105, 400, "invalid_grant", "The user is not assigned to the application."},
    Known{50126, 400, "invalid_grant", "Invalid user name or password."},
    Known{50129, 400, "interaction_required", "The device is not registered."},
    Known{50131, 400, "interaction_required", "Conditional Access was not satisfied."},
    Known{50132, 400, "invalid_grant", "The session ended with the password."},
    Known{50133, 400, "invalid_grant", "The session ended with the password."},
    Known{50134, 400, "invalid_grant", "Wrong data centre for this device code."},
    Known{50144, 400, "invalid_grant", "The on-premises password is expired.",
          "user_password_expired"},
    Known{50166, 503, "temporarily_unavailable", "The claims provider throttles."},
    Known{50173, 400, "invalid_grant", "The provided grant has expired due to it being revoked."},
    Known{50177, 400, "invalid_grant", "The challenge is not supported for guests."},
    Known{50194, 400, "unauthorized_client",
          "The application is not multi-tenant, so its own tenant has to be named."},
    Known{50196, 400, "invalid_grant",
          "The server terminated an operation because it encountered a client request loop."},
    Known{51005, 307, "temporarily_unavailable", "The information is found elsewhere."},
    Known{53000, 400, "interaction_required", "The device is not compliant."},
    Known{53001, 400, "interaction_required", "The device is not joined to the domain."},
    Known{53002, 400, "interaction_required", "The application used is not an approved one."},
    Known{53003, 400, "invalid_grant", "Access is blocked by Conditional Access."},
    Known{53011, 400, "invalid_grant", "The user is blocked for risk."},
    Known{54005, 400, "invalid_grant", "The code was already redeemed."},
    Known{65001, 400, "invalid_grant",
          "The user or administrator has not consented to use the application.",
          "consent_required"},
    Known{65004, 400, "access_denied", "The user declined to consent."},
    Known{65005, 400, "invalid_resource", "The application does not list the resource."},
    Known{70000, 400, "invalid_grant",
          "The provided value for the input parameter 'refresh_token' is not valid."},
    Known{70001, 400, "unauthorized_client", "The application is disabled."},
    Known{70002, 401, "invalid_client", "Error validating credentials."},
    Known{70003, 400, "unsupported_grant_type", "The app requested an unsupported grant type."},
    Known{70005, 400, "unsupported_response_type", "The response type is not supported."},
    Known{70007, 400, "invalid_request", "The response mode is not supported."},
    Known{70008, 400, "invalid_grant", "The code or refresh token has expired."},
    Known{70011, 400, "invalid_scope",
          "The provided value for the input parameter 'scope' is not valid."},
    Known{70016, 400, "authorization_pending", "The user has not finished signing in."},
    Known{70018, 400, "bad_verification_code", "The device code is not known."},
    Known{70019, 400, "expired_token", "The device code has expired."},
    Known{70043, 400, "invalid_grant",
          "The refresh token has expired due to sign-in frequency checks."},
    Known{80014, 503, "temporarily_unavailable", "The authentication agent was too slow."},
    Known{90002, 400, "invalid_request", "Tenant was not found."},
    Known{90004, 400, "invalid_request", "The request is not well formed."},
    Known{90006, 503, "temporarily_unavailable", "The service is temporarily not available."},
    Known{90012, 503, "temporarily_unavailable", "The request timed out."},
    Known{90014, 400, "invalid_request", "A required field is missing."},
    Known{90019, 400, "invalid_request", "No tenant-identifying information found."},
    Known{90023, 400, "invalid_request", "The request is not valid."},
    Known{90024, 503, "temporarily_unavailable", "The budget of a transient request is used up."},
    Known{90033, 503, "temporarily_unavailable",
          "A transient error has occurred. Please try again."},
    Known{90036, 500, "server_error", "An unexpected error that does not go away."},
    Known{90038, 400, "invalid_request", "The tenant is of another national cloud."},
    Known{90051, 400, "invalid_request", "The national cloud is not valid."},
    Known{90055, 429, "temporarily_unavailable", "Too many requests of this tenant."},
    Known{90072, 400, "invalid_grant", "The account is not a member of the tenant."},
    Known{90090, 503, "temporarily_unavailable", "The directory failed for a moment."},
    Known{90091, 503, "temporarily_unavailable", "The directory failed for a moment."},
    Known{90092, 500, "server_error", "The directory failed for good."},
    Known{90094, 400, "consent_required", "An administrator has to consent.", "consent_required"},
    Known{90095, 400, "consent_required", "The consent is waiting for an administrator.",
          "consent_required"},
    Known{90100, 400, "invalid_request", "A parameter is empty or not valid."},
    Known{90119, 400, "invalid_request", "The user code is missing or unknown."},
    Known{90120, 400, "invalid_request", "The device code was already authorised or declined."},
    Known{90124, 400, "invalid_request", "The resource is not for the /common endpoint."},
    Known{90130, 400, "invalid_request", "The application is not for the /common endpoint."},
    Known{500011, 400, "invalid_resource", "The resource principal was not found in the tenant."},
    Known{500112, 400, "invalid_grant",
          "The redirect URI is another one than when the code was asked for."},
    Known{500133, 401, "invalid_client", "Assertion is not within its valid time range."},
    Known{501481, 400, "invalid_grant", "The code verifier does not match the code challenge."},
    Known{501491, 400, "invalid_request", "The size of the code challenge is not valid."},
    Known{530032, 400, "invalid_grant", "Access is blocked by security policy."},
    Known{530035, 400, "invalid_grant", "Access is blocked by security defaults."},
    Known{650052, 400, "invalid_resource", "The organisation lacks a subscription to the service."},
    Known{650056, 400, "invalid_resource", "The application lists no permission of the resource."},
    Known{650057, 400, "invalid_resource", "The application does not list the resource."},
    Known{700005, 400, "invalid_grant", "The code is meant for another tenant."},
    Known{700011, 400, "unauthorized_client", "The application was not found in the directory."},
    Known{700016, 400, "unauthorized_client", "The application was not found in the directory."},
    Known{700021, 401, "invalid_client", "Client assertion names another application."},
    Known{700022, 400, "invalid_scope", "The scope names several resources."},
    Known{700023, 401, "invalid_client", "Client assertion has another audience."},
    Known{700024, 401, "invalid_client", "Client assertion is not within its valid time range."},
    Known{700025, 401, "invalid_client",
          "Client is public so neither assertion nor secret should be presented."},
    Known{700027, 401, "invalid_client", "Client assertion contains an invalid signature."},
    Known{700030, 401, "invalid_client", "The certificate's subject is not authorised."},
    Known{700082, 400, "invalid_grant", "The refresh token has expired due to inactivity."},
    Known{700084, 400, "invalid_grant", "The refresh token was issued to a single-page app."},
    Known{700213, 401, "invalid_client",
          "No federated identity record matches the presented assertion."},
    Known{900144, 400, "invalid_request",
          "The request body must contain a parameter that is missing."},
    Known{900382, 400, "invalid_request", "The tenant is of another national cloud."},
    Known{900432, 400, "invalid_request", "Confidential clients may not cross clouds."},
    Known{900561, 400, "invalid_request", "The endpoint only accepts POST requests."},
    Known{901002, 400, "invalid_request", "The 'resource' request parameter is not supported."},
    Known{7000112, 400, "unauthorized_client", "The application is disabled."},
    Known{7000215, 401, "invalid_client", "Invalid client secret provided."},
    Known{7000218, 401, "invalid_client",
          "The request must contain 'client_assertion' or 'client_secret'."},
    Known{7000222, 401, "invalid_client", "The provided client secret keys are expired."},
    Known{7000229, 400, "unauthorized_client", "The service principal is missing in the tenant."},
    Known{9001023, 400, "invalid_request",
          "The grant type is not supported over the /common or /consumers endpoints."},
    Known{9002313, 400, "invalid_request", "The request is malformed."},
    Known{9002327, 400, "invalid_request",
          "Codes of a single-page app may only be redeemed across origins, by a browser."},
};
static_assert(std::ranges::is_sorted(kKnown, {}, &Known::number));

std::string stamp_of(Instant now) {
  const auto text = spell(std::chrono::floor<std::chrono::seconds>(now), DateSpelling::kNoOffset);
  return text.substr(0, 10) + " " + text.substr(11) + "Z";
}
std::string trace_of(Instant now) {
  return guid_from(static_cast<std::uint64_t>(now.time_since_epoch().count()));
}

}  // namespace

Refusal refusal_of(int number) {
  const auto* known = std::ranges::find(kKnown, number, &Known::number);
  Refusal refusal;
  refusal.numbers = {number};
  refusal.error = "invalid_grant";
  refusal.text = "Simulated refusal.";
  if (known == kKnown.end()) return refusal;
  refusal.status = known->status;
  refusal.error = known->error;
  refusal.text = known->text;
  refusal.suberror = known->suberror;
  if (number == 50076 || number == 50079) {
    // What a client of Conditional Access would send along when it signs in again.
    refusal.claims = fmt::format(
        R"({{"access_token":{{"capolids":{{"essential":true,"values":["{}"]}}}}}})", guid_from(1));
  }
  return refusal;
}

std::vector<int> known_refusals() {
  std::vector<int> numbers;
  for (const Known& known : kKnown) numbers.push_back(known.number);
  return numbers;
}

std::string description_of(const Refusal& refusal, Instant now) {
  const std::string trace = trace_of(now);
  return fmt::format("AADSTS{}: {}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
                     refusal.numbers.empty() ? 0 : refusal.numbers.front(), refusal.text, trace,
                     trace, stamp_of(now));
}

Response refuse(const Refusal& refusal, Instant now) {
  nlohmann::ordered_json body;
  body["error"] = refusal.error;
  body["error_description"] = description_of(refusal, now);
  body["error_codes"] = refusal.numbers;
  body["timestamp"] = stamp_of(now);
  body["trace_id"] = body["correlation_id"] = trace_of(now);
  if (!refusal.numbers.empty()) {
    body["error_uri"] =
        fmt::format("https://login.microsoftonline.com/error?code={}", refusal.numbers.front());
  }
  if (!refusal.suberror.empty()) body["suberror"] = refusal.suberror;
  if (!refusal.claims.empty()) body["claims"] = refusal.claims;
  return json_answer(refusal.status,
                     body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Response refuse(int number, Instant now) { return refuse(refusal_of(number), now); }

}  // namespace simulator
