#pragma once
// How a connection came about, or how far it came: what `doctor` shows.
#include <chrono>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"

namespace pce {

// The certificate the other side showed in its TLS handshake.
struct PeerCertificate {
  std::string subject;  // "CN=…"
  std::string issuer;
  std::string not_before;  // as libcurl writes it: "2026-11-26 10:00:00 GMT"
  std::string not_after;

  std::optional<WallTime> ends() const;  // not_after; nullopt: it cannot be read
};

struct ConnectionReport {
  // In this order. With a proxy the name is the proxy's, or none of ours to resolve.
  enum class Stage { kName, kProxy, kConnection, kTls, kDone };

  std::string host_and_port{};
  Stage reached = Stage::kName;  // the stage that failed; kDone: the connection stands
  std::optional<Error> error{};  // why
  std::string proxy{};           // host:port; empty: none
  std::string proxy_source{};    // who named it
  std::string address{};         // of whom we are connected to; empty: nobody
  std::chrono::duration<double> name_took{0};
  std::chrono::duration<double> connection_took{0};  // after that
  std::chrono::duration<double> tls_took{0};         // after that; with a proxy its answer, too
  std::string tls_version{};                         // "TLS1.3"; empty: no TLS
  std::optional<PeerCertificate> certificate{};
};

}  // namespace pce
