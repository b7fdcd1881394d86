#include "exporter/partner_center/entra_token_source.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "exporter/json/json_document.h"
#include "exporter/partner_center/entra_error.h"
#include "exporter/partner_center/foreign_text.h"
#include "exporter/partner_center/guid.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::seconds;

constexpr std::string_view kOperation = "token";
constexpr std::size_t kAnswerBytesMax = 1024U * 1024;
constexpr seconds kLifetimeUnsaid{600};
constexpr seconds kLifetimeMin{60};
constexpr seconds kLifetimeMax{24 * 3600};

struct Field {
  std::string_view name;
  std::string_view value;
};

// application/x-www-form-urlencoded, every byte but RFC 3986's unreserved ones percent-encoded.
Secret form_body(std::initializer_list<Field> fields) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::size_t bytes_max = 0;
  for (const Field& field : fields) bytes_max += field.name.size() + 3 * field.value.size() + 2;
  std::string body;
  body.reserve(bytes_max);  // no growth that leaves copies behind
  for (const Field& field : fields) {
    if (field.value.empty()) continue;
    if (!body.empty()) body += '&';
    body.append(field.name) += '=';
    for (const char c : field.value) {
      const auto byte = static_cast<unsigned char>(c);
      const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
      if (plain) {
        body += c;
      } else {
        body += '%';
        body += kDigits[byte >> 4];
        body += kDigits[byte & 0xF];
      }
    }
  }
  return Secret(std::move(body));
}

// A number or digits in a text; what is not there or not a number counts as ten minutes.
seconds lifetime_of(const JsonDocument& answer) {
  const JsonValue* value = answer.find("expires_in");
  const auto said = value != nullptr ? value->real() : std::nullopt;
  if (!said) return kLifetimeUnsaid;
  const double clamped = std::clamp(*said, static_cast<double>(kLifetimeMin.count()),
                                    static_cast<double>(kLifetimeMax.count()));
  return seconds(static_cast<seconds::rep>(clamped));
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool says_bearer(std::string_view type) { return type.empty() || same_key(type, "Bearer"); }

}  // namespace

EntraTokenSource::EntraTokenSource(Transport& transport, Governor& governor, Clock& clock,
                                   ApiTelemetry& telemetry, Account account)
    : transport_(transport),
      governor_(governor),
      clock_(clock),
      telemetry_(telemetry),
      account_(std::move(account)),
      file_(account_.refresh_token_file) {
  while (account_.login.ends_with('/')) account_.login.pop_back();
}

std::string EntraTokenSource::place() const { return "sign-in at " + account_.login; }

Result<Secret> EntraTokenSource::refresh_token() {
  auto read = file_.read();
  if (!unwritten_.empty() && (!read || *read == in_file_)) return unwritten_;
  if (!read)
    return read;  // nothing newer in memory, and what we once read may have been taken away on
                  // purpose
  unwritten_ = Secret();  // a human signed in: that token is newer still
  in_file_ = *read;
  return read;
}

std::optional<Error> EntraTokenSource::keep(const Secret& renewed, const Secret& redeemed) {
  const Secret& newest = renewed.empty() ? redeemed : renewed;
  const auto now_in_file = file_.read();
  if (now_in_file && !(*now_in_file == in_file_))
    return std::nullopt;  // somebody signed in while we were asking
  if (newest == in_file_) return std::nullopt;
  const Status written = file_.write(newest);
  if (written) {
    in_file_ = newest;
    unwritten_ = Secret();
    return std::nullopt;
  }
  unwritten_ = newest;
  log_warn("the new refresh token is kept in memory only, it could not be stored",
           {{"error", written.error().message}});
  return written.error();
}

Result<IssuedToken> EntraTokenSource::redeem(const Secret& refresh_token,
                                             const Secret& client_secret, std::stop_token stop) {
  const std::string scope = account_.resource + "/user_impersonation offline_access";
  const HttpRequest request{
      .method = "POST",
      .url = account_.login + "/" + account_.tenant_id + "/oauth2/v2.0/token",
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                  {"Accept", "application/json"},
                  {"client-request-id", new_guid()}},
      .body = form_body({{"client_id", account_.client_id},
                         {"grant_type", "refresh_token"},
                         {"refresh_token", refresh_token.reveal()},
                         {"scope", scope},
                         {"client_secret", client_secret.reveal()}}),
      .timeout = account_.timeout,
      .body_bytes_max = kAnswerBytesMax,
  };
  const SteadyTime asked = clock_.steady();
  const auto permit = governor_.admit(stop);
  if (!permit) return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
  const SteadyTime sent = clock_.steady();
  auto answer = transport_.send(request, std::move(stop));
  if (!answer && answer.error().kind == ErrorKind::kCancelled)
    return answer.error();  // ours, not the service's doing
  const std::chrono::duration<double> took = clock_.steady() - sent;
  const auto refused = [&](Error error) {
    telemetry_.api_failure(kOperation, error.kind);
    return with_context(std::move(error), place());
  };
  telemetry_.api_call(kOperation, answer ? answer->status : 0, took);
  if (!answer) return refused(answer.error());
  if (answer->status != 200) {
    Error error = entra_error(*answer, clock_.wall());
    if (mentions(error.message, refresh_token) || mentions(error.message, client_secret)) {
      error.message = "HTTP " + std::to_string(answer->status) + ", " + error.api_code +
                      ", in words that repeat a secret and are not shown";
    }
    if (error.retry_after) governor_.pause_for(*error.retry_after);
    return refused(std::move(error));
  }
  const Secret body(std::move(answer->body));  // so that it is wiped
  const auto malformed = [&](std::string message) {
    return refused(
        {.kind = ErrorKind::kMalformed, .message = std::move(message), .http_status = 200});
  };
  const auto document = parse_json(body.reveal());
  if (!document) return malformed(document.error().message);
  const std::string_view token = document->text_of("access_token");
  if (!is_token(token)) return malformed("the answer has no access_token that could be used");
  if (!says_bearer(document->text_of("token_type"))) {
    return malformed("the answer's token_type is not Bearer");
  }
  const std::string_view renewed = document->text_of("refresh_token");
  IssuedToken issued{.access_token = Secret(std::string(token)),
                     .lifetime = lifetime_of(*document) +
                                 std::chrono::floor<seconds>(sent - asked)};  // the governor's wait
  issued.warning =
      keep(Secret(is_token(renewed) ? std::string(renewed) : std::string()), refresh_token);
  return issued;
}

Result<IssuedToken> EntraTokenSource::issue(std::stop_token stop) {
  const auto attempt = [&]() -> Result<IssuedToken> {
    const auto refresh = refresh_token();
    if (!refresh) return refresh.error();
    Secret client_secret;
    if (account_.client_secret) {
      auto secret = account_.client_secret();
      if (!secret) return secret.error();
      client_secret = std::move(*secret);
      if (client_secret.empty()) {
        return Error{.kind = ErrorKind::kSettings, .message = "the client secret is empty"};
      }
    }
    return redeem(*refresh, client_secret, stop);
  };
  auto issued = attempt();
  if (issued || issued.error().kind != ErrorKind::kCancelled)
    telemetry_.token_refresh(issued.has_value());
  return issued;
}

}  // namespace pce
