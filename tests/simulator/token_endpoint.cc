#include "tests/simulator/token_endpoint.h"

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
};

constexpr std::array kKnown{
    Known{50059, 400, "invalid_request", "No tenant-identifying information found in the request."},
    Known{50076, 400, "interaction_required",
          "You must use multi-factor authentication to access this resource."},
    Known{50173, 400, "invalid_grant", "The provided grant has expired due to it being revoked."},
    Known{50196, 400, "invalid_grant",
          "The server terminated an operation because it encountered a client request loop."},
    Known{65001, 400, "invalid_grant",
          "The user or administrator has not consented to use the application."},
    Known{70000, 400, "invalid_grant",
          "The provided value for the input parameter 'refresh_token' is not valid."},
    Known{70003, 400, "unsupported_grant_type", "The app requested an unsupported grant type."},
    Known{70011, 400, "invalid_scope",
          "The provided value for the input parameter 'scope' is not valid."},
    Known{70043, 400, "invalid_grant",
          "The refresh token has expired due to sign-in frequency checks."},
    Known{90002, 400, "invalid_request", "Tenant was not found."},
    Known{90033, 503, "temporarily_unavailable",
          "A transient error has occurred. Please try again."},
    Known{500011, 400, "invalid_resource", "The resource principal was not found in the tenant."},
    Known{700016, 400, "unauthorized_client", "The application was not found in the directory."},
    Known{700025, 401, "invalid_client",
          "Client is public so neither assertion nor secret should be presented."},
    Known{700027, 401, "invalid_client", "Client assertion contains an invalid signature."},
    Known{700082, 400, "invalid_grant", "The refresh token has expired due to inactivity."},
    Known{900144, 400, "invalid_request",
          "The request body must contain a parameter that is missing."},
    Known{900561, 400, "invalid_request", "The endpoint only accepts POST requests."},
    Known{901002, 400, "invalid_request", "The 'resource' request parameter is not supported."},
    Known{7000215, 401, "invalid_client", "Invalid client secret provided."},
    Known{7000218, 401, "invalid_client",
          "The request must contain 'client_assertion' or 'client_secret'."},
    Known{7000222, 401, "invalid_client", "The provided client secret keys are expired."},
    Known{9001023, 400, "invalid_request",
          "The grant type is not supported over the /common or /consumers endpoints."},
};

// "https://host/permission" → "https://host"; the first word of a scope list that names a resource.
std::string resource_of_scope(std::string_view scope) {
  while (!scope.empty()) {
    const auto end = std::min(scope.find(' '), scope.size());
    const auto word = scope.substr(0, end);
    scope.remove_prefix(std::min(end + 1, scope.size()));
    if (word.find("://") != std::string_view::npos)
      return std::string(word.substr(0, word.rfind('/')));
  }
  return "";
}

}  // namespace

