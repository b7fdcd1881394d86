#pragma once
// The network by libcurl: HTTP/1.1 over TCP or TLS 1.2 and later. Any thread. Connections are kept
// and used again; each parallel call has a set of its own, so calls never wait for one another.
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "exporter/http/connection_report.h"
#include "exporter/http/proxy_rules.h"
#include "exporter/http/transport.h"

namespace pce {

class CurlTransport final : public Transport {
 public:
  struct Options {
    std::string version{};  // sent as "User-Agent: partner_center_exporter/<version>"
    std::chrono::milliseconds connect_timeout{10'000};  // name, TCP and TLS handshake together
    long slow_bytes_per_second = 100;                   // slower than this …
    std::chrono::seconds slow_for{30};                  // … for this long is ErrorKind::kTimeout
    std::size_t header_bytes_max = 64U * 1024;  // of one answer; more is ErrorKind::kTooLarge
    ProxyRules::Options proxy{};
    std::string ca_file{};  // PEM: the authorities to trust; empty: the system's
    // PEM: what we show where the other side asks for a certificate; empty: nothing.
    std::string certificate_file{};
    std::string key_file{};
    Secret login{};  // NAME:PASSWORD, sent as "Authorization: Basic …" with every request; or empty
  };

  explicit CurlTransport(Options options);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  // From the next call on; calls under way end as they began. Any thread.
  void options_are(Options options);

  // A GET whose kept connection turns out to be closed is repeated on a new one; a POST always has
  // a new connection, so that it is never sent twice. What fails before a proxy has connected us
  // is ErrorKind::kProxy.
  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) override;

  // Connects as send() would, on a connection of its own, and sends nothing.
  ConnectionReport connect(const std::string& url, std::stop_token stop);

 private:
  struct State;
  std::shared_ptr<State> state() const;

  mutable std::mutex mutex_;
  std::shared_ptr<State> state_;  // its connections end with it
};

}  // namespace pce
