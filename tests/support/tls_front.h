#pragma once
// TLS in front of a plain loopback port: what comes out of the handshake is handed on as it is.
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include <gnutls/gnutls.h>

#include "tests/support/loopback_listener.h"

namespace pce {

class TlsFront {
 public:
  // `priority`: GnuTLS's priority string, "NORMAL:-VERS-ALL:+VERS-TLS1.1" for an old server.
  TlsFront(const std::filesystem::path& certificate, const std::filesystem::path& key,
           int target_port, const std::string& priority = "NORMAL");
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  int port() const { return listener_.port(); }
  std::string url(const std::string& path = "/") const {
    return "https://127.0.0.1:" + std::to_string(port()) + path;
  }
  int handshakes() const { return handshakes_; }  // that were completed

 private:
  void serve(int peer);
  void relay(gnutls_session_t session, int peer, int target);

  const int target_port_;
  const std::shared_ptr<gnutls_certificate_credentials_st> credentials_;
  const std::shared_ptr<gnutls_priority_st> priority_;
  std::atomic<int> handshakes_{0};
  LoopbackListener listener_;  // last: its threads use the others
};

}  // namespace pce
