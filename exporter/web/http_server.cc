#include "exporter/web/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include <microhttpd.h>

#include "exporter/web/answers_under_way.h"
#include "exporter/web/clients.h"
#include "exporter/web/held_request.h"
#include "exporter/web/library_request.h"
#include "exporter/web/reply.h"
#include "exporter/web/request_gate.h"
#include "exporter/web/tls_door.h"

namespace pce {
namespace {

unsigned mode_of(const HttpServerFront& front) {
  unsigned mode = MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;
  if (front.tls) mode |= MHD_USE_TLS;
  if (front.doorkeeper) mode |= MHD_ALLOW_SUSPEND_RESUME;
  return mode;
}

// One request, from its request line to the last byte of its answer.
struct Exchange {
  std::string target;                  // as sent, with the query
  const char* target_begin = nullptr;  // in the library's buffer
  const char* target_end = nullptr;    // of its text there
  bool headers_seen = false;
  bool counted = false;               // among the answers under way
  std::shared_ptr<HeldRequest> held;  // while and after its password was judged
  Reply reply;                        // the library sends the body from here
};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Handler handler, HttpServerLimits limits, HttpServerEvents events, HttpServerFront front)
      : handler_(std::move(handler)),
        limits_(within_reason(limits)),
        events_(std::move(events)),
        front_(std::move(front)),
        clients_(
            deadlines_of(limits_), front_.tls,
            [this](CutReason reason) { tell(events_.cut, reason); },
            [this](int change) { tell(events_.connections, change); }) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;

  ~Impl() {
    stopping_ = true;
    answers_.wait_for_none(limits_.farewell);
    // The library must not be stopped while a connection of its is held.
    if (front_.doorkeeper) front_.doorkeeper->close();
    for (MHD_Daemon* daemon : daemons_) MHD_stop_daemon(daemon);
  }

