#include "exporter/identity/device_code.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/base/foreign_text.h"
#include "exporter/json/json_document.h"

namespace pce {
namespace {

using std::chrono::seconds;

constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr seconds kSlowDown{5};
constexpr seconds kLongestPause{60};
constexpr std::size_t kTextBytesMax = 1000;

seconds seconds_in(const JsonDocument& answer, std::string_view key, seconds otherwise,
                   seconds longest) {
  const JsonValue* value = answer.find(key);
  const auto said = value != nullptr ? value->integer() : std::nullopt;
  if (!said) return otherwise;
  return seconds(std::clamp<std::int64_t>(*said, 1, longest.count()));
}

// Nobody has said no: the question is worth asking again.
bool passes(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kDns:
    case ErrorKind::kConnect:
    case ErrorKind::kTimeout:
    case ErrorKind::kCut:
    case ErrorKind::kThrottled:
    case ErrorKind::kUpstream:
      return true;
    default:
      return false;
  }
}

// A refusal that belongs to this flow alone, in words; nullopt: the error says enough.
std::optional<std::string> own_words(const Error& error) {
  const std::string& word = error.api_word;
  if (word == "authorization_declined" || word == "access_denied")
    return "the sign-in was declined on the page";
  if (word == "expired_token") return "the code has expired";
  if (word == "bad_verification_code")
    return "the identity platform does not know the code it gave us";
  return std::nullopt;
}

Error expired(const std::optional<Error>& last_trouble) {
  std::string message = "nobody signed in with the code before it expired";
  if (last_trouble) message += "; the last question failed, " + last_trouble->message;
  return {.kind = ErrorKind::kTimeout, .message = std::move(message)};
}

}  // namespace

DeviceCodeSignIn::DeviceCodeSignIn(TokenEndpoint& endpoint, Clock& clock, Application application)
    : endpoint_(endpoint), clock_(clock), application_(std::move(application)) {}

Result<DeviceCode> DeviceCodeSignIn::begin(std::stop_token stop) {
  const SteadyTime asked = clock_.steady();
  const auto body = endpoint_.ask_device_code({{"client_id", Secret(application_.client_id)},
                                               {"scope", Secret(sign_in_scope(application_))}},
                                              std::move(stop));
  if (!body) return body.error();
  const auto answer = parse_json(body->reveal());
  if (!answer) return with_context(answer.error(), "device code of " + endpoint_.login());
  DeviceCode code{
      .device_code = Secret(std::string(answer->text_of("device_code"))),
      .user_code = foreign_words(answer->text_of("user_code"), kTextBytesMax),
      .verification_uri = foreign_words(answer->text_of("verification_uri"), kTextBytesMax),
      .message = foreign_words(answer->text_of("message"), kTextBytesMax),
      .expires = asked + seconds_in(*answer, "expires_in", seconds(900), seconds(3600)),
      .interval = seconds_in(*answer, "interval", seconds(5), kLongestPause)};
  if (code.device_code.empty() || code.user_code.empty() || code.verification_uri.empty()) {
    return Error{.kind = ErrorKind::kMalformed,
                 .message = "device code of " + endpoint_.login() +
                            ": the answer lacks device_code, user_code or verification_uri",
                 .http_status = 200};
  }
  return code;
}

Result<TokenAnswer> DeviceCodeSignIn::wait(const DeviceCode& code, std::stop_token stop,
                                           const std::function<void(seconds left)>& waiting) {
  const std::vector<FormField> question{{"grant_type", Secret(std::string(kGrant))},
                                        {"client_id", Secret(application_.client_id)},
                                        {"device_code", code.device_code, true}};
  seconds interval = code.interval;
  std::chrono::milliseconds pause = interval;
  seconds back_off = interval;
  std::optional<Error> trouble;
  for (;;) {
    const SteadyTime now = clock_.steady();
    const SteadyTime next = std::min(now + pause, code.expires);
    if (waiting) waiting(std::chrono::ceil<seconds>(code.expires - now));
    if (!clock_.wait_until(next, stop))
      return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
    if (next >= code.expires) return expired(trouble);

    auto answer = endpoint_.ask(question, stop);
    if (answer || answer.error().kind == ErrorKind::kCancelled) return answer;
    Error& error = answer.error();
    pause = interval;
    if (error.api_word == "authorization_pending" || error.api_word == "slow_down") {
      if (error.api_word == "slow_down") pause = interval += kSlowDown;
      back_off = interval;
      trouble.reset();
    } else if (passes(error.kind)) {
      back_off = std::max(interval, std::min(2 * back_off, kLongestPause));
      pause = std::max<std::chrono::milliseconds>(back_off, error.retry_after.value_or(seconds(0)));
      trouble = std::move(error);
    } else {
      if (auto words = own_words(error)) error.message = *words + ": " + error.message;
      return answer;
    }
  }
}

}  // namespace pce
