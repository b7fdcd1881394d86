#include "tests/web/handshake.h"

#include <array>
#include <thread>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/socket.h>

namespace pce {
namespace {

int shake(gnutls_session_t session) {
  int status = 0;
  do {
    status = gnutls_handshake(session);
  } while (status < 0 && gnutls_error_is_fatal(status) == 0);
  return status;
}

// The server's side: one handshake, one word.
bool serve(const TlsCredentials& credentials, int socket) {
  gnutls_session_t session = nullptr;
  gnutls_init(&session, GNUTLS_SERVER);
  gnutls_transport_set_int(session, socket);
  const bool agreed = credentials.equip(session) && shake(session) == 0;
  if (agreed) gnutls_record_send(session, "hello", 5);
  gnutls_deinit(session);
  shutdown(socket, SHUT_RDWR);
  return agreed;
}

std::string common_name(gnutls_session_t session) {
  unsigned size = 0;
  const gnutls_datum_t* const chain = gnutls_certificate_get_peers(session, &size);
  if (chain == nullptr) return "";
  gnutls_x509_crt_t certificate = nullptr;
  gnutls_x509_crt_init(&certificate);
  std::array<char, 64> name{};
  std::size_t length = name.size();
  if (gnutls_x509_crt_import(certificate, chain, GNUTLS_X509_FMT_DER) == 0)
    gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name.data(),
                                  &length);
  gnutls_x509_crt_deinit(certificate);
  return name.data();
}

const char* text_or_nothing(const char* text) { return text == nullptr ? "" : text; }

}  // namespace

Handshake shake_hands(const TlsCredentials& server, const HandshakeClient& client) {
  int sockets[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
  Handshake outcome;
  std::jthread side([&] { outcome.server_agreed = serve(server, sockets[0]); });

  gnutls_certificate_credentials_t credentials = nullptr;
  gnutls_certificate_allocate_credentials(&credentials);
  if (!client.certificate.empty()) {
    EXPECT_EQ(gnutls_certificate_set_x509_key_file(credentials, client.certificate.c_str(),
                                                   client.key.c_str(), GNUTLS_X509_FMT_PEM),
              0);
  }
  gnutls_session_t session = nullptr;
  gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
  EXPECT_EQ(gnutls_priority_set_direct(session, client.priorities.c_str(), nullptr), 0)
      << client.priorities;
  gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int(session, sockets[1]);
  int status = shake(session);
  if (status == 0) {
    // In TLS 1.3 the server judges our certificate after we are done.
    std::array<char, 16> word{};
    ssize_t got = 0;
    do {
      got = gnutls_record_recv(session, word.data(), word.size());
    } while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
    outcome.client_agreed = got == 5;
    status = got < 0 ? static_cast<int>(got) : 0;
    outcome.version = gnutls_protocol_get_name(gnutls_protocol_get_version(session));
    outcome.suite = text_or_nothing(gnutls_ciphersuite_get(session));
    outcome.group = text_or_nothing(gnutls_group_get_name(gnutls_group_get(session)));
    outcome.server_name = common_name(session);
  }
  if (status == GNUTLS_E_FATAL_ALERT_RECEIVED)
    outcome.alert = text_or_nothing(gnutls_alert_get_strname(gnutls_alert_get(session)));
  gnutls_deinit(session);
  gnutls_certificate_free_credentials(credentials);
  shutdown(sockets[1], SHUT_RDWR);
  side.join();
  close(sockets[0]);
  close(sockets[1]);
  return outcome;
}

}  // namespace pce
