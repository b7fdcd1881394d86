#include "tests/support/tls_front.h"

#include <poll.h>
#include <stdexcept>
#include <unistd.h>

#include <sys/socket.h>

namespace pce {

namespace {

std::shared_ptr<gnutls_certificate_credentials_st> credentials_of(
    const std::filesystem::path& certificate, const std::filesystem::path& key) {
  gnutls_certificate_credentials_t made = nullptr;
  gnutls_certificate_allocate_credentials(&made);
  if (gnutls_certificate_set_x509_key_file(made, certificate.c_str(), key.c_str(),
                                           GNUTLS_X509_FMT_PEM) < 0) {
    throw std::runtime_error(certificate.string() + ": GnuTLS does not take it");
  }
  return {made, gnutls_certificate_free_credentials};
}

std::shared_ptr<gnutls_priority_st> priority_of(const std::string& text) {
  gnutls_priority_t made = nullptr;
  if (gnutls_priority_init(&made, text.c_str(), nullptr) < 0)
    throw std::runtime_error(text + ": GnuTLS does not take it");
  return {made, gnutls_priority_deinit};
}

}  // namespace

TlsFront::TlsFront(const std::filesystem::path& certificate, const std::filesystem::path& key,
                   int target_port, const std::string& priority)
    : target_port_(target_port),
      credentials_(credentials_of(certificate, key)),
      priority_(priority_of(priority)),
      listener_([this](int peer) { serve(peer); }) {}

void TlsFront::serve(int peer) {
  gnutls_session_t session = nullptr;
  gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
  gnutls_priority_set(session, priority_.get());
  gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_.get());
  gnutls_transport_set_int(session, peer);
  int outcome = 0;
  while ((outcome = gnutls_handshake(session)) < 0 && gnutls_error_is_fatal(outcome) == 0) {
  }
  if (outcome >= 0) {
    ++handshakes_;
    const int target = connect_to_loopback(target_port_);
    if (target >= 0 && listener_.watch(target)) relay(session, peer, target);
    if (target >= 0) {
      listener_.forget(target);
      close(target);
    }
    gnutls_bye(session, GNUTLS_SHUT_WR);
  } else {
    gnutls_alert_send_appropriate(session, outcome);
  }
  gnutls_deinit(session);
}

void TlsFront::relay(gnutls_session_t session, int peer, int target) {
  char piece[16384];
  while (true) {
    pollfd both[] = {{peer, POLLIN, 0}, {target, POLLIN, 0}};
    if (gnutls_record_check_pending(session) > 0) {
      both[0].revents = POLLIN;
    } else if (poll(both, 2, -1) < 0) {
      return;
    }
    if (both[0].revents != 0) {
      const ssize_t got = gnutls_record_recv(session, piece, sizeof piece);
      if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED) continue;
      if (got <= 0 || !send_whole(target, {piece, static_cast<std::size_t>(got)})) return;
    }
    if (both[1].revents != 0) {
      const ssize_t got = recv(target, piece, sizeof piece, 0);
      if (got <= 0) return;
      for (ssize_t sent = 0; sent < got;) {
        const ssize_t now =
            gnutls_record_send(session, piece + sent, static_cast<std::size_t>(got - sent));
        if (now <= 0) return;
        sent += now;
      }
    }
  }
}

}  // namespace pce
