#pragma once
// What TLS connections are made with: our certificate and key, whose certificates clients may have,
// and which versions and suites. Immutable; any thread. Knows GnuTLS, but no HTTP server: whoever
// has one hands over each new connection's session.
#include <memory>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/settings/section.h"
#include "exporter/web/tls_settings.h"

struct gnutls_session_int;  // what a gnutls_session_t points to

namespace pce {

struct TlsParts;

class TlsCredentials {
 public:
  // Reads the files. Null, and complaints at the keys that name them, when certificate, key and
  // authorities cannot be used together.
  static std::shared_ptr<const TlsCredentials> load(const TlsSettings& settings,
                                                    SettingComplaints& complaints);
  ~TlsCredentials();
  TlsCredentials(const TlsCredentials&) = delete;
  TlsCredentials& operator=(const TlsCredentials&) = delete;

  // Of the server's certificate.
  WallTime not_before() const;
  WallTime not_after() const;
  // An expired certificate and the like, which is for clients to judge; empty: nothing to say.
  std::string doubt(WallTime now) const;

  // Before the handshake: everything here becomes the session's, which takes it for itself. We must
  // live as long as the session does. False when GnuTLS refuses: then the connection must be
  // closed. With libmicrohttpd: when MHD_OPTION_NOTIFY_CONNECTION says "started", with
  // MHD_CONNECTION_INFO_GNUTLS_SESSION; its own certificate option is never asked.
  bool equip(gnutls_session_int* session) const noexcept;

 private:
  explicit TlsCredentials(std::unique_ptr<const TlsParts> parts);
  std::unique_ptr<const TlsParts> parts_;
};

}  // namespace pce
