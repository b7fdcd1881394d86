#include "exporter/http/curl_transport.h"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>

#include "exporter/http/reception.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kIdleHandlesMax = 32;
constexpr int kPollMillisecondsMax = 1'000;  // a stop wakes us earlier

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// Where a request goes: what error messages may say of it.
struct Place {
  std::string host;
  std::string port;
  bool loopback = false;
  std::string name() const { return host + ":" + port; }
};

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127.");
}

Error refused(std::string message) {
  return {.kind = ErrorKind::kSettings, .message = std::move(message)};
}

Result<Place> place_of(const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  if (!parsed) return Error{.kind = ErrorKind::kInternal, .message = "out of memory for a URL"};
  const auto part = [&](CURLUPart which) {
    char* text = nullptr;
    std::string found;
    if (curl_url_get(parsed.get(), which, &text, CURLU_DEFAULT_PORT) == CURLUE_OK) found = text;
    curl_free(text);
    return found;
  };
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
      CURLUE_OK) {
    return refused("a URL that cannot be read; write https://host/path");
  }
  const std::string scheme = part(CURLUPART_SCHEME);
  Place place{.host = part(CURLUPART_HOST), .port = part(CURLUPART_PORT)};
  if (scheme != "https" && scheme != "http") {
    return refused("a URL with the scheme \"" + scheme + "\"; only https and http are called");
  }
  if (!part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty()) {
    return refused(place.name() + ": a URL with a user name or password in it is not called");
  }
  place.loopback = is_loopback(place.host);
  return place;
}

// The request's headers in curl's form. curl reads the list without copying or freeing it, so the
// token's line lives only in a Secret.
class HeaderList {
 public:
  explicit HeaderList(const HttpRequest& request) {
    std::size_t bytes = 0;
    for (const Header& h : request.headers) bytes += h.name.size() + h.value.size() + 3;
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
      nodes_[i].data = const_cast<char*>(
          lines_[i].reveal().data());  // NOLINT(cppcoreguidelines-pro-type-const-cast):
                                       // curl only reads it
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

ErrorKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ErrorKind::kDns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
      return ErrorKind::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorKind::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return ErrorKind::kTls;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return ErrorKind::kCut;
    case CURLE_FILESIZE_EXCEEDED:
      return ErrorKind::kTooLarge;
    case CURLE_UNSUPPORTED_PROTOCOL:  // the answer's: the request's was looked at before
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return ErrorKind::kMalformed;
    default:
      return ErrorKind::kInternal;
  }
}

}  // namespace

// One set of connections and the easy handle that drives them; used by one call at a time.
class CurlTransport::Handle {
 public:
  Handle() : multi_(curl_multi_init()), easy_(curl_easy_init()) {}
  ~Handle() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool usable() const { return multi_ != nullptr && easy_ != nullptr; }
  Result<HttpResponse> send(const HttpRequest& request, const Place& place, const Options& options,
                            std::stop_token stop);

 private:
  void set_up(const HttpRequest& request, const Place& place, const Options& options,
              HeaderList& headers, Reception& reception);
  // The transfer's own outcome; nullopt: stopped.
  std::optional<CURLcode> run(const std::stop_token& stop);
  Error failure(CURLcode code, const Reception& reception, const HttpRequest& request,
                const Place& place) const;

  CURLM* const multi_;
  CURL* const easy_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

void CurlTransport::Handle::set_up(const HttpRequest& request, const Place& place,
                                   const Options& options, HeaderList& headers,
                                   Reception& reception) {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(easy_, option, value);
  };
  curl_easy_reset(easy_);
  detail_.front() = '\0';
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_URL, request.url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
  set(CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a resolver that does not answer
#endif
  if (place.loopback) set(CURLOPT_PROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::max<milliseconds::rep>(request.timeout.count(), 1)));
  set(CURLOPT_LOW_SPEED_LIMIT, options.slow_bytes_per_second);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.slow_for.count()));
  set(CURLOPT_BUFFERSIZE, 128L * 1024);
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_USERAGENT, ("partner_center_exporter/" + options.version).c_str());
  set(CURLOPT_HTTPHEADER, headers.first());
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

