#include "tests/simulator/access_tokens.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;

std::string checksum(std::string_view signed_part) {
  return fmt::format("{:016x}", hash_text(signed_part, 0x70CE2ULL));
}

std::int64_t seconds_of(Instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

// Names are foreign bytes: what is not UTF-8 is replaced.
std::string spelt(const nlohmann::ordered_json& claims) {
  return claims.dump(-1, ' ', false, json::error_handler_t::replace);
}
std::string object_id(std::string_view name) { return guid_from(hash_text(ascii_lower(name))); }
std::string subject_of(const AccessToken& token) {
  return base64url(
      fmt::format("{:016x}", hash_text(token.client, hash_text(ascii_lower(token.user)))));
}
std::string name_of_user(std::string_view user) {
  return std::string(user.substr(0, user.find('@')));
}

}  // namespace

std::string_view name_of(TokenState state) {
  switch (state) {
    case TokenState::kNone:
      return "none";
    case TokenState::kForeign:
      return "foreign";
    case TokenState::kRevoked:
      return "revoked";
    case TokenState::kExpired:
      return "expired";
    case TokenState::kGood:
      return "good";
  }
  return "";
}

std::string AccessTokens::issue(const AccessToken& token, Instant now) {
  std::uint64_t generation = 0;
  std::uint64_t serial = 0;
  {
    const std::scoped_lock lock(mutex_);
    generation = generation_;
    serial = ++issued_;
  }
  nlohmann::ordered_json claims;
  claims["aud"] = token.audience;
  claims["iss"] = "https://sts.windows.net/" + token.tenant + "/";
  claims["iat"] = seconds_of(now);
  claims["nbf"] = seconds_of(now);
  claims["exp"] = seconds_of(token.expires);
  if (token.user_token) {
    claims["acr"] = "1";
    claims["amr"] = token.mfa ? json::array({"pwd", "mfa"}) : json::array({"pwd"});
  }
  claims["appid"] = token.client;
  claims["appidacr"] = fmt::format("{}", token.proof);
  if (token.user_token) {
    claims["name"] = name_of_user(token.user);
  } else {
    claims["idtyp"] = "app";
  }
  claims["oid"] = object_id(token.user_token ? token.user : token.client);
  if (token.user_token) claims["scp"] = "user_impersonation";
  claims["sub"] = subject_of(token);
  claims["tid"] = token.tenant;
  if (token.user_token) {
    claims["unique_name"] = token.user;
    claims["upn"] = token.user;
  }
  claims["uti"] = base64url(fmt::format("{:016x}", mix(serial)));
  claims["ver"] = "1.0";
  claims["sim_serial"] = serial;
  claims["sim_generation"] = generation;
  claims["sim_expires_ms"] = token.expires.time_since_epoch().count();
  const std::string text =
      base64url(R"({"typ":"JWT","alg":"none","kid":"simulated"})") + "." + base64url(spelt(claims));
  return text + "." + checksum(text);
}

std::string AccessTokens::identify(const AccessToken& token, int version, const std::string& nonce,
                                   Instant now) const {
  nlohmann::ordered_json claims;
  claims["aud"] = token.client;
  claims["iss"] = version == 2 ? "https://login.microsoftonline.com/" + token.tenant + "/v2.0"
                               : "https://sts.windows.net/" + token.tenant + "/";
  claims["iat"] = seconds_of(now);
  claims["nbf"] = seconds_of(now);
  claims["exp"] = seconds_of(token.expires);
  claims["name"] = name_of_user(token.user);
  if (!nonce.empty()) claims["nonce"] = nonce;
  claims["oid"] = object_id(token.user);
  claims["sub"] = subject_of(token);
  claims["tid"] = token.tenant;
  if (version == 2) {
    claims["preferred_username"] = token.user;
  } else {
    claims["amr"] = token.mfa ? json::array({"pwd", "mfa"}) : json::array({"pwd"});
    claims["unique_name"] = token.user;
    claims["upn"] = token.user;
  }
  claims["ver"] = version == 2 ? "2.0" : "1.0";
  return base64url(R"({"typ":"JWT","alg":"none"})") + "." + base64url(spelt(claims)) + ".";
}

std::pair<TokenState, AccessToken> AccessTokens::inspect(std::string_view authorization,
                                                         Instant now) const {
  AccessToken token;
  if (authorization.empty()) return {TokenState::kNone, token};
  if (authorization.size() < 7 || !same_text(authorization.substr(0, 7), "bearer ")) {
    return {TokenState::kForeign, token};
  }
  const std::string_view text = authorization.substr(7);
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == std::string_view::npos || first == last) return {TokenState::kForeign, token};
  if (checksum(text.substr(0, last)) != text.substr(last + 1)) return {TokenState::kForeign, token};
  const auto payload = base64_decode(text.substr(first + 1, last - first - 1));
  const json claims = payload ? json::parse(*payload, nullptr, false) : json();
  if (!claims.is_object()) return {TokenState::kForeign, token};
  token.user_token = !claims.contains("idtyp");
  token.tenant = claims.value("tid", "");
  token.audience = claims.value("aud", "");
  token.client = claims.value("appid", "");
  token.user = claims.value("upn", "");
  token.mfa = claims.contains("amr") && claims["amr"].size() == 2;
  token.expires =
      Instant(std::chrono::milliseconds(claims.value("sim_expires_ms", std::int64_t{0})));
  {
    const std::scoped_lock lock(mutex_);
    if (claims.value("sim_generation", std::uint64_t{0}) < generation_) {
      return {TokenState::kRevoked, token};
    }
  }
  return {token.expires <= now ? TokenState::kExpired : TokenState::kGood, token};
}

void AccessTokens::revoke() {
  const std::scoped_lock lock(mutex_);
  ++generation_;
}
void AccessTokens::reset() {
  const std::scoped_lock lock(mutex_);
  generation_ = 0;
}

}  // namespace simulator
