#include "tests/simulator/tokens.h"

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

TokenMint::TokenMint(std::string initial_refresh_token)
    : initial_(std::move(initial_refresh_token)) {}

std::string TokenMint::issue(const AccessToken& token, Instant now) {
  std::uint64_t generation = 0;
  std::uint64_t serial = 0;
  {
    const std::scoped_lock lock(mutex_);
    generation = access_generation_;
    serial = ++issued_;
  }
  nlohmann::ordered_json claims;
  claims["aud"] = token.audience;
  claims["iss"] = "https://sts.windows.net/" + token.tenant + "/";
  claims["iat"] = seconds_of(now);
  claims["nbf"] = seconds_of(now);
  claims["exp"] = seconds_of(token.expires);
  if (token.user) {
    claims["amr"] = token.mfa ? json::array({"pwd", "mfa"}) : json::array({"pwd"});
    claims["scp"] = "user_impersonation";
    claims["upn"] = "exporter@simulated.example";
  } else {
    claims["idtyp"] = "app";
  }
  claims["appid"] = token.client;
  claims["tid"] = token.tenant;
  claims["ver"] = "1.0";
  claims["sim_serial"] = serial;
  claims["sim_generation"] = generation;
  claims["sim_expires_ms"] = token.expires.time_since_epoch().count();
  const std::string text =
      base64url(R"({"typ":"JWT","alg":"none","kid":"simulated"})") + "." + base64url(claims.dump());
  return text + "." + checksum(text);
}

std::string TokenMint::identify(const AccessToken& token, Instant now) const {
  nlohmann::ordered_json claims;
  claims["aud"] = token.client;
  claims["iss"] = "https://sts.windows.net/" + token.tenant + "/";
  claims["iat"] = seconds_of(now);
  claims["exp"] = seconds_of(token.expires);
  claims["tid"] = token.tenant;
  claims["upn"] = "exporter@simulated.example";
  claims["ver"] = "1.0";
  return base64url(R"({"typ":"JWT","alg":"none"})") + "." + base64url(claims.dump()) + ".";
}

std::pair<TokenState, AccessToken> TokenMint::inspect(std::string_view authorization,
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
  token.user = !claims.contains("idtyp");
  token.tenant = claims.value("tid", "");
  token.audience = claims.value("aud", "");
  token.client = claims.value("appid", "");
  token.mfa = claims.contains("amr") && claims["amr"].size() == 2;
  token.expires =
      Instant(std::chrono::milliseconds(claims.value("sim_expires_ms", std::int64_t{0})));
  {
    const std::scoped_lock lock(mutex_);
    if (claims.value("sim_generation", std::uint64_t{0}) < access_generation_) {
      return {TokenState::kRevoked, token};
    }
  }
  return {token.expires <= now ? TokenState::kExpired : TokenState::kGood, token};
}

// The same for the same initial token, so that a restarted simulator knows the tokens of the former
// one.
std::string TokenMint::refresh_prefix(std::uint64_t generation) const {
  return fmt::format("1.SIM-REFRESH.{:016x}.{}.", hash_text(initial_, 0x2EFULL), generation);
}

std::string TokenMint::next_refresh_token() {
  const std::scoped_lock lock(mutex_);
  ++issued_;
  return refresh_prefix(refresh_generation_) + fmt::format("{:016x}", mix(issued_));
}

TokenMint::Refresh TokenMint::check_refresh_token(std::string_view token) const {
  const std::scoped_lock lock(mutex_);
  if (token.empty()) return Refresh::kUnknown;
  if (token.starts_with(refresh_prefix(refresh_generation_))) return Refresh::kGood;
  if (token.starts_with("1.SIM-REFRESH.")) {
    for (std::uint64_t old = 0; old < refresh_generation_; ++old) {
      if (token.starts_with(refresh_prefix(old))) return Refresh::kRevoked;
    }
    return Refresh::kUnknown;
  }
  if (!initial_.empty() && token != initial_) return Refresh::kUnknown;
  return refresh_generation_ > 0 ? Refresh::kRevoked : Refresh::kGood;
}

void TokenMint::revoke_access_tokens() {
  const std::scoped_lock lock(mutex_);
  ++access_generation_;
}
void TokenMint::revoke_refresh_tokens() {
  const std::scoped_lock lock(mutex_);
  ++refresh_generation_;
}
void TokenMint::reset() {
  const std::scoped_lock lock(mutex_);
  access_generation_ = refresh_generation_ = 0;
}

}  // namespace simulator
