#include "tests/simulator/client_assertion.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;

// Between the client's clock and ours.
constexpr std::chrono::seconds kSkew{300};

// JWTs use the URL alphabet without padding, and nothing else.
std::optional<std::string> decode_part(std::string_view part) {
  if (part.empty() || part.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  return base64_decode(part);
}
json parse_part(std::string_view part) {
  return json::parse(decode_part(part).value_or(""), nullptr, false);
}
std::string text_of(const json& object, const char* name) {
  return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}
std::optional<std::int64_t> number_of(const json& object, const char* name) {
  if (!object.contains(name) || !object[name].is_number_integer()) return std::nullopt;
  return object[name].get<std::int64_t>();
}

std::optional<AssertionProblem> judge_header(const json& header, const Certificate& certificate,
                                             std::chrono::sys_seconds now) {
  const std::string algorithm = text_of(header, "alg");
  if (algorithm != "PS256" && algorithm != "RS256")
    return AssertionProblem{50027, "The JWT's alg is neither PS256 nor RS256."};
  if (header.contains("typ") && !same_text(text_of(header, "typ"), "JWT"))
    return AssertionProblem{50027, "The JWT's typ is not JWT."};
  const bool modern = algorithm == "PS256";
  const std::string name = modern ? "x5t#S256" : "x5t";
  // Padded thumbprints are in use and accepted, so the decoder of the parts would be too strict.
  const auto thumbprint = base64_decode(text_of(header, name.c_str()));
  if (thumbprint != (modern ? certificate.sha256_thumbprint() : certificate.sha1_thumbprint())) {
    return AssertionProblem{
        700027, fmt::format("The certificate of the {} of the assertion is not registered.", name)};
  }
  if (!certificate.is_valid_at(now))
    return AssertionProblem{700027, "The certificate of the client assertion is not valid now."};
  return std::nullopt;
}

std::optional<AssertionProblem> judge_claims(const json& claims, std::string_view client,
                                             std::string_view audience_ending,
                                             std::chrono::sys_seconds now) {
  if (!same_text(text_of(claims, "iss"), client) || !same_text(text_of(claims, "sub"), client)) {
    return AssertionProblem{
        700021, "Client assertion application identifier (iss, sub) is not the client_id."};
  }
  const std::string audience = text_of(claims, "aud");
  const bool address = audience.starts_with("https://") || audience.starts_with("http://");
  if (!address || !ascii_lower(audience).ends_with(ascii_lower(audience_ending))) {
    return AssertionProblem{
        700023, fmt::format("Client assertion audience '{}' is not the address of this endpoint, "
                            "which ends in '{}'.",
                            audience, audience_ending)};
  }
  const auto from = number_of(claims, "nbf");
  const auto until = number_of(claims, "exp");
  if (!from || !until) return AssertionProblem{50027, "The JWT lacks nbf or exp in whole seconds."};
  const std::int64_t at = now.time_since_epoch().count();
  const std::int64_t skew = kSkew.count();
  if (*until <= *from || at > *until + skew || at < *from - skew) {
    return AssertionProblem{700024, fmt::format("Client assertion is not within its valid time "
                                                "range. Current time: {}, valid from {} to {}.",
                                                at, *from, *until)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<AssertionProblem> judge_assertion(std::string_view assertion,
                                                const Certificate& certificate,
                                                std::string_view client,
                                                std::string_view audience_ending,
                                                std::chrono::sys_seconds now, std::string& jti) {
  const auto first = assertion.find('.');
  const auto last = assertion.rfind('.');
  if (first == std::string_view::npos || assertion.find('.', first + 1) != last || first == last)
    return AssertionProblem{50027, "The client assertion is no JWT of three parts."};
  const json header = parse_part(assertion.substr(0, first));
  const json claims = parse_part(assertion.substr(first + 1, last - first - 1));
  const auto signature = decode_part(assertion.substr(last + 1));
  if (!header.is_object() || !claims.is_object() || !signature)
    return AssertionProblem{50027, "The client assertion's parts are not base64url of JSON."};
  if (auto problem = judge_header(header, certificate, now)) return problem;
  if (!certificate.verifies(text_of(header, "alg"), assertion.substr(0, last), *signature))
    return AssertionProblem{700027, "Client assertion failed signature validation."};
  if (auto problem = judge_claims(claims, client, audience_ending, now)) return problem;
  jti = text_of(claims, "jti");
  if (jti.empty()) return AssertionProblem{50027, "The JWT lacks jti."};
  return std::nullopt;
}

bool SeenAssertions::add(const std::string& jti, std::chrono::sys_seconds now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(seen_, [&](const auto& one) { return one.second + std::chrono::hours(1) < now; });
  return seen_.emplace(jti, now).second;
}

void SeenAssertions::reset() {
  const std::scoped_lock lock(mutex_);
  seen_.clear();
}

}  // namespace simulator
