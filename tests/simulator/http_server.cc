#include "tests/simulator/http_server.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace simulator {
namespace {

constexpr std::size_t kUploadMax = 16U << 20U;
constexpr std::size_t kPiece = 64U << 10U;

// Hands out a body that is not simply one piece of memory: cut, padded, endless or dripping.
struct BodyReader {
  std::string body;
  std::uint64_t cut_at;
  bool endless;
  std::chrono::milliseconds between_bytes;
  Waiting& waiting;

  ssize_t read(std::uint64_t position, char* out, std::size_t max) const {
    if (waiting.stopping() || position >= cut_at) return MHD_CONTENT_READER_END_WITH_ERROR;
    max = static_cast<std::size_t>(std::min<std::uint64_t>(max, cut_at - position));
    if (between_bytes.count() > 0) {
      if (!waiting.for_span(between_bytes)) return MHD_CONTENT_READER_END_WITH_ERROR;
      max = std::min<std::size_t>(max, 1);
    }
    if (endless && !body.empty()) position %= body.size();
    if (position >= body.size()) {
      std::memset(out, ' ', max);
      return static_cast<ssize_t>(max);
    }
    const std::size_t length =
        std::min<std::size_t>(max, body.size() - static_cast<std::size_t>(position));
    std::memcpy(out, body.data() + position, length);
    return static_cast<ssize_t>(length);
  }
};

ssize_t read_body(void* context, std::uint64_t position, char* out, std::size_t max) {
  return static_cast<BodyReader*>(context)->read(position, out, max);
}
void free_reader(void* context) { delete static_cast<BodyReader*>(context); }
void free_text(void* context) { delete static_cast<std::string*>(context); }

MHD_Response* make_response(Response& response, Waiting& waiting) {
  const bool plain = !response.cut_after && !response.padded_to && !response.endless &&
                     response.between_bytes.count() == 0;
  if (plain) {
    auto* text = new std::string(std::move(response.body));
    return MHD_create_response_from_buffer_with_free_callback_cls(text->size(), text->data(),
                                                                  &free_text, text);
  }
  const std::uint64_t size =
      std::max<std::uint64_t>(response.padded_to.value_or(0), response.body.size());
  const std::uint64_t announced = response.endless ? MHD_SIZE_UNKNOWN : size;
  auto* reader = new BodyReader{std::move(response.body),
                                response.cut_after ? *response.cut_after : MHD_SIZE_UNKNOWN,
                                response.endless, response.between_bytes, waiting};
  return MHD_create_response_from_callback(announced, kPiece, &read_body, reader, &free_reader);
}

struct Pending {
  std::string uri;
  std::string body;
  bool begun = false;
  bool too_large = false;
};

MHD_Result collect_header(void* context, enum MHD_ValueKind /*kind*/, const char* key,
                          const char* value) {
  static_cast<Fields*>(context)->emplace_back(key, value ? value : "");
  return MHD_YES;
}

class MicroServer final : public HttpServer {
 public:
  MicroServer(Handler handler, Waiting& waiting)
      : handler_(std::move(handler)), waiting_(waiting) {}
  ~MicroServer() override {
    waiting_.stop();
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }
  MicroServer(const MicroServer&) = delete;
  MicroServer& operator=(const MicroServer&) = delete;

  std::string url() const override { return url_; }

