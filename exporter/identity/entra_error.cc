#include "exporter/identity/entra_error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "exporter/base/foreign_text.h"
#include "exporter/http/retry.h"
#include "exporter/json/json_document.h"

namespace pce {
namespace {

constexpr std::chrono::milliseconds kLoopPause{
    120'000};  // AADSTS50196 is reported to pass after about two minutes

struct CodeMeaning {
  int code;
  ErrorKind kind;
  const char* next_step;
};

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
    CodeMeaning{50196, ErrorKind::kThrottled, kWait},
    CodeMeaning{90055, ErrorKind::kThrottled, kWait},
    CodeMeaning{50166, ErrorKind::kThrottled, kWait},
    CodeMeaning{50088, ErrorKind::kThrottled, kWait},
    CodeMeaning{50033, ErrorKind::kUpstream, kWait},
    CodeMeaning{50087, ErrorKind::kUpstream, kWait},
    CodeMeaning{90006, ErrorKind::kUpstream, kWait},
    CodeMeaning{90012, ErrorKind::kUpstream, kWait},
    CodeMeaning{90024, ErrorKind::kUpstream, kWait},
    CodeMeaning{90033, ErrorKind::kUpstream, kWait},
    CodeMeaning{90090, ErrorKind::kUpstream, kWait},
    CodeMeaning{90091, ErrorKind::kUpstream, kWait},
    CodeMeaning{80014, ErrorKind::kUpstream, kWait},
    CodeMeaning{50000, ErrorKind::kUpstream, kWait},
    CodeMeaning{90036, ErrorKind::kUpstream, kWait},
    CodeMeaning{90092, ErrorKind::kUpstream, kWait},
    CodeMeaning{50076, kHuman,
                "sign in again with multi-factor authentication: partner_center_exporter login"},
    CodeMeaning{50074, kHuman,
                "sign in again with multi-factor authentication: partner_center_exporter login"},
    CodeMeaning{
        50072, kHuman,
        "register the integration user for multi-factor authentication, then sign in again"},
    CodeMeaning{
        50079, kHuman,
        "register the integration user for multi-factor authentication, then sign in again"},
    CodeMeaning{50078, kHuman,
                "the multi-factor sign-in is too old for the policy; sign in again: "
                "partner_center_exporter login"},
    CodeMeaning{70043, kHuman,
                "the sign-in frequency policy ended the token; sign in again: "
                "partner_center_exporter login"},
    CodeMeaning{70008, kHuman,
                "the refresh token expired unused; sign in again: partner_center_exporter login"},
    CodeMeaning{700082, kHuman,
                "the refresh token expired unused; sign in again: partner_center_exporter login"},
    CodeMeaning{50173, kHuman,
                "the refresh token was revoked; sign in again: partner_center_exporter login"},
    CodeMeaning{50132, kHuman,
                "the password was changed; sign in again: partner_center_exporter login"},
    CodeMeaning{50133, kHuman,
                "the password expired; sign in again: partner_center_exporter login"},
    CodeMeaning{50089, kHuman, kLogin},
    CodeMeaning{70000, kHuman,
                "the refresh token file holds no token of this application; sign in again: "
                "partner_center_exporter login"},
    CodeMeaning{50057, kHuman, kUser},
    CodeMeaning{50053, kHuman, kUser},
    CodeMeaning{50055, kHuman, kUser},
    CodeMeaning{50144, kHuman, kUser},
    CodeMeaning{50034, kHuman, kUser},
    CodeMeaning{53000, kHuman, kPolicy},
    CodeMeaning{53001, kHuman, kPolicy},
    CodeMeaning{53002, kHuman, kPolicy},
    CodeMeaning{53003, kHuman, kPolicy},
    CodeMeaning{530032, kHuman, kPolicy},
    CodeMeaning{530035, kHuman, kPolicy},
    CodeMeaning{50005, kHuman, kPolicy},
    CodeMeaning{50097, kHuman, kPolicy},
    CodeMeaning{50129, kHuman, kPolicy},
    CodeMeaning{50131, kHuman, kPolicy},
    CodeMeaning{53011, kHuman, kPolicy},
    CodeMeaning{65001, kHuman, kConsent},
    CodeMeaning{65004, kHuman, kConsent},
    CodeMeaning{90094, kHuman, kConsent},
    CodeMeaning{90095, kHuman, kConsent},
    CodeMeaning{50105, kHuman,
                "assign the integration user to the application, then sign in again"},
    CodeMeaning{50020, kHuman, kWrongUser},
    CodeMeaning{50177, kHuman, kWrongUser},
    CodeMeaning{90072, kHuman, kWrongUser},
    CodeMeaning{700084, kOperator,
                "register another redirect type than single-page application, then sign in again"},
    CodeMeaning{70002, kOperator, kSecret},
    CodeMeaning{7000215, kOperator, kSecret},
    CodeMeaning{
        7000222, kOperator,
        "the client secret expired: make a new one and put its value into client_secret_file"},
    CodeMeaning{
        7000218, kOperator,
        "the application is confidential: set client_secret_file, or allow public client flows"},
    CodeMeaning{700025, kOperator, "the application is a public client: remove client_secret_file"},
    CodeMeaning{700027, kOperator, kAssertion},
    CodeMeaning{50012, kOperator, kAssertion},
    CodeMeaning{700030, kOperator, kAssertion},
    CodeMeaning{500133, kOperator, kAssertion},
    CodeMeaning{700016, kOperator, kApp},
    CodeMeaning{70001, kOperator, kApp},
    CodeMeaning{700011, kOperator, kApp},
    CodeMeaning{7000112, kOperator, kApp},
    CodeMeaning{7000229, kOperator, kApp},
    CodeMeaning{500011, kOperator, kPermission},
    CodeMeaning{50001, kOperator, kPermission},
    CodeMeaning{650052, kOperator, kPermission},
    CodeMeaning{650056, kOperator, kPermission},
    CodeMeaning{650057, kOperator, kPermission},
    CodeMeaning{65005, kOperator, kPermission},
    CodeMeaning{90002, kOperator, kTenant},
    CodeMeaning{90038, kOperator, kTenant},
    CodeMeaning{900382, kOperator, kTenant},
    CodeMeaning{900432, kOperator, kTenant},
    CodeMeaning{90051, kOperator, kTenant},
    CodeMeaning{50049, kOperator, kTenant},
    CodeMeaning{50194, kOperator, kTenant},
    CodeMeaning{9001023, kOperator, kTenant},
    CodeMeaning{90124, kOperator, kTenant},
    CodeMeaning{90130, kOperator, kTenant},
    CodeMeaning{90019, kOperator, kTenant},
    CodeMeaning{50059, kOperator, kTenant},
    CodeMeaning{70011, kOperator, kPermission},
    CodeMeaning{28002, kOperator, kPermission},
    CodeMeaning{28003, kOperator, kPermission},
    CodeMeaning{900144, kOperator, kBug},
    CodeMeaning{90014, kOperator, kBug},
    CodeMeaning{9002313, kOperator, kBug},
    CodeMeaning{901002, kOperator, kBug},
};

struct WordMeaning {
  std::string_view word;
  ErrorKind kind;
  const char* next_step;
};

constexpr std::array kWords{
    WordMeaning{"invalid_grant", kHuman, kLogin},
    WordMeaning{"interaction_required", kHuman, kLogin},
    WordMeaning{"consent_required", kHuman, kConsent},
    WordMeaning{"login_required", kHuman, kLogin},
    WordMeaning{"invalid_client", kOperator, "check client_id and the application's credential"},
    WordMeaning{"unauthorized_client", kOperator, kApp},
    WordMeaning{"invalid_scope", kOperator, kPermission},
    WordMeaning{"invalid_resource", kOperator, kPermission},
    WordMeaning{"access_denied", kHuman, kLogin},
    WordMeaning{"temporarily_unavailable", ErrorKind::kUpstream, kWait},
    WordMeaning{"server_error", ErrorKind::kUpstream, kWait},
};

bool passes(ErrorKind kind) {
  return kind == ErrorKind::kThrottled || kind == ErrorKind::kUpstream;
}

// The codes of the list, else the one the description begins with.
std::vector<int> codes_of(const JsonDocument& body) {
  std::vector<int> codes;
  const auto add = [&](std::optional<std::int64_t> code) {
    if (code && *code > 0 && *code < 1'000'000'000) codes.push_back(static_cast<int>(*code));
  };
  if (const JsonValue* list = body.find("error_codes")) {
    for (const JsonValue& code : list->items()) add(code.integer());
  }
  if (codes.empty()) {
    constexpr std::string_view kPrefix = "AADSTS";
    const std::string_view text = body.text_of("error_description");
    if (const auto at = text.find(kPrefix); at != std::string_view::npos) {
      std::int64_t code = 0;
      std::from_chars(text.data() + at + kPrefix.size(), text.data() + text.size(), code);
      add(code);
    }
  }
  return codes;
}

// Of several codes the one that passes by itself counts: a human must not be called for nothing.
const CodeMeaning* meaning_of(const std::vector<int>& codes) {
  const CodeMeaning* found = nullptr;
  for (const int code : codes) {
    const auto entry = std::ranges::find(kCodes, code, &CodeMeaning::code);
    if (entry != kCodes.end() &&
        (found == nullptr || (passes(entry->kind) && !passes(found->kind)))) {
      found = &*entry;
    }
  }
  return found;
}

// What the status says, for bodies that say nothing.
WordMeaning by_status(int status) {
  if (status == 429) return {"", ErrorKind::kThrottled, kWait};
  if (status == 408 || (status >= 500 && status != 501 && status != 505))
    return {"", ErrorKind::kUpstream, kWait};
  if (status == 407) return {"", ErrorKind::kRejected, "the proxy wants us to sign in to it"};
  if (status >= 300 && status < 400) {
    return {"", ErrorKind::kRejected,
            "redirects are not followed; check the sign-in address, or a proxy in between"};
  }
  return {"", ErrorKind::kRejected, "check the sign-in address and a proxy in between"};
}

}  // namespace

Error entra_error(const HttpResponse& response, WallTime now) {
  Error error{.kind = ErrorKind::kRejected,
              .message = "HTTP " + std::to_string(response.status),
              .http_status = response.status};
  WordMeaning meaning = by_status(response.status);
  const auto body = parse_json(response.body);
  const std::string_view word = body ? body->text_of("error") : std::string_view();
  if (word.empty()) {
    error.message += ", without an error that could be read";
  } else {
    const auto known = std::ranges::find(kWords, word, &WordMeaning::word);
    if (!passes(meaning.kind)) {
      meaning = known != kWords.end()
                    ? *known
                    : WordMeaning{word, kOperator, "check the account's configuration"};
    }
    const std::vector<int> codes = codes_of(*body);
    const CodeMeaning* by_code = meaning_of(codes);
    if (by_code != nullptr && (passes(by_code->kind) || !passes(meaning.kind))) {
      meaning.next_step = by_code->next_step;
      // The word decides between people; the number only knows what passes.
      if (passes(by_code->kind) || known == kWords.end()) meaning.kind = by_code->kind;
    }
    error.api_code = by_code != nullptr ? "AADSTS" + std::to_string(by_code->code)
                     : !codes.empty()   ? "AADSTS" + std::to_string(codes.front())
                                        : foreign_line(word);
    error.api_word = foreign_line(word);
    error.correlation_id = foreign_line(body->text_of("correlation_id"));
    error.message += ", " + foreign_line(word);
    const std::string suberror = foreign_line(body->text_of("suberror"));
    if (!suberror.empty()) error.message += " (" + suberror + ")";
    const std::string description = foreign_line(body->text_of("error_description"));
    error.message += ": " + (description.empty() ? error.api_code : description);
  }
  error.kind = meaning.kind;
  if (error.kind == ErrorKind::kThrottled) {
    error.retry_after =
        std::max(retry_after(response, now).value_or(kLoopPause),
                 response.status == 429 ? std::chrono::milliseconds(0) : kLoopPause);
  } else if (error.kind == ErrorKind::kUpstream) {
    error.retry_after = retry_after(response, now);
  }
  return with_next_step(std::move(error), meaning.next_step);
}

}  // namespace pce
