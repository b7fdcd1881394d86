#include "exporter/commands/doctor_advice.h"

namespace pce {
namespace {

// For errors that bring no next step of their own.
const char* advice_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kDns:
    case ErrorKind::kConnect:
    case ErrorKind::kProxy:
    case ErrorKind::kTls:
    case ErrorKind::kTimeout:
    case ErrorKind::kCut:
      return "check the way there: name, firewall, proxy; then run doctor again";
    case ErrorKind::kThrottled:
      return "nothing to do but wait; run doctor again after that time, or in a few minutes";
    case ErrorKind::kUpstream:
      return "nothing to do: the service, or a gateway before it, fails; run doctor again later";
    case ErrorKind::kMfaMissing:
      return "sign in again with multi-factor authentication: partner_center_exporter login";
    case ErrorKind::kWrongAudience:
      return "check endpoints.resource and cloud: the token is meant for something else";
    case ErrorKind::kUnauthorized:
    case ErrorKind::kAppOnly:
      return "sign in again: partner_center_exporter login";
    case ErrorKind::kForbidden:
      return "check the roles of the integration user in Partner Center";
    case ErrorKind::kNotFound:
    case ErrorKind::kRejected:
      return "check cloud and endpoints; a proxy or gateway may answer in the place of Microsoft";
    case ErrorKind::kMalformed:
    case ErrorKind::kTooLarge:
      return "look for a proxy or gateway that answers in the place of Microsoft; if there is "
             "none, "
             "Microsoft changed its answers: please report this";
    case ErrorKind::kSettings:
      return "correct what is named here, then run doctor again";
    case ErrorKind::kCancelled:
      return "run doctor again";
    case ErrorKind::kInternal:
      return "look at this machine: disk, memory, permissions";
  }
  return "";
}

}  // namespace

Finding failed(const Error& error) {
  // Of what passes by itself the daemon says that it tries again; here nobody does.
  const bool passes = error.kind == ErrorKind::kThrottled || error.kind == ErrorKind::kUpstream;
  const bool knows = !error.next_step.empty() && !passes;
  Finding finding{.verdict = StepVerdict::kFailed,
                  .detail = finding_of(error),
                  .fix = knows ? error.next_step : advice_for(error.kind)};
  if (error.kind == ErrorKind::kThrottled && error.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after);
    finding.detail += " (asked to wait " + std::to_string(seconds.count()) + " s)";
  }
  if (!error.correlation_id.empty())
    finding.detail += " (correlation id " + error.correlation_id + ")";
  return finding;
}

}  // namespace pce
