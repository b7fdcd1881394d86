#pragma once
// How an account's calls leave the machine, from its configuration.
#include <string>

#include "exporter/http/curl_transport.h"
#include "exporter/settings/settings.h"

namespace pce {

// `version`: of this program, for the header User-Agent.
CurlTransport::Options transport_options(const NetworkSettings& network,
                                         const std::string& version);

}  // namespace pce
