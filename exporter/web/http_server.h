#pragma once
// HTTP/1.1 on our own sockets, through libmicrohttpd: bytes in, WebRequest; WebResponse, bytes out.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/web/doorkeeper.h"
#include "exporter/web/http_server_events.h"
#include "exporter/web/http_server_limits.h"
#include "exporter/web/tls_credentials.h"
#include "exporter/web/web_message.h"

namespace pce {

// What a web configuration puts in front of the handler.
struct HttpServerFront {
  // For each new connection; empty: plain HTTP.
  std::function<std::shared_ptr<const TlsCredentials>()> tls{};
  std::shared_ptr<Doorkeeper> doorkeeper{};  // null: everybody comes in
};

class HttpServer {
 public:
  using Handler =
      std::function<WebResponse(const WebRequest&)>;  // any thread, many at once; may throw: 500
  struct Address {
    std::string host;  // as ListenSocket::open() takes it; brackets around an IPv6 address are fine
    std::uint16_t port = 0;
  };

  // Serves on all addresses or on none. Errors: kSettings, kInternal, each naming the address and
  // what to do.
  static Result<std::unique_ptr<HttpServer>> start(const std::vector<Address>& addresses,
                                                   Handler handler, HttpServerLimits limits = {},
                                                   HttpServerEvents events = {},
                                                   HttpServerFront front = {});
  // New connections are closed at once, answers under way may end within `farewell`, then
  // everything is cut.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;

  // In the order given, hosts numeric, ports the real ones.
  const std::vector<Address>& bound_addresses() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace pce