  Status serve(ListenSocket socket) {
    // The logger comes first, or complaints about the options after it go to standard error. Where
    // our gate sees the bytes it does what strictness would, and better: 0.9.75 sends the head of
    // its own refusals twice.
    std::array<MHD_OptionItem, 2> tls{{{MHD_OPTION_END, 0, nullptr}}};
    if (front_.tls) tls = tls_options();
    // clang-format off
    MHD_Daemon* daemon = MHD_start_daemon(
        mode_of(front_), 0, &Impl::on_accept, this, &Impl::on_request, this,
        MHD_OPTION_EXTERNAL_LOGGER, &Impl::on_log, this,
        MHD_OPTION_LISTEN_SOCKET, static_cast<MHD_socket>(socket.release()),
        MHD_OPTION_THREAD_POOL_SIZE, limits_.threads,
        MHD_OPTION_CONNECTION_LIMIT, limits_.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits_.connections_per_client,
        MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits_.idle.count()),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,
        MHD_OPTION_STRICT_FOR_CLIENT, check_bytes_ ? 0 : 1,
        MHD_OPTION_NOTIFY_CONNECTION, &Clients::on_connection, &clients_,
        MHD_OPTION_URI_LOG_CALLBACK, &Impl::on_request_line, this,
        MHD_OPTION_NOTIFY_COMPLETED, &Impl::on_completed, this,
        MHD_OPTION_ARRAY, tls.data(),
        MHD_OPTION_END);
    // clang-format on
    // The descriptor is the library's now: it closes it when it stops, and on nearly every way to
    // fail.
    if (daemon == nullptr) {
      return Error{.kind = ErrorKind::kInternal,
                   .message = "cannot serve on " + listen_address_text(socket.address()) +
                              ": the web server's threads did not start; the limits of processes "
                              "and of memory for this user are the usual cause"};
    }
    daemons_.push_back(daemon);
    bound_addresses_.push_back(socket.address());
    sockets_.push_back(std::move(socket));
    return Done{};
  }

  const std::vector<ListenAddress>& bound_addresses() const { return bound_addresses_; }

 private:
  static Impl& self(void* cls) { return *static_cast<Impl*>(cls); }

  // Refusing here, and not MHD_quiesce_daemon(), is how we stop taking connections: in 0.9.75 the
  // latter races with its own worker threads and aborts the process when it loses.
  static MHD_Result on_accept(void* cls, const sockaddr*, socklen_t) {
    return self(cls).stopping_ ? MHD_NO : MHD_YES;
  }

  // Comes before anything is decoded or cut off, so this is the target as it was sent.
  static void* on_request_line(void* cls, const char* target, MHD_Connection* connection) noexcept {
    try {
      self(cls).clients_.request_begun(connection);
      auto exchange = std::make_unique<Exchange>();
      if (target != nullptr) {
        exchange->target = target;
        exchange->target_begin = target;
        exchange->target_end = target + exchange->target.size();
        // The query is cut off in the library's buffer, where it is about to write itself: it would
        // make a parameter list of it that we never ask for, and when that does not fit into its
        // memory, 0.9.75 neither answers nor closes.
        if (const auto mark = exchange->target.find('?'); mark != std::string::npos)
          const_cast<char*>(target)[mark + 1] = '\0';
      }
      return exchange.release();
    } catch (const std::exception& failure) {
      tell(self(cls).events_.handler_failed, failure.what());
      return nullptr;
    }
  }

  // Called when the headers are there, and again when the body would be. An answer at the first
  // call makes the library close the connection after it, because the body stays unread: wanted for
  // a request that is refused or has a body.
  static MHD_Result on_request(void* cls, MHD_Connection* connection, const char*,
                               const char* method, const char* version, const char*, std::size_t*,
                               void** state) noexcept {
    auto* exchange = static_cast<Exchange*>(*state);
    if (exchange == nullptr) return MHD_NO;
    Impl& server = self(cls);
    try {
      if (exchange->headers_seen) return server.answer(connection, *exchange, method);
      exchange->headers_seen = true;
      server.clients_.request_complete(connection);
      exchange->reply.may_send_pieces =
          Clients::always_left_room(connection, leaves_room(connection));

      const std::vector<SentHeader> headers = headers_of(connection);
      std::optional<Refusal> refusal;
      if (server.check_bytes_)
        refusal =
            refuse_bytes(connection, method, exchange->target_begin, exchange->target_end, version);
      if (!refusal) refusal = refuse_request({method, exchange->target, version}, headers);
      if (refusal) {
        WebResponse response = plain_answer(refusal->status, refusal->reason);
        response.headers.push_back({"Connection", "close"});
        return server.refuse(connection, *exchange, std::move(response));
      }
      return announces_body(headers) ? server.answer(connection, *exchange, method) : MHD_YES;
    } catch (const std::exception& failure) {
      tell(server.events_.handler_failed, failure.what());
      return MHD_NO;  // closes the connection
    }
  }

  static void on_completed(void* cls, MHD_Connection* connection, void** state,
                           MHD_RequestTerminationCode) noexcept {
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*state));
    *state = nullptr;
    self(cls).clients_.answer_taken(connection);
    if (exchange && exchange->counted) self(cls).answer_left();
  }

  __attribute__((format(printf, 2, 0))) static void on_log(void* cls, const char* format,
                                                           va_list details) {
    std::array<char, 512> line{};
    if (std::vsnprintf(line.data(), line.size(), format, details) < 0) return;
    std::string_view text(line.data());
    while (text.ends_with('\n')) text.remove_suffix(1);
    tell(self(cls).events_.library_line, text);
  }

  MHD_Result answer(MHD_Connection* connection, Exchange& exchange, const char* method) {
    const std::vector<SentHeader> headers = headers_of(connection);
    if (front_.renew && !exchange.held) front_.renew();
    if (front_.doorkeeper) {
      Entry entry = enter(*front_.doorkeeper, connection, headers, exchange.held);
      if (entry.waits) return MHD_YES;
      if (entry.refusal) return refuse(connection, exchange, *std::move(entry.refusal));
    }
    answers_.one_begins();
    tell(events_.answers, 1);
    exchange.counted = true;
    const std::size_t mark = std::min(exchange.target.find('?'), exchange.target.size());
    exchange.reply.response = ask_handler(
        WebRequest{.method = method,
                   .path = exchange.target.substr(0, mark),
                   .query = exchange.target.substr(std::min(mark + 1, exchange.target.size())),
                   .accept = joined_values(headers, MHD_HTTP_HEADER_ACCEPT),
                   .accept_encoding = joined_values(headers, MHD_HTTP_HEADER_ACCEPT_ENCODING),
                   .client = Clients::address(connection),
                   .host = joined_values(headers, MHD_HTTP_HEADER_HOST),
                   .origin = joined_values(headers, "Origin"),
                   .fetch_site = joined_values(headers, "Sec-Fetch-Site")});
    return send(connection, exchange);
  }

  WebResponse ask_handler(const WebRequest& request) const {
    try {
      return handler_(request);
    } catch (const std::exception& failure) {
      tell(events_.handler_failed, failure.what());
    } catch (...) {
      tell(events_.handler_failed, "something that is not a std::exception");
    }
    return internal_error();
  }

  // Before the handler sees the request.
  MHD_Result refuse(MHD_Connection* connection, Exchange& exchange, WebResponse response) {
    std::string_view reason = response.body;
    if (reason.ends_with('\n')) reason.remove_suffix(1);
    tell(events_.refused, response.status, reason);
    exchange.reply.response = std::move(response);
    return send(connection, exchange);
  }

  MHD_Result send(MHD_Connection* connection, Exchange& exchange) {
    if (front_.doorkeeper) front_.doorkeeper->add_headers(exchange.reply.response);
    LibraryResponse response = library_response(exchange.reply);
    if (!response) {
      tell(events_.handler_failed,
           "an answer has a header that HTTP cannot carry, or memory is out");
      exchange.reply.response = internal_error();
      response = library_response(exchange.reply);
    }
    if (!response) return MHD_NO;
    const WebResponse& sent = exchange.reply.response;
    clients_.answer_begun(connection, std::max(sent.body.size(), sent.long_body.size));
    return MHD_queue_response(connection, static_cast<unsigned>(exchange.reply.response.status),
                              response.get());
  }

  void answer_left() {
    tell(events_.answers, -1);
    answers_.one_left();
  }

  const Handler handler_;
  const HttpServerLimits limits_;
  const HttpServerEvents events_;
  const HttpServerFront front_;
  const bool check_bytes_ = library_needs_help_with_headers();
  std::vector<ListenAddress> bound_addresses_;
  std::vector<ListenSocket> sockets_;  // without their descriptors; their files go with us
  Clients clients_;
  std::vector<MHD_Daemon*> daemons_;
  std::atomic<bool> stopping_ = false;
  AnswersUnderWay answers_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::vector<ListenAddress>& addresses,
                                                      Handler handler, HttpServerLimits limits,
                                                      HttpServerEvents events,
                                                      HttpServerFront front) {
  auto sockets = ListenSocket::open_all(addresses);
  if (!sockets) return sockets.error();
  return start_on(*std::move(sockets), std::move(handler), limits, std::move(events),
                  std::move(front));
}

Result<std::unique_ptr<HttpServer>> HttpServer::start_on(std::vector<ListenSocket> sockets,
                                                         Handler handler, HttpServerLimits limits,
                                                         HttpServerEvents events,
                                                         HttpServerFront front) {
  auto impl =
      std::make_unique<Impl>(std::move(handler), limits, std::move(events), std::move(front));
  for (ListenSocket& socket : sockets) {
    const Status served = impl->serve(std::move(socket));
    if (!served) return served.error();
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;
const std::vector<ListenAddress>& HttpServer::bound_addresses() const {
  return impl_->bound_addresses();
}

}  // namespace pce
