#pragma once
// The JWT by which an application proves that it has its certificate's key. Source: "Microsoft
// identity platform application authentication certificate credentials"; RFC 7523.
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/secret.h"
#include "exporter/identity/client_certificate.h"

namespace pce {

// For one request to `token_url`: it has an id of its own and ends 10 minutes after `now`. It
// begins a minute before, for clocks that are fast. Errors: kInternal.
Result<Secret> client_assertion(const ClientCertificate& certificate, const std::string& client_id,
                                const std::string& token_url, WallTime now);

}  // namespace pce
