#include "exporter/identity/token_decision.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum TokenState;

// When the next try is.
enum class Next {
  kBackOff,     // 10 s, doubling to 5 min, give or take a fifth
  kSoon,        // 1 s, then kBackOff
  kLoop,        // 2, 5, 15 min
  kTenSeconds,  // 10 s
  kWhenAsked,   // what Retry-After says, else 60 s, and up to a fifth more
  kFive,        // 5 min
  kQuarter,     // 15 min
  kHuman,       // 15 min, doubling to 1 h
  kHour,        // 1 h
  kNever        // nothing has to be tried
};

struct Rule {
  TokenRow row;
  TokenState state;
  Next next;
  std::string_view reason;
  std::string_view next_step = "";
};

// In the order of TokenRow.
constexpr std::array kRules{
    Rule{TokenRow::kNoToken, kDegraded, Next::kBackOff, "no_token",
         "check the sign-in address and a proxy in between"},
    Rule{TokenRow::kLoop, kDegraded, Next::kLoop, "loop"},
    Rule{TokenRow::kSignIn, kNeedsLogin, Next::kHuman, "sign_in"},
    Rule{TokenRow::kNewCertificate, kDegraded, Next::kTenSeconds, "new_certificate"},
    Rule{TokenRow::kClient, kMisconfigured, Next::kHuman, "client"},
    Rule{TokenRow::kRequest, kMisconfigured, Next::kHour, "request"},
    Rule{TokenRow::kUnknownWord, kMisconfigured, Next::kQuarter, "unknown_error"},
    Rule{TokenRow::kThrottled, kDegraded, Next::kWhenAsked, "throttled"},
    Rule{TokenRow::kServiceFails, kDegraded, Next::kSoon, "service"},
    Rule{TokenRow::kRedirect, kDegraded, Next::kBackOff, "redirect"},
    Rule{TokenRow::kNoAnswer, kDegraded, Next::kBackOff, "no_answer",
         "check DNS, the network and a proxy in between"},
    Rule{TokenRow::kTls, kDegraded, Next::kBackOff, "tls",
         "no token is sent where the server cannot be verified; check the certificate authorities "
         "this machine trusts, a proxy that opens TLS, and the clock"},
    Rule{TokenRow::kProxy, kDegraded, Next::kBackOff, "proxy",
         "a proxy or gateway answered in place of the sign-in service"},
    Rule{TokenRow::kNotSignedIn, kNeedsLogin, Next::kHuman, "not_signed_in"},
    Rule{TokenRow::kOwnSettings, kMisconfigured, Next::kHuman, "settings"},
    Rule{TokenRow::kOwnMachine, kDegraded, Next::kBackOff, "own_machine"},
    Rule{TokenRow::kMfaWarning, kDegraded, Next::kNever, "mfa_warning",
         "the sign-in had no multi-factor authentication, and Partner Center will refuse it; sign "
         "in again with it"},
    Rule{TokenRow::kMfaMissing, kNeedsLogin, Next::kHuman, "mfa"},
    Rule{TokenRow::kWrongAudience, kMisconfigured, Next::kHour, "audience"},
    Rule{TokenRow::kAppOnly, kNeedsLogin, Next::kHuman, "app_only"},
    Rule{TokenRow::kTokenRefused, kDegraded, Next::kFive, "token_refused",
         "a new access token did not help; it is tried again"},
    Rule{
        TokenRow::kStillRefused, kNeedsLogin, Next::kHuman, "token_still_refused",
        "new access tokens do not help; check endpoints.resource and cloud (the token's audience), "
        "tenant_id, and the role of the integration user, then sign in again"},
    Rule{TokenRow::kClaims, kNeedsLogin, Next::kHuman, "claims"},
    Rule{TokenRow::kRole, kMisconfigured, Next::kHour, "role",
         "Partner Center refuses everything that is not about one customer: check the role of the "
         "integration user; a new role takes up to an hour"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules.at(i).row) != i) return false;
  }
  return true;
}
static_assert(in_order() && kRules.size() == static_cast<std::size_t>(TokenRow::kRole) + 1);

constexpr std::string_view kLoopCode = "AADSTS50196";
constexpr std::string_view kSignatureCode = "AADSTS700027";
constexpr minutes kCertificateIsNew{5};
constexpr int kTriesOfANewCertificate = 3;
constexpr int kRoundsOfRefusals = 3;

bool is_request_word(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kWords{"invalid_scope", "invalid_resource",
                                                          "invalid_request", "unauthorized_client",
                                                          "unsupported_grant_type"};
  return std::ranges::find(kWords, word) != kWords.end();
}

bool client_is_refused_for_its_new_certificate(const Error& failure,
                                               const std::optional<TokenDecision>& before,
                                               milliseconds inputs_changed) {
  if (failure.api_code != kSignatureCode || inputs_changed >= kCertificateIsNew) return false;
  return !before || before->row != TokenRow::kNewCertificate ||
         before->of_row < kTriesOfANewCertificate;
}

