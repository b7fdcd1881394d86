#include "exporter/http/curl_handle.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "exporter/http/curl_failure.h"
#include "exporter/http/peer_certificate.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

constexpr int kPollMillisecondsMax = 1'000;  // a stop wakes us earlier

// The request's headers in curl's form. curl reads the list without copying or freeing it, so the
// token's line lives only in a Secret.
class HeaderList {
 public:
  explicit HeaderList(const HttpRequest& request) {
    lines_.reserve(request.headers.size() + 2);
    for (const Header& h : request.headers) {
      // "Name;" is curl's way to say a header without a value.
      lines_.emplace_back(h.value.empty() ? h.name + ";" : h.name + ": " + h.value);
    }
    lines_.emplace_back("Expect:");  // curl must not ask for 100 Continue
    if (!request.bearer.empty()) {
      constexpr std::string_view kName = "Authorization: Bearer ";
      std::string line;
      line.reserve(kName.size() + request.bearer.reveal().size());
      line.append(kName).append(request.bearer.reveal());
      lines_.emplace_back(std::move(line));
    }
    nodes_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      // curl_slist has no const, and curl only reads it.
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
      nodes_[i].data = const_cast<char*>(lines_[i].reveal().data());
      nodes_[i].next = i + 1 < nodes_.size() ? &nodes_[i + 1] : nullptr;
    }
  }
  curl_slist* first() { return nodes_.data(); }

 private:
  std::vector<Secret> lines_;
  std::vector<curl_slist> nodes_;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* reception) {
  return static_cast<Reception*>(reception)->take_body({data, size * count}) ? size * count : 0;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* reception) {
  return static_cast<Reception*>(reception)->take_header({data, size * count}) ? size * count : 0;
}

// What can be told of TLS only while the connection belongs to the transfer.
struct TlsProbe {
  CURL* easy;
  std::string version{};

  static int look(void* self, char*, char*, int, int) {
    auto& probe = *static_cast<TlsProbe*>(self);
    probe.version = tls_version(probe.easy);
    return CURL_PREREQFUNC_OK;
  }
};

// Where it ended. Of a time that ran out only the times tell.
ConnectionReport::Stage stage_of(const Error& error, const CurlRoute& route,
                                 const ConnectionReport& report) {
  using Stage = ConnectionReport::Stage;
  switch (error.kind) {
    case ErrorKind::kDns:
      return Stage::kName;
    case ErrorKind::kProxy:
      return Stage::kProxy;
    case ErrorKind::kConnect:
      return Stage::kConnection;
    case ErrorKind::kTls:
      return Stage::kTls;
    default:
      break;
  }
  if (report.name_took.count() <= 0) return route.proxy ? Stage::kProxy : Stage::kName;
  if (report.address.empty()) return route.proxy ? Stage::kProxy : Stage::kConnection;
  return Stage::kTls;
}

}  // namespace

std::string CurlRoute::name() const {
  return host + ":" + port + (proxy ? " through the proxy " + proxy->name : std::string());
}

CurlHandle::~CurlHandle() {
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

void CurlHandle::set_up_connection(const CurlRoute& route, const CurlTransport::Options& options) {
  curl_easy_reset(easy_);
  detail_.front() = '\0';
  set(CURLOPT_ERRORBUFFER, detail_.data());
#if LIBCURL_VERSION_NUM >= 0x075500
  set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
  set(CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a resolver that does not answer
#endif
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));

  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CERTINFO, 1L);  // for curl_failure
  if (!options.ca_file.empty()) {
    for (const CURLoption file : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO})
      set(file, options.ca_file.c_str());
    // The system's folder of authorities would be trusted beside the file.
    for (const CURLoption folder : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH})
      set(folder, static_cast<const char*>(nullptr));
  }

  if (!options.certificate_file.empty()) {
    set(CURLOPT_SSLCERT, options.certificate_file.c_str());
    set(CURLOPT_SSLKEY, options.key_file.c_str());
  }

  set(CURLOPT_PROXY, route.proxy ? route.proxy->address.c_str() : "");
  set(CURLOPT_NOPROXY, "");  // ProxyRules have judged that
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (route.proxy && !route.proxy->user.empty()) {
    // The text of a Secret ends in a zero byte.
    set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
    set(CURLOPT_PROXYUSERNAME, route.proxy->user.reveal().data());
    set(CURLOPT_PROXYPASSWORD, route.proxy->password.reveal().data());
  }
}

