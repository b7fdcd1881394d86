#include "exporter/http/peer_certificate.h"

#include <algorithm>
#include <string_view>

#include <gnutls/gnutls.h>

#include "exporter/base/foreign_text.h"
#include "exporter/base/utc_text.h"
#include "exporter/http/transport.h"

namespace pce {
namespace {

// Words of a certificate, which may be anything; foreign_line() wants UTF-8.
std::string printable(std::string_view text) {
  std::string ascii(text);
  std::ranges::replace_if(
      ascii, [](char c) { return static_cast<unsigned char>(c) > 0x7E; }, '?');
  return foreign_line(ascii);
}

// GnuTLS's own words: "The certificate is NOT trusted. The certificate issuer is unknown. "
std::string reasons(unsigned status) {
  gnutls_datum_t words{};
  if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &words, 0) < 0)
    return {};
  std::string text(reinterpret_cast<const char*>(words.data), words.size);
  gnutls_free(words.data);
  constexpr std::string_view kKnown = "The certificate is NOT trusted. ";
  if (text.starts_with(kKnown)) text.erase(0, kKnown.size());
  while (text.ends_with(' ') || text.ends_with('.') || text.ends_with('\0')) text.pop_back();
  return text;
}

}  // namespace

std::optional<WallTime> PeerCertificate::ends() const {
  constexpr std::size_t kDay = 10;
  constexpr std::size_t kTime = 8;
  if (not_after.size() < kDay + 1 + kTime) return std::nullopt;
  return read_utc_text(not_after.substr(0, kDay) + "T" + not_after.substr(kDay + 1, kTime) + "Z");
}

std::optional<PeerCertificate> peer_certificate(CURL* easy) {
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr ||
      chain->num_of_certs < 1) {
    return std::nullopt;
  }
  PeerCertificate found;
  for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    const auto take = [&](std::string_view name, std::string& into) {
      if (same_header_name(text.substr(0, name.size()), name))  // in any case: libcurls differ
        into = printable(text.substr(name.size()));
    };
    take("Subject:", found.subject);
    take("Issuer:", found.issuer);
    take("Start date:", found.not_before);
    take("Expire date:", found.not_after);
  }
  return found;
}

std::string tls_version(CURL* easy) {
  const curl_tlssessioninfo* tls = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || tls == nullptr ||
      tls->backend != CURLSSLBACKEND_GNUTLS || tls->internals == nullptr) {
    return {};
  }
  const auto session = static_cast<gnutls_session_t>(tls->internals);
  const char* const name = gnutls_protocol_get_name(gnutls_protocol_get_version(session));
  return name == nullptr ? std::string() : name;
}

std::string refused_certificate(const std::optional<PeerCertificate>& certificate, unsigned status,
                                const std::string& host) {
  std::string text = " is not accepted: ";
  text += status == 0 ? "it is not for the name " + host : reasons(status);
  if (certificate) {
    text += " (subject " + certificate->subject + "; issuer " + certificate->issuer +
            "; valid from " + certificate->not_before + " to " + certificate->not_after + ")";
  }
  return text;
}

const char* certificate_advice(unsigned status) {
  if ((status & GNUTLS_CERT_NOT_ACTIVATED) != 0) return "set this machine's clock, if it is behind";
  if ((status & GNUTLS_CERT_EXPIRED) != 0) {
    return "set this machine's clock, if it is ahead; else the other side has to renew the "
           "certificate";
  }
  if ((status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) != 0) {
    return "where a company's proxy looks into TLS, put the certificate of its authority into a "
           "PEM file and name it in ca_file; elsewhere somebody pretends to be the other side";
  }
  if (status == 0) return "check the address; somebody else may answer in its place";
  return "the other side has to get another certificate";
}

}  // namespace pce
