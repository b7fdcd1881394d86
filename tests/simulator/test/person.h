#pragma once
// A person in front of the identity platform's pages, and the application they came from.
#include <string>

#include "tests/simulator/certificate.h"
#include "tests/simulator/test/bench.h"

namespace simulator {

inline const std::string kScope =
    std::string(kResource) + "/user_impersonation offline_access openid";
inline const std::string kVerifier = "a-verifier-of-no-secret-at-all-0123456789-abcdef";
inline const std::string kRedirect = "http://localhost:43210/";

inline std::string form_of(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out.append(out.empty() ? "" : "&").append(name).append("=").append(url_encode(value));
  }
  return out;
}
// `fields` with the named ones replaced, added, or, where the text is empty, left out.
inline Fields changed(Fields fields, const Fields& changes) {
  for (const auto& [name, value] : changes) {
    std::erase_if(fields, [&](const auto& one) { return one.first == name; });
    if (!value.empty()) fields.emplace_back(name, value);
  }
  return fields;
}

struct Person {
  explicit Person(Bench& the_bench) : bench(the_bench) {}

  static Fields asked(const Fields& changes = {}) {
    return changed({{"client_id", "app"},
                    {"response_type", "code"},
                    {"redirect_uri", kRedirect},
                    {"scope", kScope},
                    {"state", "s t&1"},
                    {"nonce", "n1"},
                    {"code_challenge", base64url(sha256(kVerifier))},
                    {"code_challenge_method", "S256"}},
                   changes);
  }
  static std::string authorize_path(const Fields& asked_for,
                                    std::string_view path = "oauth2/v2.0/authorize",
                                    std::string_view tenant = kTenant) {
    return std::string("/").append(tenant).append("/").append(path).append("?").append(
        form_of(asked_for));
  }
  Response open(const std::string& path) { return bench.service.handle(Bench::request(path)); }
  Response send(const std::string& path, const Fields& form) {
    Request request = Bench::request(path, {{"Host", "127.0.0.1:1"}});
    request.method = "POST";
    request.body = form_of(form);
    return bench.service.handle(request);
  }
  static Fields filled_in(const Fields& changes = {}) {
    return changed({{"loginfmt", "Ada@partner.example"},
                    {"passwd", "anything"},
                    {"second_factor", "yes"},
                    {"step", "sign_in"}},
                   changes);
  }

  // What the application is told at its redirect URI.
  static Fields told(const Response& response) {
    EXPECT_EQ(response.status, 302) << response.body;
    const std::string address = find_field(response.headers, "Location").value_or("");
    EXPECT_EQ(address.rfind(kRedirect, 0), 0U) << address;
    return parse_form(address.substr(std::min(address.find('?') + 1, address.size())));
  }
  std::string code(const Fields& changes = {}, const Fields& form_changes = {}) {
    const Fields members = told(send(authorize_path(asked(changes)), filled_in(form_changes)));
    return find_field(members, "code").value_or("");
  }
  Response redeem(const std::string& code, const Fields& changes = {}) {
    return send("/" + std::string(kTenant) + "/oauth2/v2.0/token",
                changed({{"grant_type", "authorization_code"},
                         {"client_id", "app"},
                         {"code", code},
                         {"redirect_uri", kRedirect},
                         {"code_verifier", kVerifier},
                         {"scope", kScope}},
                        changes));
  }
  Response refresh(const std::string& token, const Fields& changes = {}) {
    return send("/" + std::string(kTenant) + "/oauth2/v2.0/token",
                changed({{"grant_type", "refresh_token"},
                         {"client_id", "app"},
                         {"refresh_token", token},
                         {"scope", kScope}},
                        changes));
  }
  std::string issue(const nlohmann::json& properties) {
    Request ask = Bench::request("/_sim/tokens");
    ask.method = "POST";
    ask.body = nlohmann::json({{"issue", properties}}).dump();
    return parsed(control(ask, bench.world)).at("refresh_token").get<std::string>();
  }

  static nlohmann::json parsed(const Response& response) {
    return nlohmann::json::parse(response.body, nullptr, false);
  }
  // "400 invalid_grant 70000", or "200" of an answer with tokens.
  static std::string verdict(const Response& response) {
    const nlohmann::json body = parsed(response);
    std::string out = std::to_string(response.status);
    if (body.contains("error")) {
      out.append(" ").append(body["error"].get<std::string>());
      for (const auto& number : body["error_codes"]) out.append(" ").append(number.dump());
    }
    return out;
  }
  static nlohmann::json claims(const nlohmann::json& token) {
    const auto text = token.get<std::string>();
    const auto first = text.find('.');
    return nlohmann::json::parse(
        *base64_decode(text.substr(first + 1, text.rfind('.') - first - 1)));
  }

  Bench& bench;
};

}  // namespace simulator
