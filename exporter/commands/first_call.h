#pragma once
// The first call with a new token, to see whether Partner Center lets it in.
#include <stop_token>
#include <string>

#include "exporter/http/governor.h"
#include "exporter/identity/token_endpoint.h"

namespace pce {

inline constexpr const char* kFirstCallOperation = "customers";

// Reads one customer of the list. `api`: https://api.partnercenter.microsoft.com. Errors: those of
// PartnerCenterClient::get.
Status first_call(const TokenEndpoint::Parts& parts, const std::string& api,
                  const Secret& access_token, std::stop_token stop);

}  // namespace pce