std::optional<CURLcode> CurlTransport::Handle::run(const std::stop_token& stop) {
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

Error CurlTransport::Handle::failure(CURLcode code, const Reception& reception,
                                     const HttpRequest& request, const Place& place) const {
  if (reception.headers_too_large || (code == CURLE_OUT_OF_MEMORY && !reception.headers_done)) {
    return {.kind = ErrorKind::kTooLarge,
            .message = place.name() + ": the headers of the answer are larger than " +
                       std::to_string(reception.limits.header_bytes) + " bytes"};
  }
  if (reception.body_too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return {.kind = ErrorKind::kTooLarge,
            .message = place.name() + ": the answer is larger than the limit of " +
                       std::to_string(request.body_bytes_max) + " bytes"};
  }
  if (reception.not_http) {
    return {.kind = ErrorKind::kMalformed,
            .message = place.name() + ": the answer does not begin with a status of HTTP/1"};
  }
  long proxy_status = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  if (proxy_status != 0 && proxy_status / 100 != 2) {
    return {.kind = ErrorKind::kConnect,
            .message = place.name() + ": the proxy refused to connect us, with status " +
                       std::to_string(proxy_status)};
  }
  std::string message = place.name() + ": " + curl_easy_strerror(code);
  if (detail_.front() != '\0') message += std::string(" (") + detail_.data() + ")";
  return {.kind = kind_of(code), .message = std::move(message)};
}

Result<HttpResponse> CurlTransport::Handle::send(const HttpRequest& request, const Place& place,
                                                 const Options& options, std::stop_token stop) {
  HeaderList headers(request);
  Reception reception{
      .limits = {.body_bytes = request.body_bytes_max, .header_bytes = options.header_bytes_max}};
  set_up(request, place, options, headers, reception);
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = place.name() + ": the transfer cannot be started"};
  }
  std::optional<CURLcode> outcome;
  {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    outcome = run(stop);
  }
  curl_multi_remove_handle(multi_, easy_);  // closes the connection of a transfer that is not over
  std::optional<Error> error;
  if (!outcome) {
    error = Error{.kind = ErrorKind::kCancelled,
                  .message = place.name() + ": given up, we are stopping"};
  } else if (*outcome != CURLE_OK) {
    error = failure(*outcome, reception, request, place);
  } else if (!reception.headers_done) {  // curl is content with headers that stop anywhere
    error = Error{.kind = ErrorKind::kCut,
                  .message = place.name() + ": the connection ended within the headers"};
  }
  curl_easy_reset(easy_);  // it must not point to what dies with this call
  if (error) return std::move(*error);
  return std::move(reception.response);
}

struct CurlTransport::State {
  Options options;
  std::mutex mutex;
  std::vector<std::unique_ptr<Handle>> idle;  // the last one used is the first one used again
};

CurlTransport::CurlTransport(Options options) : state_(std::make_unique<State>()) {
  static const CURLcode initialised =
      curl_global_init(CURL_GLOBAL_DEFAULT);  // for the life of the process
  static_cast<void>(initialised);
  state_->options = std::move(options);
}

CurlTransport::~CurlTransport() = default;

std::unique_ptr<CurlTransport::Handle> CurlTransport::take_handle() {
  {
    const std::scoped_lock lock(state_->mutex);
    if (!state_->idle.empty()) {
      auto handle = std::move(state_->idle.back());
      state_->idle.pop_back();
      return handle;
    }
  }
  return std::make_unique<Handle>();
}

void CurlTransport::give_back(std::unique_ptr<Handle> handle) {
  const std::scoped_lock lock(state_->mutex);
  if (state_->idle.size() < kIdleHandlesMax) state_->idle.push_back(std::move(handle));
}

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, std::stop_token stop) {
  const auto place = place_of(request.url);
  if (!place) return place.error();
  if (request.method != "GET" && request.method != "POST") {
    return refused(place->name() + ": only GET and POST are sent");
  }
  for (const Header& header : request.headers) {
    if (!is_header_name(header.name))
      return refused(place->name() + ": a header name with forbidden characters");
    if (!is_header_value(header.value)) {
      return refused(place->name() + ": the value of the header " + header.name +
                     " has control characters");
    }
  }
  if (!is_header_value(request.bearer.reveal())) {
    return refused(place->name() + ": the access token has control characters");
  }
  auto handle = take_handle();
  if (!handle->usable()) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = place->name() + ": libcurl cannot be set up"};
  }
  auto answer = handle->send(request, *place, state_->options, std::move(stop));
  give_back(std::move(handle));
  return answer;
}

}  // namespace pce