TokenRow row_of(const Error& failure, const std::optional<TokenDecision>& before,
                milliseconds inputs_changed) {
  switch (failure.kind) {
    case ErrorKind::kThrottled:
      return failure.api_code == kLoopCode ? TokenRow::kLoop : TokenRow::kThrottled;
    case ErrorKind::kUnauthorized:
      return failure.http_status == 0 ? TokenRow::kNotSignedIn : TokenRow::kSignIn;
    case ErrorKind::kSettings:
      if (failure.http_status == 0) return TokenRow::kOwnSettings;
      if (client_is_refused_for_its_new_certificate(failure, before, inputs_changed))
        return TokenRow::kNewCertificate;
      if (failure.api_word == "invalid_client") return TokenRow::kClient;
      return is_request_word(failure.api_word) ? TokenRow::kRequest : TokenRow::kUnknownWord;
    case ErrorKind::kUpstream:
      return TokenRow::kServiceFails;
    case ErrorKind::kRejected:
      return failure.http_status >= 300 && failure.http_status < 400 ? TokenRow::kRedirect
                                                                     : TokenRow::kProxy;
    case ErrorKind::kDns:
    case ErrorKind::kConnect:
    case ErrorKind::kTimeout:
    case ErrorKind::kCut:
      return TokenRow::kNoAnswer;
    case ErrorKind::kTls:
      return TokenRow::kTls;
    case ErrorKind::kProxy:
      return TokenRow::kProxy;
    case ErrorKind::kMalformed:
    case ErrorKind::kTooLarge:
      return TokenRow::kNoToken;
    case ErrorKind::kMfaMissing:
    case ErrorKind::kWrongAudience:
    case ErrorKind::kAppOnly:
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kCancelled:
    case ErrorKind::kInternal:
      return TokenRow::kOwnMachine;
  }
  return TokenRow::kOwnMachine;
}

TokenRow row_of_refusal(const Error& refusal, const std::optional<TokenDecision>& before) {
  if (refusal.kind == ErrorKind::kMfaMissing) return TokenRow::kMfaMissing;
  if (refusal.kind == ErrorKind::kWrongAudience) return TokenRow::kWrongAudience;
  if (refusal.kind == ErrorKind::kAppOnly) return TokenRow::kAppOnly;
  if (refusal.kind == ErrorKind::kForbidden) return TokenRow::kRole;
  if (refusal.api_word == "insufficient_claims") return TokenRow::kClaims;
  const bool often_enough =
      before &&
      (before->row == TokenRow::kStillRefused ||
       (before->row == TokenRow::kTokenRefused && before->of_row + 1 >= kRoundsOfRefusals));
  return often_enough ? TokenRow::kStillRefused : TokenRow::kTokenRefused;
}

milliseconds doubled(milliseconds first, int times, milliseconds longest) {
  milliseconds wait = first;
  for (int i = 0; i < times && wait < longest; ++i) wait = std::min(2 * wait, longest);
  return wait;
}

milliseconds scaled(milliseconds wait, double by) {
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * by));
}

milliseconds wait_of(Next next, const TokenDecision& counts, const Error& failure,
                     double random01) {
  const milliseconds asked = failure.retry_after.value_or(milliseconds(0));
  const auto back_off = [&](int times) {
    return std::max(asked, scaled(doubled(seconds(10), times, minutes(5)), 0.8 + 0.4 * random01));
  };
  switch (next) {
    case Next::kBackOff:
      return back_off(counts.failures - 1);
    case Next::kSoon:
      return counts.failures == 1 ? std::max<milliseconds>(asked, seconds(1))
                                  : back_off(counts.failures - 2);
    case Next::kLoop:
      return counts.of_row == 1 ? minutes(2) : counts.of_row == 2 ? minutes(5) : minutes(15);
    case Next::kTenSeconds:
      return seconds(10);
    case Next::kWhenAsked:
      return scaled(failure.retry_after.value_or(seconds(60)), 1 + 0.2 * random01);
    case Next::kFive:
      return minutes(5);
    case Next::kQuarter:
      return minutes(15);
    case Next::kHuman:
      return doubled(minutes(15), counts.of_row - 1, minutes(60));
    case Next::kHour:
      return minutes(60);
    case Next::kNever:
      return milliseconds(0);
  }
  return minutes(5);
}

TokenDecision decision(TokenRow row, const Error& failure,
                       const std::optional<TokenDecision>& before, double random01) {
  const Rule& rule = kRules.at(static_cast<std::size_t>(row));
  TokenDecision made{.row = row,
                     .state = rule.state,
                     .reason = rule.reason,
                     .next_step = rule.next_step,
                     .wait = {}};
  if (before) {
    made.failures = before->failures + 1;
    if (before->row == row) made.of_row = before->of_row + 1;
  }
  made.wait = wait_of(rule.next, made, failure, random01);
  return made;
}

}  // namespace

const char* name_of(TokenState state) {
  switch (state) {
    case kStarting:
      return "starting";
    case kOk:
      return "ok";
    case kDegraded:
      return "degraded";
    case kNeedsLogin:
      return "needs_login";
    case kMisconfigured:
      return "misconfigured";
  }
  return "degraded";
}

TokenDecision decide(const Error& failure, const std::optional<TokenDecision>& before,
                     milliseconds inputs_changed, double random01) {
  return decision(row_of(failure, before, inputs_changed), failure, before, random01);
}

TokenDecision decide_on_refusal(const Error& refusal, const std::optional<TokenDecision>& before) {
  return decision(row_of_refusal(refusal, before), refusal, before, 0);
}

TokenDecision mfa_warning() { return decision(TokenRow::kMfaWarning, {}, std::nullopt, 0); }

}  // namespace pce
