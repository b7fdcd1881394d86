#include "tests/simulator/authorize_endpoint.h"

#include <algorithm>

#include "tests/simulator/pages.h"
#include "tests/simulator/sign_in.h"
#include "tests/simulator/sign_in_policy.h"

namespace simulator {
namespace {

struct Uri {
  std::string origin;  // scheme and host, lower case
  std::string port;    // as written; empty: none
  std::string path;    // at least "/", without query
};

std::optional<Uri> parse_uri(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos || text.find('#') != std::string_view::npos)
    return std::nullopt;
  const auto slash = std::min(text.find_first_of("/?", scheme + 3), text.size());
  const auto authority = text.substr(scheme + 3, slash - scheme - 3);
  if (authority.empty()) return std::nullopt;
  const auto colon = std::min(authority.rfind(':'), authority.size());
  Uri uri;
  uri.origin = ascii_lower(text.substr(0, scheme + 3)) + ascii_lower(authority.substr(0, colon));
  if (colon < authority.size()) {
    uri.port = authority.substr(colon + 1);
    const auto number = parse_integer(uri.port);
    if (!number || *number < 1 || *number > 65535) return std::nullopt;
  }
  const auto path = text.substr(slash);
  uri.path = path.substr(0, path.find('?'));
  if (uri.path.empty()) uri.path = "/";
  return uri;
}

// Of PKCE; RFC 7636 4.2 allows 43 to 128 characters.
bool has_good_challenge(const Fields& arguments) {
  const std::string challenge = find_field(arguments, "code_challenge").value_or("");
  return challenge.empty() || (challenge.size() >= 43 && challenge.size() <= 128);
}

std::string member(const Fields& arguments, std::string_view name) {
  return find_field(arguments, name).value_or("");
}

std::string mode_of(const Fields& arguments) {
  const std::string mode = member(arguments, "response_mode");
  return mode.empty() ? "query" : mode;
}

}  // namespace

int refuse_tenant(const Registration& registration, const std::string& tenant, int shared) {
  if (same_text(tenant, "common") || same_text(tenant, "consumers") ||
      same_text(tenant, "organizations")) {
    return shared;
  }
  return registration.tenant && !same_text(tenant, *registration.tenant) ? 90002 : 0;
}

bool is_registered_redirect(const Registration& registration, const std::string& uri) {
  const auto asked = parse_uri(uri);
  if (!asked) return false;
  if (registration.redirect_uris.empty()) return asked->origin == "http://localhost";
  return std::ranges::any_of(registration.redirect_uris, [&](const std::string& text) {
    const auto known = parse_uri(text);
    if (!known || known->origin != asked->origin || known->path != asked->path) return false;
    const bool loopback =
        known->origin == "http://localhost" || known->origin == "http://127.0.0.1";
    return loopback || known->port == asked->port;
  });
}

std::optional<Refusal> AuthorizeEndpoint::refuse_on_page(const Request& request,
                                                         const std::string& tenant) const {
  if (request.method != "GET" && request.method != "POST") return refusal_of(90023);
  if (const int number = refuse_tenant(registration_, tenant, 50194); number != 0)
    return refusal_of(number);
  if (auto refusal = clients_.refuse_unknown(member(request.arguments, "client_id")))
    return refusal;
  if (!is_registered_redirect(registration_, member(request.arguments, "redirect_uri")))
    return refusal_of(50011);
  return std::nullopt;
}

int AuthorizeEndpoint::refuse_by_redirect(const Fields& arguments, int version) const {
  const std::string type = member(arguments, "response_type");
  if (type.empty()) return 900144;
  if (type != "code") return 70005;
  const std::string mode = mode_of(arguments);
  if (mode != "query" && mode != "fragment" && mode != "form_post") return 70007;
  if (version == 2 && find_field(arguments, "resource")) return 901002;
  if (version == 2 && member(arguments, "scope").empty()) return 900144;
  const std::string method = member(arguments, "code_challenge_method");
  if (!method.empty() && method != "S256" && method != "plain") return 90023;
  if (!has_good_challenge(arguments)) return 501491;
  const std::string prompt = member(arguments, "prompt");
  if (!prompt.empty() && !has_word("none login consent select_account", prompt)) return 90023;
  // Nobody is ever signed in already.
  return prompt == "none" ? 50058 : 0;
}

