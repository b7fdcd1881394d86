#pragma once
// How commands reach the pages of a running exporter: as the flags --exporter.… say.
#include <string>

#include "exporter/base/result.h"
#include "exporter/http/curl_transport.h"
#include "exporter/settings/command_line.h"

namespace pce {

// Errors: kSettings, the file with the password.
Result<CurlTransport::Options> own_pages_options(const CommandLine& command_line);

// What to do about an answer that is none; begins with "; " or is empty.
std::string advice_about(const HttpResponse& answer);

}  // namespace pce
