#include "exporter/web/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include <microhttpd.h>

#include "exporter/web/listen_socket.h"
#include "exporter/web/reply.h"
#include "exporter/web/request_gate.h"

namespace pce {
namespace {

constexpr unsigned kMode = MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;

// Releases before 0.9.77 do not really check the header block themselves, and leave it in memory in
// a known form. The version that counts is the one we run with: later ones have the same soname.
bool library_needs_help_with_headers() {
  std::array<int, 3> version{};
  // A text that cannot be read counts as a newer library.
  if (std::sscanf(MHD_get_version(), "%d.%d.%d", &version[0], &version[1], &version[2]) != 3) {
    return false;
  }
  return version < std::array{0, 9, 77};
}

// One request, from its request line to the last byte of its answer.
struct Exchange {
  std::string target;                // as sent, with the query
  const char* target_end = nullptr;  // where it ended in the library's buffer
  bool headers_seen = false;
  bool counted = false;  // among the answers under way
  Reply reply;           // the library sends the body from here
};

std::vector<SentHeader> headers_of(MHD_Connection* connection) {
  std::vector<SentHeader> headers;
  // Room first: the callback below is called by C code, so it must not throw.
  const int count = MHD_get_connection_values(connection, MHD_HEADER_KIND, nullptr, nullptr);
  headers.reserve(static_cast<std::size_t>(std::max(0, count)));
  MHD_get_connection_values_n(
      connection, MHD_HEADER_KIND,
      [](void* out, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
         std::size_t value_size) noexcept {
        static_cast<std::vector<SentHeader>*>(out)->push_back(
            {{name, name_size}, value == nullptr ? "" : std::string_view(value, value_size)});
        return MHD_YES;
      },
      &headers);
  return headers;
}

std::string joined_values(const std::vector<SentHeader>& headers, std::string_view name) {
  std::string values;
  for (const SentHeader& header : headers) {
    if (!same_header_name(header.name, name)) continue;
    if (!values.empty()) values += ", ";
    values += header.value;
  }
  return values;
}

// What only the bytes themselves can tell.
std::optional<Refusal> refuse_bytes(MHD_Connection* connection, const Exchange& exchange,
                                    const char* method, const char* version) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  // In the library's buffer the request begins at `method`; `version` is further along.
  if (info == nullptr || version < method || version >= method + info->header_size) {
    return Refusal{.status = 400, .reason = "The request line cannot be read."};
  }
  if (exchange.target_end + 1 != version) {
    return Refusal{.status = 400, .reason = "The request line has a zero byte in it."};
  }
  return refuse_header_block({version, method + info->header_size});
}

WebResponse plain_answer(int status, std::string_view body) {
  return WebResponse{.status = status,
                     .content_type = "text/plain; charset=utf-8",
                     .headers = {{"X-Content-Type-Options", "nosniff"}},
                     .body = std::string(body) + "\n"};
}

WebResponse internal_error() {
  return plain_answer(500, "This request failed inside the exporter; its log says more.");
}

// What we know of a connection, beside its requests.
struct Client {
  bool left_room = true;  // each of its requests did, see leaves_room()
};

Client* client_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<Client*>(info->socket_context);
}