Response AuthorizeEndpoint::redirect(const Fields& arguments, Fields members) const {
  if (const auto state = find_field(arguments, "state")) members.emplace_back("state", *state);
  const std::string uri = member(arguments, "redirect_uri");
  if (mode_of(arguments) == "form_post") return posting_page(uri, members);
  const bool fragment = mode_of(arguments) == "fragment";
  std::string address = uri;
  char separator = fragment ? '#' : (uri.find('?') == std::string::npos ? '?' : '&');
  for (const auto& [name, value] : members) {
    address.append(1, separator).append(name).append("=").append(url_encode(value));
    separator = '&';
  }
  Response response;
  response.status = 302;
  response.headers = {{"Location", address}, {"Cache-Control", "no-store"}};
  return response;
}

Response AuthorizeEndpoint::redirect(const Fields& arguments, const Refusal& refusal) const {
  Fields members{{"error", refusal.error},
                 {"error_description", description_of(refusal, clock_.now())}};
  if (!refusal.suberror.empty()) members.emplace_back("error_subcode", refusal.suberror);
  return redirect(arguments, std::move(members));
}

Response AuthorizeEndpoint::refuse(const Request& request, const std::string& tenant,
                                   const Refusal& refusal) const {
  const auto own = refuse_on_page(request, tenant);
  if (!own) return redirect(request.arguments, refusal);
  return message_page(400, "Sign in failed", description_of(*own, clock_.now()));
}

Response AuthorizeEndpoint::answer(const Request& request, const std::string& tenant, int version,
                                   const Settings& settings) {
  const Instant now = clock_.now();
  if (const auto refusal = refuse_on_page(request, tenant))
    return message_page(400, "Sign in failed", description_of(*refusal, now));
  const Fields& asked = request.arguments;
  if (const int number = refuse_by_redirect(asked, version); number != 0)
    return redirect(asked, refusal_of(number));

  const Fields form = request.method == "POST" ? parse_form(request.body) : Fields{};
  const bool consent = member(asked, "prompt") == "consent";
  const SignIn sign_in = judge_sign_in(form, Flow::kAuthorizationCode, consent, settings);
  const std::string client = member(asked, "client_id");
  switch (sign_in.next) {
    case SignIn::Next::kDeclined: {
      Refusal declined = refusal_of(65004);
      declined.suberror = "cancel";
      return redirect(asked, declined);
    }
    case SignIn::Next::kShowConsent:
      return consent_page(client, sign_in.hidden());
    case SignIn::Next::kShowForm:
      return sign_in_page(
          {.application = client,
           .user = sign_in.user.empty() ? member(asked, "login_hint") : sign_in.user,
           .asks_for_second_factor = asks_for_second_factor(settings),
           .complaint = sign_in.complaint,
           .hidden = {}});
    case SignIn::Next::kGranted:
      break;
  }
  const AuthorizationRequest wanted{.redirect_uri = member(asked, "redirect_uri"),
                                    .scope = member(asked, "scope"),
                                    .resource = member(asked, "resource"),
                                    .nonce = member(asked, "nonce"),
                                    .challenge = member(asked, "code_challenge"),
                                    .s256 = member(asked, "code_challenge_method") == "S256"};
  const std::string code =
      codes_.issue(sign_in.grant(tenant, client, Flow::kAuthorizationCode, now), wanted, now);
  return redirect(asked, {{"code", code}, {"session_state", guid_from(hash_text(code))}});
}

}  // namespace simulator
