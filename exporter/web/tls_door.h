#pragma once
// How libmicrohttpd's connections come to speak TLS with credentials of ours. For http_server.cc
// and clients.cc.
#include <array>

#include <microhttpd.h>

#include "exporter/web/tls_credentials.h"

namespace pce {

// For MHD_OPTION_ARRAY beside MHD_USE_TLS. The library wants to know where certificates come from
// before it starts; each connection gets its own in equip(), so it never has to ask.
std::array<MHD_OptionItem, 2> tls_options();

// Of a connection that has just begun; false: it must be closed.
bool equip(MHD_Connection* connection, const TlsCredentials& credentials);

}  // namespace pce
