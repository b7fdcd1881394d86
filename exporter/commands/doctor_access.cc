#include "exporter/commands/doctor_access.h"

#include <utility>

#include "exporter/base/utc_text.h"
#include "exporter/commands/doctor_advice.h"

namespace pce {
namespace {

using std::chrono::minutes;

// Tokens are dated back by five minutes.
constexpr minutes kAheadMax{15};
constexpr minutes kBehindMax{2};
constexpr std::chrono::days kEndsSoon{14};

constexpr const char* kScope = "user_impersonation";
constexpr const char* kSignInWithMfa =
    "sign in again with multi-factor authentication: partner_center_exporter login";

std::string client_text(const AccessTokenClaims& claims) {
  if (claims.application_authentication == "0") return "public client";
  if (claims.application_authentication == "1") return "client with a secret";
  if (claims.application_authentication == "2") return "client with a certificate or assertion";
  return "client";
}

std::optional<std::string> clock_complaint(const AccessTokenClaims& claims, WallTime now) {
  if (!claims.issued) return std::nullopt;
  const WallTime issued{std::chrono::seconds(*claims.issued)};
  const auto text = [](auto difference) {
    return std::to_string(std::chrono::round<minutes>(difference).count()) + " min";
  };
  if (now - issued > kAheadMax) return text(now - issued) + " ahead of";
  if (issued - now > kBehindMax) return text(issued - now) + " behind";
  return std::nullopt;
}

void warn(Finding& finding, const std::string& detail, const std::string& fix) {
  finding.verdict = StepVerdict::kWarning;
  finding.detail += (finding.detail.empty() ? "" : "; ") + detail;
  if (finding.fix.empty()) finding.fix = fix;
}

bool is_about_consent(const Error& error) {
  return is_about_the_token(error.kind) || error.kind == ErrorKind::kForbidden ||
         error.kind == ErrorKind::kSettings;
}

Finding consent_by(const std::optional<AccessTokenClaims>& claims, bool answered) {
  if (!claims) {
    if (answered) return {.detail = "Partner Center takes the token, which cannot be read here"};
    return {.verdict = StepVerdict::kSkipped, .detail = "the token does not tell"};
  }
  Finding finding{.detail = claims->has_scope(kScope)
                                ? std::string("the token has the scope ") + kScope
                                : "the token has the scope \"" + claims->scopes + "\""};
  if (answered) finding.detail += ", and its user may read customers";
  return finding;
}

// `said`: by Partner Center, else by the token itself.
Finding mfa_by(std::optional<bool> said) {
  if (!said) return {.verdict = StepVerdict::kSkipped, .detail = "nobody tells"};
  if (*said) return {.detail = "the sign-in had multi-factor authentication"};
  Finding finding;
  warn(finding,
       "the sign-in had no multi-factor authentication; Partner Center is going to refuse it",
       kSignInWithMfa);
  return finding;
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

Finding list_finding(const CustomerList& list) {
  Finding finding{.detail = counted(list.customers.size(), "customer") + " on " +
                            counted(list.pages, "page")};
  if (list.customers.empty()) {
    warn(finding, "a partner without customers is rare",
         "check that tenant_id is the tenant of the partner, and that its integration user sees "
         "customers in Partner Center");
  }
  std::size_t rejected = 0;
  for (const auto& [reason, number] : list.rejected) rejected += number;
  if (rejected > 0) {
    warn(finding, counted(rejected, "entry") + " could not be read",
         "those customers are not shown; please report what Partner Center sends");
  }
  return finding;
}

}  // namespace

TokenLook look_at_token(Account& account, WallTime now) {
  const auto proof = account.credential().check(now);
  if (!proof) return {failed(proof.error())};
  if (const Status begun = account.entra().begin(); !begun) return {failed(begun.error())};
  const auto token = account.tokens().access_token({});
  if (!token) {
    Finding finding = failed(token.error());
    if (*proof) finding.detail = **proof + "; " + finding.detail;
    return {std::move(finding)};
  }

  TokenLook look{.claims = access_token_claims(*token)};
  Finding& finding = look.finding;
  if (look.claims) {
    finding.detail = client_text(*look.claims);
    if (!look.claims->user.empty()) finding.detail += ", signed in as " + look.claims->user;
  } else {
    finding.detail = "a token of a form that cannot be read here";
  }
  const CredentialEnds ends = account.entra().ends();
  if (ends.refresh_token) {
    finding.detail += ", refresh token good until " + utc_day(*ends.refresh_token);
    if (*ends.refresh_token - now < kEndsSoon) {
      warn(finding, "which is soon, and Microsoft sends no newer one",
           "sign in again: partner_center_exporter login");
    }
  }
  if (*proof) {
    warn(finding, **proof, "put a certificate there that is valid today");
  } else if (ends.client_certificate && *ends.client_certificate - now < kEndsSoon) {
    warn(finding, "the client certificate ends on " + utc_day(*ends.client_certificate),
         "add a new certificate to the app registration, then put it into client_certificate_file");
  }
  if (!ends.refresh_token_stored) {
    warn(finding, "the renewed refresh token could not be stored",
         "make the folder of refresh_token_file writable for the user who runs this");
  }
  if (look.claims) {
    if (const auto complaint = clock_complaint(*look.claims, now)) {
      warn(finding, "this machine's clock is " + *complaint + " the sign-in service's",
           "set this machine's clock, for example by NTP");
    }
  }
  return look;
}

AccessLook look_at_access(Account& account, PartnerCenterClient& client,
                          const std::optional<AccessTokenClaims>& claims,
                          const std::string& correlation_id) {
  AccessLook look{.customers = read_customer_list(client, correlation_id, {})};
  const std::optional<Error>& failure = look.customers.failure;
  const bool answered = !failure || look.customers.pages > 0;
  const Finding skipped{.verdict = StepVerdict::kSkipped};
  if (failure && failure->kind == ErrorKind::kMfaMissing) {
    look.consent = consent_by(claims, false);
    look.mfa = failed(*failure);
    look.list = skipped;
  } else if (failure && is_about_consent(*failure)) {
    look.consent = failed(*failure);
    look.mfa = look.list = skipped;
  } else {
    look.consent = consent_by(claims, answered);
    look.mfa = mfa_by(account.tokens().status().mfa_compliant);
    look.list = failure ? failed(*failure) : list_finding(look.customers);
  }
  return look;
}

}  // namespace pce
