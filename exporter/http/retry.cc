#include "exporter/http/retry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "exporter/http/http_date.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortest{1'000};
constexpr milliseconds kLongest{3'600'000};
constexpr milliseconds kUnsaid{60'000};      // a 429 that does not say how long
constexpr std::size_t kTextBytesMax = 4096;  // of the body that are searched

bool worth_repeating(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kDns:
    case ErrorKind::kConnect:
    case ErrorKind::kProxy:
    case ErrorKind::kTls:
    case ErrorKind::kTimeout:
    case ErrorKind::kCut:
    case ErrorKind::kThrottled:
    case ErrorKind::kUpstream:
      return true;
    case ErrorKind::kUnauthorized:
    case ErrorKind::kMfaMissing:
    case ErrorKind::kWrongAudience:
    case ErrorKind::kAppOnly:
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kRejected:
    case ErrorKind::kMalformed:
    case ErrorKind::kTooLarge:
    case ErrorKind::kSettings:
    case ErrorKind::kCancelled:
    case ErrorKind::kInternal:
      return false;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

milliseconds from_seconds(double seconds) {
  const double longest = std::chrono::duration<double>(kLongest).count();
  return milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, longest) * 1000.0)));
}

// Digits with an optional fraction, nothing else.
std::optional<milliseconds> parse_seconds(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kLongest;
  if (error != std::errc()) return std::nullopt;
  return from_seconds(seconds);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The largest number that stands before the word "second": "Try again in 57 seconds." is 57.
std::optional<milliseconds> seconds_in_text(std::string_view text) {
  constexpr std::string_view kWord = "second";
  text = text.substr(0, kTextBytesMax);
  std::optional<milliseconds> largest;
  for (auto at = text.find(kWord); at != std::string_view::npos; at = text.find(kWord, at + 1)) {
    const std::string_view before = trimmed(text.substr(0, at));
    std::size_t start = before.size();
    while (start > 0 && (is_digit(before[start - 1]) || before[start - 1] == '.')) --start;
    const auto wait = parse_seconds(before.substr(start));
    if (wait && (!largest || *wait > *largest)) largest = wait;
  }
  return largest;
}

}  // namespace

std::optional<milliseconds> wait_before(int attempt, const Error& last, const RetryPolicy& policy,
                                        double random01) {
  if (attempt > policy.attempts || !worth_repeating(last.kind)) return std::nullopt;
  milliseconds wait = std::min(policy.first_wait, policy.longest_wait);
  for (int i = 2; i < attempt && wait < policy.longest_wait; ++i) {
    wait = std::min(wait * 2, policy.longest_wait);
  }
  const milliseconds jittered(
      static_cast<std::int64_t>(static_cast<double>(wait.count()) * random01));
  return last.retry_after.value_or(milliseconds(0)) + jittered;
}

std::optional<milliseconds> retry_after(const HttpResponse& response, WallTime now) {
  // A date is read against the sender's own clock where it tells the time: ours may be wrong.
  const auto sent = response.header("Date");
  const WallTime reference = sent ? parse_http_date(*sent).value_or(now) : now;
  std::optional<milliseconds> wait;
  for (const Header& header : response.headers) {
    if (!same_header_name(header.name, "Retry-After")) continue;
    const std::string_view value = trimmed(header.value);
    auto asked = parse_seconds(value);
    if (!asked) {
      if (const auto date = parse_http_date(value)) asked = *date - reference;
    }
    if (asked && (!wait || *asked > *wait)) wait = asked;
  }
  const bool may_ask = response.status == 429 || response.status == 503;
  if (!wait && may_ask) wait = seconds_in_text(response.body);
  if (!wait && response.status == 429) wait = kUnsaid;
  if (!wait) return std::nullopt;
  return std::clamp(*wait, kShortest, kLongest);
}

}  // namespace pce
