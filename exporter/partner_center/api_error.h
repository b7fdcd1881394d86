#pragma once
// What Partner Center's refusals mean.
// Source: "Partner Center REST error codes", "API throttling guidance". Shapes: E1
// {"code","description",…}, E2
// {"statusCode","message"} of the gateway, E4 {"error","error_description"}, and bodies that are
// none of these.
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http/transport.h"

namespace pce {

// Whether a message repeats the service's own words, which may say whom they are about.
enum class ServiceWords { kRepeated, kKeptBack };

// For any answer outside 2xx. The kind follows the status: 429 kThrottled; 408 and 5xx but 501 and
// 505 kUpstream; 401 kUnauthorized, or kMfaMissing (900421, 10001, "MFA required", isMfaCompliant:
// false) or kWrongAudience (900420); 403 kForbidden, or kAppOnly (900329); 404 kNotFound; anything
// else kRejected. api_code is the body's code as text, correlation_id the header MS-CorrelationId,
// api_word "insufficient_claims" where a claims challenge came. The message says status, code,
// the service's own words, if they are to be repeated, and, for known codes, what to do; never a
// piece of a body that could not be read.
Error api_error(const HttpResponse& response, WallTime now,
                ServiceWords service_words = ServiceWords::kRepeated);

// What the header isMfaCompliant says, in any case; nullopt: nothing.
std::optional<bool> mfa_compliance(const HttpResponse& response);

// For an error of a call about one customer: Partner Center knows no such customer of ours (any
// more), which its codes 20002, 60002 and 60003 say. A 403 or 404 without them says nothing about
// the customer.
bool customer_is_not_ours(const Error& error);

}  // namespace pce