  bool listen(const sockaddr* address, bool v6, const std::string& host, const ServerTls& tls) {
    const bool secure = !tls.certificate.empty();
    const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                           MHD_USE_POLL | (v6 ? static_cast<unsigned>(MHD_USE_IPv6) : 0U) |
                           (secure ? static_cast<unsigned>(MHD_USE_TLS) : 0U);
    // The library takes the texts as they are and copies nothing.
    tls_ = tls;
    MHD_OptionItem tls_options[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls_.certificate.data()},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls_.key.data()},
        {MHD_OPTION_END, 0, nullptr},
    };
    if (!secure) tls_options[0] = tls_options[2];
    daemon_ = MHD_start_daemon(
        flags, 0, nullptr, nullptr, &MicroServer::on_request, this, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_CONNECTION_LIMIT, 2000U, MHD_OPTION_THREAD_STACK_SIZE, std::size_t{2U << 20U},
        MHD_OPTION_URI_LOG_CALLBACK, &MicroServer::on_uri, nullptr, MHD_OPTION_NOTIFY_COMPLETED,
        &MicroServer::on_completed, nullptr, MHD_OPTION_ARRAY, tls_options, MHD_OPTION_END);
    if (daemon_ == nullptr) return false;
    const auto* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
    url_ = fmt::format("{}://{}:{}", secure ? "https" : "http", host, info->port);
    return true;
  }

 private:
  static void* on_uri(void* /*self*/, const char* uri, MHD_Connection* /*connection*/) {
    auto* pending = new Pending;
    pending->uri = uri;
    return pending;
  }
  static void on_completed(void* /*self*/, MHD_Connection* /*connection*/, void** context,
                           MHD_RequestTerminationCode /*why*/) {
    delete static_cast<Pending*>(*context);
    *context = nullptr;
  }
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* /*url*/,
                               const char* method, const char* /*version*/, const char* upload,
                               std::size_t* upload_size, void** context) {
    auto* pending = static_cast<Pending*>(*context);
    if (!pending->begun) {
      pending->begun = true;
      return MHD_YES;
    }
    if (*upload_size > 0) {
      pending->too_large |= pending->body.size() + *upload_size > kUploadMax;
      if (!pending->too_large) pending->body.append(upload, *upload_size);
      *upload_size = 0;
      return MHD_YES;
    }
    return static_cast<MicroServer*>(self)->answer(connection, method, *pending);
  }

  MHD_Result answer(MHD_Connection* connection, const char* method, Pending& pending) {
    Request request{
        .method = method, .path = {}, .query = {}, .arguments = {}, .headers = {}, .body = {}};
    const auto mark = std::min(pending.uri.find('?'), pending.uri.size());
    request.path = url_decode(std::string_view(pending.uri).substr(0, mark));
    if (mark < pending.uri.size()) request.query = pending.uri.substr(mark + 1);
    request.arguments = parse_form(request.query);
    request.body = std::move(pending.body);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, &collect_header, &request.headers);

    Response response =
        pending.too_large ? gateway_answer(413, "The request is too large.") : handler_(request);
    if (response.close) return MHD_NO;
    const Fields headers = std::move(response.headers);
    MHD_Response* out = make_response(response, waiting_);
    if (out == nullptr) return MHD_NO;
    for (const auto& [name, value] : headers)
      MHD_add_response_header(out, name.c_str(), value.c_str());
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned>(response.status), out);
    MHD_destroy_response(out);
    return queued;
  }

  const Handler handler_;
  Waiting& waiting_;
  ServerTls tls_;
  MHD_Daemon* daemon_ = nullptr;
  std::string url_;
};

}  // namespace

std::unique_ptr<HttpServer> HttpServer::start(const std::string& address, Handler handler,
                                              Waiting& waiting, std::string& problem,
                                              const ServerTls& tls) {
  const auto colon = address.rfind(':');
  const auto port = colon == std::string::npos
                        ? std::nullopt
                        : parse_integer(std::string_view(address).substr(colon + 1));
  std::string host = address.substr(0, std::min(colon, address.size()));
  if (!port || *port < 0 || *port > 65535) {
    problem =
        fmt::format("listen address '{}': wanted HOST:PORT, for example 127.0.0.1:10366", address);
    return nullptr;
  }
  if (host == "localhost" || host.empty()) host = "127.0.0.1";
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(*port));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  v6.sin6_addr = in6addr_loopback;
  const bool is_v6 = host == "[::1]";
  const bool is_v4 = inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1 &&
                     ntohl(v4.sin_addr.s_addr) >> 24U == 127U;
  if (!is_v4 && !is_v6) {
    problem = fmt::format(
        "listen address '{}': only loopback addresses are served (127.x.y.z, localhost, [::1])",
        address);
    return nullptr;
  }
  auto server = std::make_unique<MicroServer>(std::move(handler), waiting);
  const auto* raw =
      is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  errno = 0;
  if (!server->listen(raw, is_v6, host, tls)) {
    problem = fmt::format("cannot listen on {}: {}", address,
                          errno != 0 ? std::strerror(errno) : "certificate and key are no pair");
    return nullptr;
  }
  return server;
}

}  // namespace simulator
