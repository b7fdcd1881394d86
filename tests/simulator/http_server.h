#pragma once
// Serves a handler on a loopback address, one thread per connection, so that a slow answer holds up
// nobody else. The only file that knows libmicrohttpd.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/simulator/message.h"
#include "tests/simulator/waiting.h"

namespace simulator {

using Handler = std::function<Response(const Request&)>;

// PEM texts; both empty: plain HTTP.
struct ServerTls {
  std::string certificate;  // with the chain above it, if any
  std::string key;
};

class HttpServer {
 public:
  // `address` is host:port with a loopback host; port 0 takes a free one. Null on failure, with
  // `problem` set.
  static std::unique_ptr<HttpServer> start(const std::string& address, Handler handler,
                                           Waiting& waiting, std::string& problem,
                                           const ServerTls& tls = {});
  virtual ~HttpServer() = default;
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  virtual std::string url() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace simulator
