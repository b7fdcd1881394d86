#pragma once
// HTTP/1.1 on our own sockets, through libmicrohttpd: bytes in, WebRequest; WebResponse, bytes out.
#include <functional>
#include <memory>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/web/doorkeeper.h"
#include "exporter/web/http_server_events.h"
#include "exporter/web/http_server_limits.h"
#include "exporter/web/listen_socket.h"
#include "exporter/web/tls_credentials.h"
#include "exporter/web/web_message.h"

namespace pce {

// What a web configuration puts in front of the handler.
struct HttpServerFront {
  // For each new connection; empty: plain HTTP.
  std::function<std::shared_ptr<const TlsCredentials>()> tls{};
  std::shared_ptr<Doorkeeper> doorkeeper{};  // null: everybody comes in
  // Called before each request is looked at, on any thread: whether the web configuration changed.
  std::function<void()> renew{};
};

class HttpServer {
 public:
  using Handler =
      std::function<WebResponse(const WebRequest&)>;  // any thread, many at once; may throw: 500

  // Serves on all sockets, at least one, or on none. Errors: kInternal, naming the address and what
  // to do.
  static Result<std::unique_ptr<HttpServer>> start_on(std::vector<ListenSocket> sockets,
                                                      Handler handler, HttpServerLimits limits = {},
                                                      HttpServerEvents events = {},
                                                      HttpServerFront front = {});
  // The same on sockets opened for it. Errors: those of ListenSocket::open() as well.
  static Result<std::unique_ptr<HttpServer>> start(const std::vector<ListenAddress>& addresses,
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

  // In the order given, as ListenSocket::address() has them.
  const std::vector<ListenAddress>& bound_addresses() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace pce