void CurlHandle::set_up_exchange(const HttpRequest& request, const CurlTransport::Options& options,
                                 curl_slist* headers, Reception& reception) {
  set(CURLOPT_URL, request.url.c_str());
  if (!options.login.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERPWD, options.login.reveal().data());  // it ends in a zero byte
  }
  set(CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::max<milliseconds::rep>(request.timeout.count(), 1)));
  set(CURLOPT_LOW_SPEED_LIMIT, options.slow_bytes_per_second);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.slow_for.count()));
  set(CURLOPT_BUFFERSIZE, 128L * 1024);
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_USERAGENT, ("partner_center_exporter/" + options.version).c_str());
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // the token is no proxy's
  if (request.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
    set(CURLOPT_POSTFIELDS, request.body.reveal().data());  // not copied
    set(CURLOPT_FRESH_CONNECT, 1L);  // curl repeats what a kept connection swallowed
  }
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &reception);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &reception);
  // Refuses at once what announces too much; what announces less than it sends is for on_body.
  constexpr std::size_t kOffsetMax =
      static_cast<std::size_t>(std::numeric_limits<curl_off_t>::max());
  set(CURLOPT_MAXFILESIZE_LARGE,
      static_cast<curl_off_t>(std::min(request.body_bytes_max, kOffsetMax)));
}

std::optional<CURLcode> CurlHandle::run(const std::stop_token& stop) {
  int running = 1;
  while (true) {
    if (stop.stop_requested()) return std::nullopt;
    if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (curl_multi_poll(multi_, nullptr, 0, kPollMillisecondsMax, nullptr) != CURLM_OK)
      return CURLE_FAILED_INIT;
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_, &left);
  return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result
                                                            : CURLE_FAILED_INIT;
}

std::optional<CURLcode> CurlHandle::transfer(const std::stop_token& stop) {
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_FAILED_INIT;
  std::optional<CURLcode> outcome;
  {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    outcome = run(stop);
  }
  curl_multi_remove_handle(multi_, easy_);  // closes the connection of a transfer that is not over
  return outcome;
}

Result<HttpResponse> CurlHandle::send(const HttpRequest& request, const CurlRoute& route,
                                      const CurlTransport::Options& options, std::stop_token stop) {
  HeaderList headers(request);
  Reception reception{
      .limits = {.body_bytes = request.body_bytes_max, .header_bytes = options.header_bytes_max}};
  set_up_connection(route, options);
  set_up_exchange(request, options, headers.first(), reception);
  const std::optional<CURLcode> outcome = transfer(stop);
  std::optional<Error> error;
  if (!outcome) {
    error = Error{.kind = ErrorKind::kCancelled,
                  .message = route.name() + ": given up, we are stopping"};
  } else if (*outcome != CURLE_OK) {
    error = reception_error(*outcome, reception, route);
    if (!error) error = curl_error(easy_, *outcome, detail_.data(), route, options.ca_file);
  } else if (!reception.headers_done) {  // curl is content with headers that stop anywhere
    error = Error{.kind = ErrorKind::kCut,
                  .message = route.name() + ": the connection ended within the headers"};
  }
  curl_easy_reset(easy_);  // it must not point to what dies with this call
  if (error) return std::move(*error);
  return std::move(reception.response);
}

std::chrono::duration<double> CurlHandle::seconds_until(CURLINFO milestone) const {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_, milestone, &microseconds);
  return std::chrono::microseconds(microseconds);
}

ConnectionReport CurlHandle::connect(const std::string& url, const CurlRoute& route,
                                     const CurlTransport::Options& options, std::stop_token stop) {
  ConnectionReport report{.host_and_port = route.host + ":" + route.port};
  if (route.proxy) {
    report.proxy = route.proxy->name;
    report.proxy_source = route.proxy->source;
  }
  set_up_connection(route, options);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_CONNECT_ONLY, 1L);
  TlsProbe probe{.easy = easy_};
  set(CURLOPT_PREREQFUNCTION, &TlsProbe::look);
  set(CURLOPT_PREREQDATA, &probe);
  const std::optional<CURLcode> outcome = transfer(stop);
  report.tls_version = probe.version;
  report.certificate = peer_certificate(easy_);
  const char* address = nullptr;
  if (curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != nullptr)
    report.address = address;
  const auto name = seconds_until(CURLINFO_NAMELOOKUP_TIME_T);
  const auto connection = std::max(name, seconds_until(CURLINFO_CONNECT_TIME_T));
  report.name_took = name;
  report.connection_took = connection - name;
  report.tls_took = std::max(connection, seconds_until(CURLINFO_APPCONNECT_TIME_T)) - connection;
  if (!outcome) {
    report.error = Error{.kind = ErrorKind::kCancelled,
                         .message = route.name() + ": given up, we are stopping"};
  } else if (*outcome == CURLE_OK) {
    report.reached = ConnectionReport::Stage::kDone;
  } else {
    report.error = curl_error(easy_, *outcome, detail_.data(), route, options.ca_file);
    report.reached = stage_of(*report.error, route, report);
  }
  curl_easy_reset(easy_);
  return report;
}

}  // namespace pce
