#pragma once
// The first call with a new token, to see whether Partner Center lets it in.
#include <optional>
#include <stop_token>
#include <string>

#include "exporter/http/governor.h"
#include "exporter/identity/token_endpoint.h"

namespace pce {

inline constexpr const char* kFirstCallOperation = "customers";

struct FirstAnswer {
  std::optional<bool> mfa_compliant{};  // what Partner Center says of the token, if anything
};

// Reads one customer of the list. `api`: https://api.partnercenter.microsoft.com. Errors: those of
// PartnerCenterClient::get.
Result<FirstAnswer> first_call(const TokenEndpoint::Parts& parts, const std::string& api,
                               const Secret& access_token, std::stop_token stop);

}  // namespace pce
