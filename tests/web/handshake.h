#pragma once
// One TLS handshake over a pair of sockets, between what is under test and a client of GnuTLS' own.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "exporter/web/tls_credentials.h"

namespace pce {

struct HandshakeClient {
  std::string priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
  std::filesystem::path certificate{};  // empty: has none
  std::filesystem::path key{};
};

struct Handshake {
  bool server_agreed = false;
  bool client_agreed = false;  // and got what the server said after it
  std::string version;         // "TLS1.3"
  std::string suite;           // "TLS_AES_128_GCM_SHA256", in Go's spelling or nearly
  std::string group;           // "SECP256R1"
  std::string alert;           // what the client was told; empty: nothing
  std::string server_name;     // CN of the certificate that the server showed
};

Handshake shake_hands(const TlsCredentials& server, const HandshakeClient& client);

}  // namespace pce