template <typename Event, typename... Details>
void tell(const Event& event, const Details&... details) noexcept {
  if (!event) return;
  try {
    event(details...);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // The listener itself failed: there is nobody left to tell, and above us is C code.
  }
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Handler handler, HttpServerLimits limits, HttpServerEvents events)
      : handler_(std::move(handler)), limits_(limits), events_(std::move(events)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;

  ~Impl() {
    stopping_ = true;
    {
      std::unique_lock lock(mutex_);
      all_answered_.wait_for(lock, limits_.farewell, [this] { return answers_ == 0; });
    }
    for (MHD_Daemon* daemon : daemons_) MHD_stop_daemon(daemon);
  }

  Status serve(ListenSocket socket) {
    Address address{.host = socket.host(), .port = socket.port()};
    // The logger comes first, or complaints about the options after it go to standard error. Where
    // our gate sees the bytes it does what strictness would, and better: 0.9.75 sends the head of
    // its own refusals twice.
    // clang-format off
    MHD_Daemon* daemon = MHD_start_daemon(
        kMode, 0, &Impl::on_accept, this, &Impl::on_request, this,
        MHD_OPTION_EXTERNAL_LOGGER, &Impl::on_log, this,
        MHD_OPTION_LISTEN_SOCKET, static_cast<MHD_socket>(socket.release()),
        MHD_OPTION_THREAD_POOL_SIZE, std::max(2U, limits_.threads),
        MHD_OPTION_CONNECTION_LIMIT, limits_.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits_.connections_per_client,
        MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits_.idle.count()),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,
        MHD_OPTION_STRICT_FOR_CLIENT, check_bytes_ ? 0 : 1,
        MHD_OPTION_NOTIFY_CONNECTION, &Impl::on_connection, this,
        MHD_OPTION_URI_LOG_CALLBACK, &Impl::on_request_line, this,
        MHD_OPTION_NOTIFY_COMPLETED, &Impl::on_completed, this,
        MHD_OPTION_END);
    // clang-format on
    // The descriptor is the library's now: it closes it when it stops, and on nearly every way to
    // fail.
    if (daemon == nullptr) {
      return Error{.kind = ErrorKind::kInternal,
                   .message = "cannot serve on " + address_text(address.host, address.port) +
                              ": the web server's threads did not start; the limits of processes "
                              "and of memory for this user are the usual cause"};
    }
    daemons_.push_back(daemon);
    bound_addresses_.push_back(std::move(address));
    return Done{};
  }

  const std::vector<Address>& bound_addresses() const { return bound_addresses_; }

 private:
  static Impl& self(void* cls) { return *static_cast<Impl*>(cls); }

  // Refusing here, and not MHD_quiesce_daemon(), is how we stop taking connections: in 0.9.75 the
  // latter races with its own worker threads and aborts the process when it loses.
  static MHD_Result on_accept(void* cls, const sockaddr*, socklen_t) {
    return self(cls).stopping_ ? MHD_NO : MHD_YES;
  }

  static void on_connection(void*, MHD_Connection*, void** context,
                            MHD_ConnectionNotificationCode code) noexcept {
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
      *context = new (std::nothrow) Client;  // without one, bodies go the way that takes no room
    } else {
      delete static_cast<Client*>(*context);
      *context = nullptr;
    }
  }

  // Comes before anything is decoded or cut off, so this is the target as it was sent.
  static void* on_request_line(void* cls, const char* target, MHD_Connection*) noexcept {
    try {
      auto exchange = std::make_unique<Exchange>();
      if (target != nullptr) {
        exchange->target = target;
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
      if (Client* client = client_of(connection)) {
        client->left_room = client->left_room && leaves_room(connection);
        exchange->reply.may_send_pieces = client->left_room;
      }

      const std::vector<SentHeader> headers = headers_of(connection);
      std::optional<Refusal> refusal;
      if (server.check_bytes_) refusal = refuse_bytes(connection, *exchange, method, version);
      if (!refusal) refusal = refuse_request({method, exchange->target, version}, headers);
      if (refusal) {
        tell(server.events_.refused, refusal->status, std::string_view(refusal->reason));
        exchange->reply.response = plain_answer(refusal->status, refusal->reason);
        exchange->reply.response.headers.push_back({"Connection", "close"});
        return server.send(connection, *exchange);
      }
      return announces_body(headers) ? server.answer(connection, *exchange, method) : MHD_YES;
    } catch (const std::exception& failure) {
      tell(server.events_.handler_failed, failure.what());
      return MHD_NO;  // closes the connection
    }
  }

  static void on_completed(void* cls, MHD_Connection*, void** state,
                           MHD_RequestTerminationCode) noexcept {
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*state));
    *state = nullptr;
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
    answer_begins();
    exchange.counted = true;
    const std::size_t mark = std::min(exchange.target.find('?'), exchange.target.size());
    exchange.reply.response = ask_handler(
        WebRequest{.method = method,
                   .path = exchange.target.substr(0, mark),
                   .query = exchange.target.substr(std::min(mark + 1, exchange.target.size())),
                   .accept = joined_values(headers, MHD_HTTP_HEADER_ACCEPT),
                   .accept_encoding = joined_values(headers, MHD_HTTP_HEADER_ACCEPT_ENCODING)});
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

  MHD_Result send(MHD_Connection* connection, Exchange& exchange) const {
    LibraryResponse response = library_response(exchange.reply);
    if (!response) {
      tell(events_.handler_failed,
           "an answer has a header that HTTP cannot carry, or memory is out");
      exchange.reply.response = internal_error();
      response = library_response(exchange.reply);
    }
    if (!response) return MHD_NO;
    return MHD_queue_response(connection, static_cast<unsigned>(exchange.reply.response.status),
                              response.get());
  }

  void answer_begins() {
    const std::scoped_lock lock(mutex_);
    ++answers_;
  }

  void answer_left() {
    const std::scoped_lock lock(mutex_);
    if (--answers_ == 0) all_answered_.notify_all();
  }

  const Handler handler_;
  const HttpServerLimits limits_;
  const HttpServerEvents events_;
  const bool check_bytes_ = library_needs_help_with_headers();
  std::vector<Address> bound_addresses_;
  std::vector<MHD_Daemon*> daemons_;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;
  std::condition_variable all_answered_;
  int answers_ = 0;  // under mutex_: from the handler's start until the last byte is handed over
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::vector<Address>& addresses,
                                                      Handler handler, HttpServerLimits limits,
                                                      HttpServerEvents events) {
  if (addresses.empty()) {
    return Error{.kind = ErrorKind::kSettings,
                 .message =
                     "there is no address to listen on; give one, as in "
                     "--web.listen-address=:10365"};
  }
  std::vector<ListenSocket> sockets;
  for (const auto& [host, port] : addresses) {
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    auto socket = ListenSocket::open(bracketed ? host.substr(1, host.size() - 2) : host, port);
    if (!socket) return socket.error();
    sockets.push_back(*std::move(socket));
  }
  auto impl = std::make_unique<Impl>(std::move(handler), limits, std::move(events));
  for (ListenSocket& socket : sockets) {
    const Status served = impl->serve(std::move(socket));
    if (!served) return served.error();
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;
const std::vector<HttpServer::Address>& HttpServer::bound_addresses() const {
  return impl_->bound_addresses();
}

}  // namespace pce
