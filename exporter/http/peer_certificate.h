#pragma once
// Reads the certificate of the other side off libcurl, and says why it was refused.
#include <optional>
#include <string>

#include <curl/curl.h>

#include "exporter/http/connection_report.h"

namespace pce {

// The last handshake's own certificate, without the chain above it; needs CURLOPT_CERTINFO.
std::optional<PeerCertificate> peer_certificate(CURL* easy);

// "TLS1.3"; only while the transfer has its connection. Empty: it has none, or no TLS.
std::string tls_version(CURL* easy);

// " is not accepted: …" with the reason, subject, issuer and dates. `status`: bits of GnuTLS's
// gnutls_certificate_status_t; 0: only the name is wrong.
std::string refused_certificate(const std::optional<PeerCertificate>& certificate, unsigned status,
                                const std::string& host);
// What to do about it.
const char* certificate_advice(unsigned status);

}  // namespace pce
