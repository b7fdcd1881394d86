#pragma once
// What Partner Center's refusals mean.
// Source: "Partner Center REST error codes", "API throttling guidance". Shapes: E1
// {"code","description",…}, E2
// {"statusCode","message"} of the gateway, E4 {"error","error_description"}, and bodies that are
// none of these.
#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http/transport.h"

namespace pce {

struct ApiFailure {
  Error error;
  bool renew_token = false;  // a 401 that another access token may heal
};

// For any answer outside 2xx. The kind follows the status: 429 kThrottled; 408 and 5xx but 501 and
// 505 kUpstream; 401 kUnauthorized; 403 kForbidden; 404 kNotFound; anything else kRejected.
// api_code is the body's code as text, correlation_id the header MS-CorrelationId. The message says
// status, code, the service's own words and, for known codes, what to do; never a piece of a body
// that could not be read.
ApiFailure api_failure(const HttpResponse& response, WallTime now);

// For an error of a call about one customer: Partner Center knows no such customer of ours (any
// more), which its codes 20002, 60002 and 60003 say. A 403 or 404 without them says nothing about
// the customer.
bool customer_is_not_ours(const Error& error);

}  // namespace pce
