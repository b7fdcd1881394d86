#include "tests/simulator/token_endpoint.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/authorize_endpoint.h"
#include "tests/simulator/sign_in_policy.h"

namespace simulator {
namespace {

constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

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

std::string value_of(const Fields& form, std::string_view name) {
  return find_field(form, name).value_or("");
}

Refusal with_suberror(int number, std::string_view suberror) {
  Refusal refusal = refusal_of(number);
  refusal.suberror = suberror;
  return refusal;
}

// The resource the token is for, or the number of the complaint. `agreed` is the scope, or
// resource, of the sign-in, for requests that name none.
int find_audience(const Fields& form, int version, const std::string& agreed,
                  std::string& audience) {
  const std::string scope = value_of(form, "scope");
  if (version == 2 && !value_of(form, "resource").empty()) return 901002;
  audience = version == 2 ? resource_of_scope(scope) : value_of(form, "resource");
  if (audience.empty()) {
    audience =
        agreed.find(' ') == std::string::npos && version == 1 ? agreed : resource_of_scope(agreed);
  }
  if (!audience.empty()) return 0;
  return version == 2 && !scope.empty() ? 70011 : 900144;
}

}  // namespace

Response TokenEndpoint::answer(const Request& request, const std::string& tenant, int version,
                               const Settings& settings) {
  const Instant now = clock_.now();
  if (request.method != "POST") return refuse(900561, now);
  if (const int number = refuse_tenant(registration_, tenant, 9001023); number != 0)
    return refuse(number, now);
  const Fields form = parse_form(request.body);
  const std::string type = value_of(form, "grant_type");
  if (type.empty()) return refuse(900144, now);
  const Asked asked{request, form, ascii_lower(tenant), version, settings};
  // Polls are alike by nature.
  if (type == kDeviceGrant || type == "device_code") return redeem_device_code(asked);
  const std::string alike = type + " " + value_of(form, "client_id") + " " +
                            value_of(form, "refresh_token") + value_of(form, "code");
  if (settings.loop_limit && loops_.is_looping(alike, *settings.loop_limit, now))
    return refuse(50196, now);
  if (type == "refresh_token") return redeem_refresh_token(asked);
  if (type == "authorization_code") return redeem_code(asked);
  if (type == "client_credentials") return app_only(asked);
  return refuse(70003, now);
}

Response TokenEndpoint::redeem_refresh_token(const Asked& asked) {
  const Instant now = clock_.now();
  const auto text = find_field(asked.form, "refresh_token");
  const auto lifetime = asked.settings.refresh_token_lifetime;
  // Who has to prove itself depends on what is redeemed, so that is looked at first.
  const ClientKind kind =
      stores_.refresh.inspect(text.value_or(""), lifetime, ClientKind::kUnknown).grant.kind;
  const ClientVerdict client = clients_.judge(asked.request, asked.form, kind, asked.settings);
  if (client.refusal) return refuse(*client.refusal, now);
  Granted granted{.client = client.client, .proof = client.proof, .renewal = true};
  if (const int number = find_audience(asked.form, asked.version, "", granted.audience))
    return refuse(number, now);
  if (!text) return refuse(900144, now);
  const RefreshToken token = stores_.refresh.inspect(*text, lifetime, client.kind());
  const Grant& grant_of = token.grant;
  if (token.state == RefreshToken::State::kUnknown) return refuse(70000, now);
  if (!grant_of.client.empty() && !same_text(grant_of.client, client.client))
    return refuse(with_suberror(70000, "client_mismatch"), now);
  if (token.state == RefreshToken::State::kRevoked) return refuse(50173, now);
  if (token.state == RefreshToken::State::kExpired) return refuse(700082, now);
  granted.grant = grant_of;
  granted.scope = value_of(asked.form, "scope");
  return grant(asked, std::move(granted));
}

Response TokenEndpoint::redeem_code(const Asked& asked) {
  const Instant now = clock_.now();
  const std::string& type = asked.settings.redirect_type;
  ClientKind kind = ClientKind::kUnknown;
  if (type == "native" || type == "spa") kind = ClientKind::kPublic;
  if (type == "web") kind = ClientKind::kConfidential;
  const ClientVerdict client = clients_.judge(asked.request, asked.form, kind, asked.settings);
  if (client.refusal) return refuse(*client.refusal, now);
  // Only a browser sends an Origin.
  if (type == "spa" && !asked.request.header("Origin")) return refuse(9002327, now);
  const std::string code = value_of(asked.form, "code");
  if (code.empty()) return refuse(900144, now);
  const auto outcome = stores_.codes.redeem(code,
                                            {.client = client.client,
                                             .tenant = asked.tenant,
                                             .redirect_uri = value_of(asked.form, "redirect_uri"),
                                             .verifier = value_of(asked.form, "code_verifier")},
                                            asked.settings.authorization_code_lifetime, now);
  if (outcome.refused != 0) return refuse(outcome.refused, now);
  Granted granted{.client = client.client, .proof = client.proof, .grant = outcome.grant};
  granted.grant.kind = client.kind();
  granted.scope = outcome.asked.scope + " " + value_of(asked.form, "scope");
  granted.nonce = outcome.asked.nonce;
  const std::string& agreed = asked.version == 2 ? outcome.asked.scope : outcome.asked.resource;
  if (const int number = find_audience(asked.form, asked.version, agreed, granted.audience))
    return refuse(number, now);
  return grant(asked, std::move(granted));
}

Response TokenEndpoint::redeem_device_code(const Asked& asked) {
  const Instant now = clock_.now();
  const ClientVerdict client =
      clients_.judge(asked.request, asked.form, ClientKind::kPublic, asked.settings);
  if (client.refusal) return refuse(*client.refusal, now);
  if (!asked.settings.public_flows) return refuse(7000218, now);
  const std::string code = value_of(asked.form, "device_code");
  if (code.empty()) return refuse(900144, now);
  const auto poll = stores_.devices.poll(code, client.client, asked.tenant, now);
  if (!poll.error.empty()) {
    Refusal refusal = refusal_of(poll.number);
    refusal.error = poll.error;
    return refuse(refusal, now);
  }
  Granted granted{.client = client.client, .grant = poll.grant, .scope = poll.scope};
  granted.grant.kind = ClientKind::kPublic;
  if (const int number = find_audience(asked.form, 2, poll.scope, granted.audience))
    return refuse(number, now);
  return grant(asked, std::move(granted));
}

Response TokenEndpoint::app_only(const Asked& asked) {
  const Instant now = clock_.now();
  const ClientVerdict client =
      clients_.judge(asked.request, asked.form, ClientKind::kUnknown, asked.settings);
  if (client.refusal) return refuse(*client.refusal, now);
  if (registration_.public_client) return refuse(7000218, now);
  Granted granted{.client = client.client, .proof = client.proof, .user = false};
  if (const int number = find_audience(asked.form, asked.version, "", granted.audience))
    return refuse(number, now);
  return issue(asked, granted);
}

Response TokenEndpoint::grant(const Asked& asked, Granted granted) {
  const Instant now = clock_.now();
  if (const int number = blocks_redemption(asked.settings, granted.grant, now); number != 0)
    return refuse(number, now);
  if (granted.grant.client.empty()) granted.grant.client = granted.client;
  return issue(asked, granted);
}

Response TokenEndpoint::issue(const Asked& asked, const Granted& granted) {
  const Instant now = clock_.now();
  const Settings& settings = asked.settings;
  const AccessToken token{
      .user_token = granted.user,
      .tenant = asked.tenant,
      .audience = granted.audience,
      .client = granted.client,
      .user = granted.grant.user.empty() ? std::string(kNobody) : granted.grant.user,
      .proof = static_cast<int>(granted.proof),
      .mfa = granted.grant.mfa.value_or(settings.mfa),
      .expires = now + settings.token_lifetime};
  // A client lives in real time; rounded down, so that it never trusts a token too long.
  const std::int64_t lifetime = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(static_cast<double>(settings.token_lifetime.count()) / 1000 /
                                   clock_.speed()));
  const std::int64_t real_now =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
          .time_since_epoch()
          .count();
  const bool first = asked.version == 1;
  nlohmann::ordered_json body;
  body["token_type"] = "Bearer";
  if (granted.user)
    body["scope"] = first ? "user_impersonation" : granted.audience + "/user_impersonation";
  const auto number = [&](std::int64_t value) -> nlohmann::ordered_json {
    if (first) return fmt::format("{}", value);
    return value;
  };
  body["expires_in"] = number(lifetime);
  body["ext_expires_in"] = number(lifetime);
  if (first) {
    body["expires_on"] = number(real_now + lifetime);
    body["not_before"] = number(real_now);
    body["resource"] = granted.audience;
  }
  body["access_token"] = stores_.access.issue(token, now);
  if (granted.user && (first || has_word(granted.scope, "openid")))
    body["id_token"] = stores_.access.identify(token, asked.version, granted.nonce, now);
  // Version 2 hands out refresh tokens for offline_access only.
  const bool another = granted.user && (!granted.renewal || settings.rotate_refresh_tokens);
  if (another && (first || has_word(granted.scope, "offline_access")))
    body["refresh_token"] = stores_.refresh.issue(granted.grant);
  Response response =
      json_answer(200, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  response.headers.emplace_back("Pragma", "no-cache");
  return response;
}

}  // namespace simulator
