#include "exporter/base/result.h"

namespace pce {

const char* name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kDns:
      return "dns";
    case ErrorKind::kConnect:
      return "connect";
    case ErrorKind::kProxy:
      return "proxy";
    case ErrorKind::kTls:
      return "tls";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kCut:
      return "cut";
    case ErrorKind::kThrottled:
      return "throttled";
    case ErrorKind::kUpstream:
      return "upstream";
    case ErrorKind::kUnauthorized:
      return "unauthorized";
    case ErrorKind::kMfaMissing:
      return "mfa";
    case ErrorKind::kWrongAudience:
      return "audience";
    case ErrorKind::kAppOnly:
      return "app_only";
    case ErrorKind::kForbidden:
      return "forbidden";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kRejected:
      return "rejected";
    case ErrorKind::kMalformed:
      return "malformed";
    case ErrorKind::kTooLarge:
      return "too_large";
    case ErrorKind::kSettings:
      return "settings";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

bool is_about_the_token(ErrorKind kind) {
  return kind == ErrorKind::kUnauthorized || kind == ErrorKind::kMfaMissing ||
         kind == ErrorKind::kWrongAudience || kind == ErrorKind::kAppOnly;
}

Error with_context(Error error, const std::string& context) {
  error.message = context + ": " + error.message;
  return error;
}

Error with_next_step(Error error, std::string next_step) {
  error.message += "; " + next_step;
  error.next_step = std::move(next_step);
  return error;
}

std::string finding_of(const Error& error) {
  const std::string end = "; " + error.next_step;
  if (error.next_step.empty() || !error.message.ends_with(end)) return error.message;
  return error.message.substr(0, error.message.size() - end.size());
}

}  // namespace pce
