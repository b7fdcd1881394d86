#pragma once
// HTTP/1.1 on our own sockets, through libmicrohttpd: bytes in, WebRequest; WebResponse, bytes out.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/web/deadline_keeper.h"
#include "exporter/web/web_message.h"

namespace pce {

struct HttpServerLimits {
  unsigned threads = 4;  // per listen address; a handler keeps one busy
  // Per listen address. From three quarters on, one of the address that has most gives way;
  // where nobody can, more wait unaccepted. At most 120 for each thread.
  unsigned connections = 480;
  unsigned connections_per_client = 64;  // from one IP address; more are closed at once
  // Prometheus keeps an idle connection for 5 minutes. We wait a little longer, so that it is the
  // client who closes and no request meets a connection that is just going away.
  std::chrono::seconds idle{310};
  // Deadlines, see deadline_keeper.h: to the end of a request, and for taking an answer.
  std::chrono::milliseconds request{10'000};
  std::chrono::milliseconds answer{60'000};
  std::size_t answer_bytes_per_second = 1'000'000;  // what an answer's size adds to that
  std::chrono::milliseconds farewell{500};  // how long answers under way may take when we stop
};

// Called on the server's threads, and by start(); what they throw is dropped. An empty function
// hears nothing.
struct HttpServerEvents {
  std::function<void(std::string_view line)>
      library_line;  // libmicrohttpd's own log; clients can provoke lines
  std::function<void(std::string_view what)> handler_failed;  // one request got a 500
  std::function<void(int status, std::string_view reason)>
      refused;  // a request the handler never saw
  std::function<void(CutReason reason)> cut;
  std::function<void(int change)> connections;  // of those open: 1 or -1
  std::function<void(int change)> answers;      // of those under way, likewise
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
                                                   HttpServerEvents events = {});
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
