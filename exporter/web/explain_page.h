#pragma once
// GET /api/v1/explain?customer=ID-OR-NAME[&partner=ACCOUNT], in JSON. Pure.
//
// 200 {"now", "customers": [{"partner", "customer", "customer_id", "membership", "since",
// "sentence", "advice", "entry": {"list", "text", "line"}, "account": {"sentence", "list_read",
// "paused_seconds"}, "collectors": [{"collector", "cause", "sentence", "advice", "series", "rows",
// "source", "read", "processed", "trouble": {"since", "latest", "rows_before", "rows", "reason",
// "message", "http_status", "api_code", "correlation_id", "next_try"}}]}], "more"}
// 404 {"error", "nearest": [name], "accounts": [{"partner", "sentence"}]}, 400 {"error"}
//
// Instants are seconds since 1970. What is not known is left out. `cause` is one of the names of
// Cause, `membership` of Membership; more of either may come.
#include <cstddef>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/polling/explainer.h"
#include "exporter/web/web_message.h"

namespace pce {

inline constexpr std::size_t kCustomerBytesMax =
    512;  // of an id or a name, as in the configuration

// Errors: kRejected, to be answered with 400.
Result<CustomerQuestion> customer_question(std::string_view query);

WebResponse explain_page(const CustomerAnswer& answer);
WebResponse explain_refusal(const Error& error);

}  // namespace pce
