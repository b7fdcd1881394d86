#include "exporter/partner_center/api_error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/foreign_text.h"
#include "exporter/http/retry.h"
#include "exporter/json/json_document.h"

namespace pce {
namespace {

constexpr const char* kInsufficientClaims = "insufficient_claims";

struct CodeHint {
  std::string_view code;
  const char* hint;
};

constexpr const char* kMfaHint =
    "the sign-in had no multi-factor authentication; sign in again with it: "
    "partner_center_exporter login";
constexpr const char* kAppOnlyHint =
    "this needs the token of a signed-in user, not of an application alone; run "
    "partner_center_exporter login";
constexpr const char* kRoleHint = "check the roles of the integration user in Partner Center";

constexpr std::array kHints{
    CodeHint{"1002", kRoleHint},
    CodeHint{"2032", kRoleHint},
    CodeHint{"10001", kMfaHint},
    CodeHint{"20002", "there is no reseller relationship with this customer"},
    CodeHint{"60002", "Partner Center knows no such user"},
    CodeHint{"60003", "Partner Center knows no such customer"},
    CodeHint{"900127",
             "this kind of environment (cloud or sandbox) does not offer the data; remove the "
             "collector"},
    CodeHint{"900149", "the partner programme's status is not active"},
    CodeHint{"900150", kRoleHint},
    CodeHint{"900308", kRoleHint},
    CodeHint{"900309",
             "a Conditional Access policy stands in the way; let an administrator look at the "
             "sign-in log"},
    CodeHint{"900329", kAppOnlyHint},
    CodeHint{
        "900420",
        "the token was issued for a retired or wrong resource; check endpoints.resource and cloud"},
    CodeHint{"900421", kMfaHint},
};

struct Words {
  std::string code;
  std::string text;
  bool theirs = false;  // `text` is the service's own
};

std::string text_or_number(const JsonValue* value) {
  if (value == nullptr) return {};
  if (!value->text().empty()) return foreign_line(value->text());
  const auto number = value->integer();
  return number ? std::to_string(*number) : std::string();
}

std::string first_text(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const auto text = object.text_of(key); !text.empty()) return foreign_line(text);
  }
  return {};
}

Words words_of(const HttpResponse& response) {
  const auto body = parse_json(response.body);
  if (!body) {
    const auto start = response.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (start == std::string::npos) return {{}, "an empty body"};
    if (response.body[start] == '<')
      return {{}, "a web page in place of an answer, as from a proxy or gateway"};
    return {{}, "a body that is not JSON"};
  }
  const JsonValue* object = &body->root();
  Words words;
  if (const JsonValue* error = object->find("error")) {
    words.code = foreign_line(error->text());
    if (error->kind() == JsonKind::kObject) object = error;
  }
  if (words.code.empty()) words.code = text_or_number(object->find("code"));
  words.text = first_text(*object, {"description", "message", "error_description"});
  words.theirs = !words.text.empty();
  if (words.code.empty() && words.text.empty()) words.text = "a body without code or description";
  return words;
}

// One word, as codes are; what is more may be a sentence about somebody.
bool is_one_word(std::string_view code) {
  return std::ranges::all_of(code, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

void keep_back(Words& words) {
  if (words.theirs) words.text = "its words are not repeated, they may name a customer";
  if (!is_one_word(words.code)) words.code.clear();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool lacks_mfa(const HttpResponse& response, const Words& words) {
  return words.code == "900421" || words.code == "10001" || contains(words.text, "MFA required") ||
         mfa_compliance(response) == false;
}

bool is_app_only(const Words& words) {
  return words.code == "900329" || contains(words.text, "application credentials");
}

ErrorKind kind_of(const HttpResponse& response, const Words& words) {
  const int status = response.status;
  if (status == 429) return ErrorKind::kThrottled;
  if (status == 401 && words.code == "900420") return ErrorKind::kWrongAudience;
  if (status == 401)
    return lacks_mfa(response, words) ? ErrorKind::kMfaMissing : ErrorKind::kUnauthorized;
  if (status == 403) return is_app_only(words) ? ErrorKind::kAppOnly : ErrorKind::kForbidden;
  if (status == 404) return ErrorKind::kNotFound;
  if (status == 408) return ErrorKind::kUpstream;
  if (status >= 500)
    return status == 501 || status == 505 ? ErrorKind::kRejected : ErrorKind::kUpstream;
  // Seen with statuses that are not documented.
  if (words.code == "1002") return ErrorKind::kForbidden;
  if (words.code == "10001") return ErrorKind::kMfaMissing;
  return ErrorKind::kRejected;
}

}  // namespace

Error api_error(const HttpResponse& response, WallTime now, ServiceWords service_words) {
  const int status = response.status;
  Words words = words_of(response);
  const ErrorKind kind = kind_of(response, words);
  if (service_words == ServiceWords::kKeptBack) keep_back(words);
  Error error{.kind = kind,
              .message = "HTTP " + std::to_string(status),
              .http_status = status,
              .api_code = words.code};
  const char* hint = nullptr;
  const auto known = std::ranges::find(kHints, std::string_view(words.code), &CodeHint::code);
  if (known != kHints.end()) hint = known->hint;
  if (error.kind == ErrorKind::kUnauthorized &&
      contains(response.header("WWW-Authenticate").value_or(""), kInsufficientClaims)) {
    error.api_word = kInsufficientClaims;
    hint = "a policy wants a new sign-in: partner_center_exporter login";
  }
  if (error.kind == ErrorKind::kMfaMissing) hint = kMfaHint;
  if (error.kind == ErrorKind::kAppOnly) hint = kAppOnlyHint;
  if (!words.code.empty()) error.message += ", code " + words.code;
  if (status >= 300 && status < 400) {
    const std::string host = foreign_host(response.header("Location").value_or(""));
    error.message +=
        ", a redirect" + (host.empty() ? std::string() : " to " + host) + ", which is not followed";
  } else if (!words.text.empty()) {
    error.message += ": " + words.text;
  }
  if (hint != nullptr) error = with_next_step(std::move(error), hint);
  error.correlation_id = foreign_line(response.header("MS-CorrelationId").value_or(""));
  if (error.kind == ErrorKind::kThrottled || error.kind == ErrorKind::kUpstream) {
    error.retry_after = retry_after(response, now);
  }
  return error;
}

std::optional<bool> mfa_compliance(const HttpResponse& response) {
  const std::string_view said = response.header("isMfaCompliant").value_or("");
  if (same_header_name(said, "true")) return true;
  if (same_header_name(said, "false")) return false;
  return std::nullopt;
}

bool customer_is_not_ours(const Error& error) {
  // Judged by the code alone: a 404 without one of these is a wrong path, or a gateway's word.
  static constexpr std::array<std::string_view, 3> kNotOurs{"20002", "60002", "60003"};
  return std::ranges::find(kNotOurs, std::string_view(error.api_code)) != kNotOurs.end();
}

}  // namespace pce
