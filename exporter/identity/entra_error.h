#pragma once
// What the token endpoint's refusals mean. Source: OAuth error object of the identity platform,
// "AADSTS error codes".
#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http/transport.h"

namespace pce {

// For any answer but 200. kUnauthorized: a human has to sign in or clear a policy; kSettings: an
// operator has to correct the configuration; kThrottled and kUpstream, with retry_after where one
// was asked for: it passes, nobody has to do anything; kRejected: not the answer of a token
// endpoint. api_word is OAuth's word, api_code "AADSTS…", else that word. The message ends with
// the next step and shows the first line of error_description; whoever knows secrets checks that
// none stands in it.
Error entra_error(const HttpResponse& response, WallTime now);

}  // namespace pce
