#pragma once
// Failure as a return value: Result<T> is a T or an Error, shaped like std::expected so that C++23
// is an alias away.
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace pce {

// What the caller can do about it; the message says what happened.
enum class ErrorKind {
  kDns,            // no answer: the name does not resolve
  kConnect,        // no answer: refused, unreachable
  kProxy,          // no answer: the proxy cannot be reached or does not connect us
  kTls,            // no answer: certificate or handshake
  kTimeout,        // no answer in time
  kCut,            // the connection broke, or the body is shorter than announced
  kThrottled,      // 429
  kUpstream,       // the other side failed: 5xx, 408
  kUnauthorized,   // 401 after one renewal of the token, or no token to be had
  kMfaMissing,     // the token shows no multi-factor sign-in
  kWrongAudience,  // the token is for another resource
  kAppOnly,        // the token is an application's, not a user's
  kForbidden,      // 403
  kNotFound,       // 404
  kRejected,       // the other side refuses this request for good: 400, 405, redirects, …
  kMalformed,      // an answer that cannot be read
  kTooLarge,       // an answer beyond the cap
  kSettings,       // configuration, command line, files named there
  kCancelled,      // we are stopping
  kInternal        // our own machine: disk, memory, sockets
};

// The word for this kind in logs and in the label `reason`: a closed list.
const char* name_of(ErrorKind kind);

// Whether it is the token that is refused, or that there is none: every other call of the account
// would fare the same.
bool is_about_the_token(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;  // a sentence for a human: what, where, found; never a secret

  int http_status = 0;           // 0: no HTTP answer
  std::string api_code{};        // Partner Center's or Entra's own code, e.g. "20002"
  std::string api_word{};        // OAuth's word: "authorization_pending", "insufficient_claims"
  std::string correlation_id{};  // MS-CorrelationId, for a support ticket
  std::optional<std::chrono::milliseconds> retry_after{};  // what the other side asked for
  std::string next_step{};  // what to do, where that is known: the message ends with it
};

// The same error with "context: " in front of its message.
Error with_context(Error error, const std::string& context);
// The same error with "; " and the next step behind its message.
Error with_next_step(Error error, std::string next_step);
// The message without the next step at its end.
std::string finding_of(const Error& error);

template <typename T>
class [[nodiscard]] Result {
 public:
  // Not explicit, so that functions say `return value;` and `return error;`.
  // NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// For work that yields nothing but success.
struct Done {};
using Status = Result<Done>;

}  // namespace pce
