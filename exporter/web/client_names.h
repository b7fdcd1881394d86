#pragma once
// For whom a certificate speaks: its subject alternative names. For tls_credentials.cc.
#include <string>
#include <vector>

#include <gnutls/gnutls.h>

namespace pce {

// Whether one of the certificate's DNS names, mail addresses, URIs or IP addresses, written as Go
// and inet_ntop() do, is exactly one of `names`. `der`: the certificate; false when it cannot be
// read.
bool has_any_name(const gnutls_datum_t& der, const std::vector<std::string>& names);

}  // namespace pce
