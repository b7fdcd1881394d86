#include "tests/simulator/authorization_codes.h"

#include <fmt/format.h>

#include "tests/simulator/certificate.h"
#include "tests/simulator/text.h"

namespace simulator {
namespace {

// So that a code that was used or is too old is told apart from one that never was.
constexpr std::chrono::hours kRemembered{24};

// "http://localhost:5000" and "http://localhost:5000/" are the same address.
std::string_view without_slash(std::string_view uri) {
  if (uri.ends_with('/')) uri.remove_suffix(1);
  return uri;
}

}  // namespace

bool proves_possession(const AuthorizationRequest& asked, const std::string& verifier) {
  if (asked.challenge.empty()) return true;
  if (verifier.empty()) return false;
  return asked.challenge == (asked.s256 ? base64url(sha256(verifier)) : verifier);
}

std::string AuthorizationCodes::issue(const Grant& grant, const AuthorizationRequest& asked,
                                      Instant now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(codes_, [&](const auto& one) { return one.second.issued + kRemembered < now; });
  const std::uint64_t number = hash_text(
      grant.user, mix(static_cast<std::uint64_t>(now.time_since_epoch().count()) + codes_.size()));
  std::string code = fmt::format("1.SIM-CODE.{:016x}{:016x}", number, mix(number));
  codes_[code] = {grant, asked, now, false};
  return code;
}

AuthorizationCodes::Outcome AuthorizationCodes::redeem(const std::string& code,
                                                       const Redemption& redemption,
                                                       std::chrono::milliseconds lifetime,
                                                       Instant now) {
  const std::scoped_lock lock(mutex_);
  const auto found = codes_.find(code);
  if (found == codes_.end()) return {70000, {}, {}};
  Code& known = found->second;
  if (!same_text(known.grant.client, redemption.client)) return {70000, {}, {}};
  if (!same_text(known.grant.tenant, redemption.tenant)) return {700005, {}, {}};
  if (known.used) return {54005, {}, {}};
  if (now - known.issued >= lifetime) return {70008, {}, {}};
  if (without_slash(known.asked.redirect_uri) != without_slash(redemption.redirect_uri))
    return {500112, {}, {}};
  if (!proves_possession(known.asked, redemption.verifier)) return {501481, {}, {}};
  known.used = true;
  return {0, known.grant, known.asked};
}

void AuthorizationCodes::reset() {
  const std::scoped_lock lock(mutex_);
  codes_.clear();
}

}  // namespace simulator
