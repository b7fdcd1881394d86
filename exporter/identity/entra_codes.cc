#include "exporter/identity/entra_codes.h"

#include <algorithm>
#include <array>

namespace pce {
namespace {

constexpr const char* kLogin = "sign in again: partner_center_exporter login";
constexpr const char* kPolicy =
    "a Conditional Access policy stands in the way: let an administrator look at the sign-in log, "
    "then sign in again: "
    "partner_center_exporter login";
constexpr const char* kConsent =
    "the consent is missing: let an administrator grant the permission user_impersonation of "
    "Microsoft Partner Center, "
    "then run partner_center_exporter login";
constexpr const char* kUser =
    "the integration user is disabled, locked or unknown: correct that account, then sign in again";
constexpr const char* kWrongUser =
    "the user or the application belongs to another tenant: check tenant_id, then sign in again";
constexpr const char* kSecret =
    "the client secret is wrong: put the secret's value (not its id) into client_secret_file";
constexpr const char* kApp =
    "check client_id and tenant_id, and that the application is enabled in that tenant";
constexpr const char* kTenant = "check tenant_id and cloud";
constexpr const char* kPermission =
    "add the delegated permission user_impersonation of Microsoft Partner Center to the "
    "application";
constexpr const char* kAssertion =
    "check the certificate or federated token registered for the application, and this machine's "
    "clock";
constexpr const char* kWait = "nothing to do: it is tried again later";
constexpr const char* kBug = "the request itself is faulty: please report this";

constexpr auto kHuman = ErrorKind::kUnauthorized;
constexpr auto kOperator = ErrorKind::kSettings;

constexpr std::array kCodes{
    AadstsCode{50196, ErrorKind::kThrottled, kWait},
    AadstsCode{90055, ErrorKind::kThrottled, kWait},
    AadstsCode{50166, ErrorKind::kThrottled, kWait},
    AadstsCode{50088, ErrorKind::kThrottled, kWait},
    AadstsCode{50033, ErrorKind::kUpstream, kWait},
    AadstsCode{50087, ErrorKind::kUpstream, kWait},
    AadstsCode{90006, ErrorKind::kUpstream, kWait},
    AadstsCode{90012, ErrorKind::kUpstream, kWait},
    AadstsCode{90024, ErrorKind::kUpstream, kWait},
    AadstsCode{90033, ErrorKind::kUpstream, kWait},
    AadstsCode{90090, ErrorKind::kUpstream, kWait},
    AadstsCode{90091, ErrorKind::kUpstream, kWait},
    AadstsCode{80014, ErrorKind::kUpstream, kWait},
    AadstsCode{50000, ErrorKind::kUpstream, kWait},
    AadstsCode{90036, ErrorKind::kUpstream, kWait},
    AadstsCode{90092, ErrorKind::kUpstream, kWait},
    AadstsCode{50076, kHuman,
               "sign in again with multi-factor authentication: partner_center_exporter login"},
    AadstsCode{50074, kHuman,
               "sign in again with multi-factor authentication: partner_center_exporter login"},
    AadstsCode{50072, kHuman,
               "register the integration user for multi-factor authentication, then sign in again"},
    AadstsCode{50079, kHuman,
               "register the integration user for multi-factor authentication, then sign in again"},
    AadstsCode{50078, kHuman,
               "the multi-factor sign-in is too old for the policy; sign in again: "
               "partner_center_exporter login"},
    AadstsCode{70043, kHuman,
               "the sign-in frequency policy ended the token; sign in again: "
               "partner_center_exporter login"},
    AadstsCode{70008, kHuman,
               "the refresh token expired unused; sign in again: partner_center_exporter login"},
    AadstsCode{700082, kHuman,
               "the refresh token expired unused; sign in again: partner_center_exporter login"},
    AadstsCode{50173, kHuman,
               "the refresh token was revoked; sign in again: partner_center_exporter login"},
    AadstsCode{50132, kHuman,
               "the password was changed; sign in again: partner_center_exporter login"},
    AadstsCode{50133, kHuman, "the password expired; sign in again: partner_center_exporter login"},
    AadstsCode{50089, kHuman, kLogin},
    AadstsCode{70000, kHuman,
               "the refresh token file holds no token of this application; sign in again: "
               "partner_center_exporter login"},
    AadstsCode{50057, kHuman, kUser},
    AadstsCode{50053, kHuman, kUser},
    AadstsCode{50055, kHuman, kUser},
    AadstsCode{50144, kHuman, kUser},
    AadstsCode{50034, kHuman, kUser},
    AadstsCode{53000, kHuman, kPolicy},
    AadstsCode{53001, kHuman, kPolicy},
    AadstsCode{53002, kHuman, kPolicy},
    AadstsCode{53003, kHuman, kPolicy},
    AadstsCode{530032, kHuman, kPolicy},
    AadstsCode{530035, kHuman, kPolicy},
    AadstsCode{50005, kHuman, kPolicy},
    AadstsCode{50097, kHuman, kPolicy},
    AadstsCode{50129, kHuman, kPolicy},
    AadstsCode{50131, kHuman, kPolicy},
    AadstsCode{53011, kHuman, kPolicy},
    AadstsCode{65001, kHuman, kConsent},
    AadstsCode{65004, kHuman, kConsent},
    AadstsCode{90094, kHuman, kConsent},
    AadstsCode{90095, kHuman, kConsent},
    AadstsCode{50105, kHuman, "assign the integration user to the application, then sign in again"},
    AadstsCode{50020, kHuman, kWrongUser},
    AadstsCode{50177, kHuman, kWrongUser},
    AadstsCode{90072, kHuman, kWrongUser},
    AadstsCode{700084, kOperator,
               "register another redirect type than single-page application, then sign in again"},
    AadstsCode{70002, kOperator, kSecret},
    AadstsCode{7000215, kOperator, kSecret},
    AadstsCode{
        7000222, kOperator,
        "the client secret expired: make a new one and put its value into client_secret_file"},
    AadstsCode{
        7000218, kOperator,
        "the application is confidential: set client_secret_file, or allow public client flows"},
    AadstsCode{700025, kOperator, "the application is a public client: remove client_secret_file"},
    AadstsCode{700027, kOperator, kAssertion},
    AadstsCode{50012, kOperator, kAssertion},
    AadstsCode{700030, kOperator, kAssertion},
    AadstsCode{500133, kOperator, kAssertion},
    AadstsCode{50027, kOperator, kAssertion},
    AadstsCode{700021, kOperator, kAssertion},
    AadstsCode{700023, kOperator, kAssertion},
    AadstsCode{700024, kOperator, kAssertion},
    AadstsCode{700213, kOperator, kAssertion},
    AadstsCode{700016, kOperator, kApp},
    AadstsCode{70001, kOperator, kApp},
    AadstsCode{700011, kOperator, kApp},
    AadstsCode{7000112, kOperator, kApp},
    AadstsCode{7000229, kOperator, kApp},
    AadstsCode{500011, kOperator, kPermission},
    AadstsCode{50001, kOperator, kPermission},
    AadstsCode{650052, kOperator, kPermission},
    AadstsCode{650056, kOperator, kPermission},
    AadstsCode{650057, kOperator, kPermission},
    AadstsCode{65005, kOperator, kPermission},
    AadstsCode{90002, kOperator, kTenant},
    AadstsCode{90038, kOperator, kTenant},
    AadstsCode{900382, kOperator, kTenant},
    AadstsCode{900432, kOperator, kTenant},
    AadstsCode{90051, kOperator, kTenant},
    AadstsCode{50049, kOperator, kTenant},
    AadstsCode{50194, kOperator, kTenant},
    AadstsCode{9001023, kOperator, kTenant},
    AadstsCode{90124, kOperator, kTenant},
    AadstsCode{90130, kOperator, kTenant},
    AadstsCode{90019, kOperator, kTenant},
    AadstsCode{50059, kOperator, kTenant},
    AadstsCode{70011, kOperator, kPermission},
    AadstsCode{28002, kOperator, kPermission},
    AadstsCode{28003, kOperator, kPermission},
    AadstsCode{700022, kOperator, kPermission},
    AadstsCode{900144, kOperator, kBug},
    AadstsCode{90014, kOperator, kBug},
    AadstsCode{9002313, kOperator, kBug},
    AadstsCode{90004, kOperator, kBug},
    AadstsCode{90023, kOperator, kBug},
    AadstsCode{90100, kOperator, kBug},
    AadstsCode{901002, kOperator, kBug},
};

constexpr std::array kWords{
    OauthWord{"invalid_grant", kHuman, kLogin},
    OauthWord{"interaction_required", kHuman, kLogin},
    OauthWord{"consent_required", kHuman, kConsent},
    OauthWord{"login_required", kHuman, kLogin},
    OauthWord{"invalid_client", kOperator, "check client_id and the application's credential"},
    OauthWord{"unauthorized_client", kOperator, kApp},
    OauthWord{"invalid_scope", kOperator, kPermission},
    OauthWord{"invalid_resource", kOperator, kPermission},
    OauthWord{"invalid_request", kOperator, kBug},
    OauthWord{"unsupported_grant_type", kOperator, kBug},
    OauthWord{"access_denied", kHuman, kLogin},
    OauthWord{"temporarily_unavailable", ErrorKind::kUpstream, kWait},
    OauthWord{"server_error", ErrorKind::kUpstream, kWait},
};

}  // namespace

const AadstsCode* aadsts_code(int code) {
  const auto found = std::ranges::find(kCodes, code, &AadstsCode::code);
  return found != kCodes.end() ? &*found : nullptr;
}

const OauthWord* oauth_word(std::string_view word) {
  const auto found = std::ranges::find(kWords, word, &OauthWord::word);
  return found != kWords.end() ? &*found : nullptr;
}

}  // namespace pce
