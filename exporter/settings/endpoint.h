#pragma once
// A base address from the configuration.
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

// scheme://host[:port][/path] with scheme and host in lower case and no slash at the end. https
// anywhere, http for loopback addresses only; no user, query or fragment. The error says what was
// found and wanted, and repeats nothing of an address that may hold a password or a token.
Result<std::string> parse_endpoint(std::string_view text);

}  // namespace pce
