#include "tests/simulator/refresh_tokens.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "1.SIM-REFRESH.";

std::int64_t count_of(Instant when) { return when.time_since_epoch().count(); }
Instant instant_of(std::int64_t count) { return Instant(std::chrono::milliseconds(count)); }

json to_json(const Grant& grant) {
  json out{{"t", grant.tenant},
           {"c", grant.client},
           {"u", grant.user},
           {"k", static_cast<int>(grant.kind)},
           {"f", static_cast<int>(grant.flow)},
           {"a", grant.consented}};
  if (grant.mfa) out["m"] = *grant.mfa;
  if (grant.signed_in) out["s"] = count_of(*grant.signed_in);
  return out;
}

// Only of what passed the checksum, so the members have their types.
Grant to_grant(const json& object) {
  Grant grant;
  grant.tenant = object.value("t", "");
  grant.client = object.value("c", "");
  grant.user = object.value("u", "");
  grant.kind = static_cast<ClientKind>(object.value("k", 0));
  grant.flow = static_cast<Flow>(object.value("f", 0));
  grant.consented = object.value("a", false);
  if (object.contains("m")) grant.mfa = object["m"].get<bool>();
  if (object.contains("s")) grant.signed_in = instant_of(object["s"].get<std::int64_t>());
  return grant;
}

}  // namespace

std::string_view name_of(RefreshToken::State state) {
  switch (state) {
    case RefreshToken::State::kGood:
      return "good";
    case RefreshToken::State::kUnknown:
      return "unknown";
    case RefreshToken::State::kRevoked:
      return "revoked";
    case RefreshToken::State::kExpired:
      return "expired";
  }
  return "";
}

RefreshTokens::RefreshTokens(std::string initial, const Clock& clock)
    : initial_(std::move(initial)), clock_(clock), started_(clock.now()) {}

std::string RefreshTokens::checksum(std::string_view payload) const {
  return fmt::format("{:016x}", hash_text(payload, hash_text(initial_, 0x2EFULL)));
}

std::string RefreshTokens::issue(const Grant& grant, Instant issued) {
  json content = to_json(grant);
  content["i"] = count_of(issued);
  {
    const std::scoped_lock lock(mutex_);
    content["g"] = generation_;
    content["p"] = passwords_;
    content["n"] = ++issued_;
  }
  const std::string payload =
      base64url(content.dump(-1, ' ', false, json::error_handler_t::replace));
  return std::string(kPrefix).append(payload).append(".").append(checksum(payload));
}

RefreshToken RefreshTokens::inspect(std::string_view token, std::chrono::milliseconds lifetime,
                                    ClientKind asking) const {
  using enum RefreshToken::State;
  RefreshToken out;
  if (token.empty()) return out;
  std::uint64_t generation = 0, passwords = 0;
  const std::scoped_lock lock(mutex_);
  if (token.starts_with(kPrefix)) {
    const auto dot = token.rfind('.');
    if (dot < kPrefix.size()) return out;
    const auto payload = token.substr(kPrefix.size(), dot - kPrefix.size());
    if (checksum(payload) != token.substr(dot + 1)) return out;
    const json content = json::parse(base64_decode(payload).value_or(""), nullptr, false);
    if (!content.is_object()) return out;
    out.issued_here = true;
    out.grant = to_grant(content);
    out.issued = instant_of(content.value("i", std::int64_t{0}));
    generation = content.value("g", std::uint64_t{0});
    passwords = content.value("p", std::uint64_t{0});
  } else {
    if (!initial_.empty() && token != initial_) return out;
    out.issued = started_;
  }
  const ClientKind kind = out.grant.kind == ClientKind::kUnknown ? asking : out.grant.kind;
  const bool password_changed = passwords < passwords_ && kind != ClientKind::kConfidential;
  if (generation < generation_ || password_changed) {
    out.state = kRevoked;
  } else {
    out.state = clock_.now() - out.issued >= lifetime ? kExpired : kGood;
  }
  return out;
}

void RefreshTokens::revoke() {
  const std::scoped_lock lock(mutex_);
  ++generation_;
}
void RefreshTokens::change_password() {
  const std::scoped_lock lock(mutex_);
  ++passwords_;
}
void RefreshTokens::reset() {
  const std::scoped_lock lock(mutex_);
  generation_ = passwords_ = 0;
  started_ = clock_.now();
}

}  // namespace simulator
