#pragma once
// What the tests of the server share: one server on a free loopback port, and clients of it.
#include "exporter/web/http_server.h"
#include "tests/support/raw_client.h"

namespace pce {

inline constexpr const char* kLoopback = "127.0.0.1";

inline std::unique_ptr<HttpServer> served(HttpServer::Handler handler, HttpServerLimits limits = {},
                                          HttpServerEvents events = {},
                                          HttpServerFront front = {}) {
  auto server = HttpServer::start({{kLoopback, 0}}, std::move(handler), limits, std::move(events),
                                  std::move(front));
  EXPECT_TRUE(server) << server.error().message;
  return server ? *std::move(server) : nullptr;
}

inline RawClient client_of(const HttpServer& server) {
  const ListenAddress& address = server.bound_addresses().front();
  return {address.host, address.port};
}

inline WebResponse text(std::string body) {
  return {.status = 200, .content_type = "text/plain", .body = std::move(body)};
}

}  // namespace pce