Response aadsts_answer(int status, std::string_view error, int number, std::string_view text,
                       Instant now) {
  const auto stamp = spell(std::chrono::floor<std::chrono::seconds>(now), DateSpelling::kNoOffset);
  const std::string trace = guid_from(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  const std::string time = stamp.substr(0, 10) + " " + stamp.substr(11) + "Z";
  nlohmann::ordered_json body;
  body["error"] = error;
  body["error_description"] =
      fmt::format("AADSTS{}: {}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}", number,
                  text, trace, trace, time);
  body["error_codes"] = {number};
  body["timestamp"] = time;
  body["trace_id"] = trace;
  body["correlation_id"] = trace;
  body["error_uri"] = fmt::format("https://login.microsoftonline.com/error?code={}", number);
  return json_answer(status, body.dump());
}

Response aadsts_answer(int number, Instant now) {
  const auto* known = std::ranges::find(kKnown, number, &Known::number);
  if (known == kKnown.end())
    return aadsts_answer(400, "invalid_grant", number, "Simulated refusal.", now);
  return aadsts_answer(known->status, known->error, number, known->text, now);
}

std::optional<Response> TokenEndpoint::refuse_client(const Request& request,
                                                     const Fields& form) const {
  std::string client = find_field(form, "client_id").value_or("");
  std::optional<std::string> secret = find_field(form, "client_secret");
  const std::string authorization = request.header("Authorization").value_or("");
  if (authorization.starts_with("Basic ")) {
    const std::string pair = base64_decode(authorization.substr(6)).value_or("");
    const auto colon = std::min(pair.find(':'), pair.size());
    client = url_decode(pair.substr(0, colon));
    secret = url_decode(pair.substr(std::min(colon + 1, pair.size())));
  }
  const bool assertion = !find_field(form, "client_assertion").value_or("").empty();
  const Instant now = clock_.now();
  if (client.empty()) return aadsts_answer(900144, now);
  if (registration_.client_id && !same_text(client, *registration_.client_id))
    return aadsts_answer(700016, now);
  if (registration_.public_client && (secret || assertion)) return aadsts_answer(700025, now);
  if (registration_.client_secret && !assertion) {
    if (!secret || secret->empty()) return aadsts_answer(7000218, now);
    if (*secret != *registration_.client_secret) return aadsts_answer(7000215, now);
  }
  return std::nullopt;
}

Response TokenEndpoint::answer(const Request& request, const std::string& tenant, int version,
                               const Settings& settings) {
  const Instant now = clock_.now();
  if (request.method != "POST") return aadsts_answer(900561, now);
  if (same_text(tenant, "common") || same_text(tenant, "consumers") ||
      same_text(tenant, "organizations")) {
    return aadsts_answer(9001023, now);
  }
  if (registration_.tenant && !same_text(tenant, *registration_.tenant))
    return aadsts_answer(90002, now);
  const Fields form = parse_form(request.body);
  const std::string grant = find_field(form, "grant_type").value_or("");
  if (grant.empty()) return aadsts_answer(900144, now);
  const bool refresh = grant == "refresh_token";
  if (!refresh && grant != "client_credentials") return aadsts_answer(70003, now);
  if (auto refusal = refuse_client(request, form)) return *refusal;

  const std::string scope = find_field(form, "scope").value_or("");
  const std::string resource = find_field(form, "resource").value_or("");
  if (version == 2 && !resource.empty()) return aadsts_answer(901002, now);
  const std::string audience = version == 2 ? resource_of_scope(scope) : resource;
  if (audience.empty()) return aadsts_answer(version == 2 && !scope.empty() ? 70011 : 900144, now);
  if (refresh) {
    const auto token = find_field(form, "refresh_token");
    if (!token) return aadsts_answer(900144, now);
    const auto state = mint_.check_refresh_token(*token);
    if (state == TokenMint::Refresh::kUnknown) return aadsts_answer(70000, now);
    if (state == TokenMint::Refresh::kRevoked) return aadsts_answer(50173, now);
  } else if (registration_.public_client) {
    return aadsts_answer(7000218, now);
  }

  const AccessToken token{.user = refresh,
                          .tenant = ascii_lower(tenant),
                          .audience = audience,
                          .client = find_field(form, "client_id").value_or(""),
                          .mfa = settings.mfa,
                          .expires = now + settings.token_lifetime};
  // A client lives in real time; rounded down, so that it never trusts a token too long.
  const std::int64_t lifetime = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(static_cast<double>(settings.token_lifetime.count()) / 1000 /
                                   clock_.speed()));
  const std::int64_t real_now =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
          .time_since_epoch()
          .count();
  nlohmann::ordered_json body;
  body["token_type"] = "Bearer";
  if (refresh)
    body["scope"] = version == 2 ? audience + "/user_impersonation" : "user_impersonation";
  const auto number = [&](std::int64_t value) -> nlohmann::ordered_json {
    if (version == 1) return fmt::format("{}", value);
    return value;
  };
  body["expires_in"] = number(lifetime);
  body["ext_expires_in"] = number(lifetime);
  if (version == 1) {
    body["expires_on"] = number(real_now + lifetime);
    body["not_before"] = number(real_now);
    body["resource"] = audience;
  }
  body["access_token"] = mint_.issue(token, now);
  if (refresh && (version == 1 || has_word(scope, "openid"))) {
    body["id_token"] = mint_.identify(token, now);
  }
  // Version 2 hands out refresh tokens for offline_access only.
  if (refresh && settings.rotate_refresh_tokens &&
      (version == 1 || has_word(scope, "offline_access"))) {
    body["refresh_token"] = mint_.next_refresh_token();
  }
  Response response = json_answer(200, body.dump());
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  response.headers.emplace_back("Pragma", "no-cache");
  return response;
}

}  // namespace simulator
