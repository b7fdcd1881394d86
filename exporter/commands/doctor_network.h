#pragma once
// The first steps of `doctor`: the names, the proxy, the connection and TLS, for the sign-in
// service and for Partner Center.
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/commands/doctor_report.h"
#include "exporter/http/curl_transport.h"
#include "exporter/settings/settings.h"

namespace pce {

// The steps dns, proxy, connection and tls, from one connection to each of the two (one, where they
// are the same), over which nothing is sent.
std::vector<StepReport> look_at_network(CurlTransport& transport, const Endpoints& endpoints,
                                        WallTime now);

}  // namespace pce
