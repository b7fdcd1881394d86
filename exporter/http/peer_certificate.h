#pragma once
// The certificate the other side showed in its TLS handshake, and why it was refused.
#include <optional>
#include <string>

#include <curl/curl.h>

namespace pce {

struct PeerCertificate {
  std::string subject;  // "CN = …"
  std::string issuer;
  std::string not_before;  // as libcurl writes it: "2026-11-26 10:00:00 GMT"
  std::string not_after;
};

// The last handshake's own certificate, without the chain above it; needs CURLOPT_CERTINFO.
std::optional<PeerCertificate> peer_certificate(CURL* easy);

// A sentence with the reason, subject, issuer and dates, and the next step. `whose`: "the
// certificate". `status`: bits of GnuTLS's gnutls_certificate_status_t; 0: only the name is wrong.
std::string refused_certificate(const std::string& whose,
                                const std::optional<PeerCertificate>& certificate, unsigned status,
                                const std::string& host);

}  // namespace pce
