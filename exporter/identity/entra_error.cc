#include "exporter/identity/entra_error.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "exporter/base/foreign_text.h"
#include "exporter/http/retry.h"
#include "exporter/identity/entra_codes.h"
#include "exporter/json/json_document.h"

namespace pce {
namespace {

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
const AadstsCode* meaning_of(const std::vector<int>& codes) {
  const AadstsCode* found = nullptr;
  for (const int code : codes) {
    const AadstsCode* entry = aadsts_code(code);
    if (entry != nullptr && (found == nullptr || (passes(entry->kind) && !passes(found->kind))))
      found = entry;
  }
  return found;
}

bool redirects(const HttpResponse& response) {
  return response.status >= 300 && response.status < 400;
}

struct Meaning {
  ErrorKind kind;
  const char* next_step;
};

// What the status says, for bodies that say nothing.
Meaning by_status(int status) {
  constexpr const char* kWait = "nothing to do: it is tried again later";
  if (status == 429) return {ErrorKind::kThrottled, kWait};
  if (status == 408 || (status >= 500 && status != 501 && status != 505))
    return {ErrorKind::kUpstream, kWait};
  if (status == 407) return {ErrorKind::kRejected, "the proxy wants us to sign in to it"};
  return {ErrorKind::kRejected, "check the sign-in address and a proxy in between"};
}

// One whose words are no use to anybody.
Error without_words(const HttpResponse& response) {
  const Meaning meaning = by_status(response.status);
  const auto start = response.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool page = start != std::string::npos && response.body[start] == '<';
  return with_next_step(
      {.kind = meaning.kind,
       .message = "HTTP " + std::to_string(response.status) +
                  (page ? ", a web page in place of an answer, as from a proxy or gateway"
                        : ", without an error that could be read"),
       .http_status = response.status},
      meaning.next_step);
}

Error redirected(const HttpResponse& response) {
  const std::string host = foreign_host(response.header("Location").value_or(""));
  return with_next_step(
      {.kind = ErrorKind::kRejected,
       .message = "HTTP " + std::to_string(response.status) + ", a redirect" +
                  (host.empty() ? std::string() : " to " + host) + ", which is not followed",
       .http_status = response.status},
      "check the sign-in address, or a proxy in between");
}

std::string listed(const std::vector<int>& codes) {
  std::string text;
  for (const int code : codes) text += (text.empty() ? "" : ", ") + std::to_string(code);
  return text;
}

Error refusal(const HttpResponse& response, const JsonDocument& body, std::string_view word) {
  const OauthWord* known = oauth_word(word);
  Meaning meaning = by_status(response.status);
  if (!passes(meaning.kind)) {
    meaning = known != nullptr ? Meaning{known->kind, known->next_step}
                               : Meaning{ErrorKind::kSettings, "check the account's configuration"};
  }
  const std::vector<int> codes = codes_of(body);
  const AadstsCode* by_code = meaning_of(codes);
  if (by_code != nullptr && (passes(by_code->kind) || !passes(meaning.kind))) {
    meaning.next_step = by_code->next_step;
    // The word decides between people; the number only knows what passes.
    if (passes(by_code->kind) || known == nullptr) meaning.kind = by_code->kind;
  }
  Error error{.kind = meaning.kind,
              .message = "HTTP " + std::to_string(response.status) + ", " + foreign_line(word),
              .http_status = response.status,
              .api_code = by_code != nullptr ? "AADSTS" + std::to_string(by_code->code)
                          : !codes.empty()   ? "AADSTS" + std::to_string(codes.front())
                                             : foreign_line(word),
              .api_word = foreign_line(word),
              .correlation_id = foreign_line(body.text_of("correlation_id"))};
  const std::string suberror = foreign_line(body.text_of("suberror"));
  if (!suberror.empty()) error.message += " (" + suberror + ")";
  const std::string description = foreign_line(body.text_of("error_description"));
  error.message += ": " + (description.empty() ? error.api_code : description);
  if (known == nullptr && !codes.empty()) error.message += ", codes " + listed(codes);
  if (const std::string trace = foreign_line(body.text_of("trace_id")); !trace.empty())
    error.message += " (trace id " + trace + ")";
  return with_next_step(std::move(error), meaning.next_step);
}

}  // namespace

Error entra_error(const HttpResponse& response, WallTime now) {
  if (redirects(response)) return redirected(response);
  const auto body = parse_json(response.body);
  const std::string_view word = body ? body->text_of("error") : std::string_view();
  Error error = word.empty() ? without_words(response) : refusal(response, *body, word);
  if (passes(error.kind)) error.retry_after = retry_after(response, now);
  return error;
}

}  // namespace pce
