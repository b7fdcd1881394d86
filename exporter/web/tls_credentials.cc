#include "exporter/web/tls_credentials.h"

#include <optional>
#include <utility>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "exporter/base/utc_text.h"
#include "exporter/web/client_names.h"
#include "exporter/web/tls_parts.h"

namespace pce {
namespace {

gnutls_datum_t datum_of(std::string_view bytes) {
  // The library's inputs are not const, but it does not write to them.
  auto* const data = const_cast<char*>(bytes.data());
  return {reinterpret_cast<unsigned char*>(data), static_cast<unsigned>(bytes.size())};
}

// What the handshake is ended with; nullopt: the client may come in.
std::optional<gnutls_alert_description_t> refuse_client(const TlsParts& parts,
                                                        gnutls_session_t session) {
  unsigned size = 0;
  const gnutls_datum_t* const given = gnutls_certificate_get_peers(session, &size);
  if (given == nullptr || size == 0) {
    const bool optional = parts.client_auth == ClientAuth::kRequest ||
                          parts.client_auth == ClientAuth::kVerifyIfGiven;
    return optional ? std::nullopt : std::optional(GNUTLS_A_CERTIFICATE_REQUIRED);
  }
  if (parts.client_auth == ClientAuth::kVerifyIfGiven ||
      parts.client_auth == ClientAuth::kRequireAndVerify) {
    static constexpr std::string_view kPurpose = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st purpose{.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = datum_of(kPurpose).data,
                                  .size = static_cast<unsigned>(kPurpose.size())};
    unsigned status = 0;
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0)
      return GNUTLS_A_BAD_CERTIFICATE;
    if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0) return GNUTLS_A_UNKNOWN_CA;
    if ((status & GNUTLS_CERT_EXPIRED) != 0) return GNUTLS_A_CERTIFICATE_EXPIRED;
    if (status != 0) return GNUTLS_A_BAD_CERTIFICATE;
  }
  if (!parts.allowed_sans.empty() && !has_any_name(given[0], parts.allowed_sans))
    return GNUTLS_A_BAD_CERTIFICATE;
  return std::nullopt;
}

// Both are called on the thread that does the handshake. Negative: it fails.
int on_client_hello(gnutls_session_t session) noexcept {
  const auto& parts = *static_cast<const TlsParts*>(gnutls_db_get_ptr(session));
  const bool is_13 = gnutls_protocol_get_version(session) == GNUTLS_TLS1_3;
  const GnutlsPriority& fitting = is_13 ? parts.of_13 : parts.up_to_12;
  return fitting ? gnutls_priority_set(session, fitting.get())
                 : GNUTLS_E_UNSUPPORTED_VERSION_PACKET;
}

int on_certificate(gnutls_session_t session) noexcept {
  const auto& parts = *static_cast<const TlsParts*>(gnutls_db_get_ptr(session));
  const auto alert = refuse_client(parts, session);
  if (!alert) return 0;
  gnutls_alert_send(session, GNUTLS_AL_FATAL, *alert);
  return GNUTLS_E_CERTIFICATE_ERROR;
}

}  // namespace

std::shared_ptr<const TlsCredentials> TlsCredentials::load(const TlsSettings& settings,
                                                           SettingComplaints& complaints) {
  auto parts = load_tls_parts(settings, complaints);
  if (!parts) return nullptr;
  return std::shared_ptr<const TlsCredentials>(new TlsCredentials(std::move(parts)));
}

TlsCredentials::TlsCredentials(std::unique_ptr<const TlsParts> parts) : parts_(std::move(parts)) {}
TlsCredentials::~TlsCredentials() = default;

WallTime TlsCredentials::not_before() const { return parts_->not_before; }
WallTime TlsCredentials::not_after() const { return parts_->not_after; }

std::string TlsCredentials::doubt(WallTime now) const {
  if (now > not_after()) {
    return "expired on " + utc_text(not_after()) + ": clients refuse it, wanted a renewed one";
  }
  if (now < not_before()) {
    return "is valid from " + utc_text(not_before()) +
           " on: clients refuse it until then, unless this machine's clock is wrong";
  }
  return "";
}

bool TlsCredentials::equip(gnutls_session_int* session) const noexcept {
  const TlsParts& parts = *parts_;
  const auto* const priority = parts.up_to_12 ? &parts.up_to_12 : &parts.of_13;
  if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, parts.credentials.get()) != 0 ||
      gnutls_priority_set(session, priority->get()) != 0) {
    return false;
  }
  // The pointer meant for a store of sessions, which we do not have; the session's own belongs to
  // whoever made it.
  gnutls_db_set_ptr(session, const_cast<TlsParts*>(&parts));
  gnutls_handshake_set_post_client_hello_function(session, &on_client_hello);
  if (parts.client_auth != ClientAuth::kNone) {
    const bool required = parts.client_auth == ClientAuth::kRequireAny ||
                          parts.client_auth == ClientAuth::kRequireAndVerify;
    gnutls_certificate_server_set_request(session,
                                          required ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
    gnutls_session_set_verify_function(session, &on_certificate);
  }
  return true;
}

}  // namespace pce
