#include "exporter/http/curl_transport.h"

#include <mutex>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "exporter/http/curl_handle.h"
#include "exporter/http/reception.h"

namespace pce {
namespace {

constexpr std::size_t kIdleHandlesMax = 32;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

Error refused(std::string message) {
  return {.kind = ErrorKind::kSettings, .message = std::move(message)};
}

Result<CurlRoute> route_to(const std::string& url, const ProxyRules& rules) {
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
  CurlRoute route{.scheme = scheme, .host = part(CURLUPART_HOST), .port = part(CURLUPART_PORT)};
  if (scheme != "https" && scheme != "http") {
    return refused("a URL with the scheme \"" + scheme + "\"; only https and http are called");
  }
  if (!part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty()) {
    return refused(route.name() + ": a URL with a user name or password in it is not called");
  }
  auto proxy = rules.proxy_for(route.scheme, route.host);
  if (!proxy) return with_context(std::move(proxy).error(), route.name());
  route.proxy = std::move(*proxy);
  return route;
}

}  // namespace

struct CurlTransport::State {
  explicit State(Options wanted) : options(std::move(wanted)), proxies(options.proxy) {}
  const Options options;
  const ProxyRules proxies;
  std::unique_ptr<CurlHandle> take_handle();
  void give_back(std::unique_ptr<CurlHandle> handle);

  std::mutex mutex;
  std::vector<std::unique_ptr<CurlHandle>> idle;  // the last one used is the first one used again
};

CurlTransport::CurlTransport(Options options)
    : state_(std::make_shared<State>(std::move(options))) {
  static const CURLcode initialised =
      curl_global_init(CURL_GLOBAL_DEFAULT);  // for the life of the process
  static_cast<void>(initialised);
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::options_are(Options options) {
  auto next = std::make_shared<State>(std::move(options));
  const std::scoped_lock lock(mutex_);
  state_.swap(next);
}

std::shared_ptr<CurlTransport::State> CurlTransport::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

std::unique_ptr<CurlHandle> CurlTransport::State::take_handle() {
  {
    const std::scoped_lock lock(mutex);
    if (!idle.empty()) {
      auto handle = std::move(idle.back());
      idle.pop_back();
      return handle;
    }
  }
  return std::make_unique<CurlHandle>();
}

void CurlTransport::State::give_back(std::unique_ptr<CurlHandle> handle) {
  const std::scoped_lock lock(mutex);
  if (idle.size() < kIdleHandlesMax) idle.push_back(std::move(handle));
}

ConnectionReport CurlTransport::connect(const std::string& url, std::stop_token stop) {
  const auto state = this->state();
  auto route = route_to(url, state->proxies);
  // What cannot be routed never got as far as a name, but for a proxy that nobody can make out.
  if (!route)
    return {.reached = ConnectionReport::Stage::kProxy, .error = std::move(route).error()};
  CurlHandle handle;
  if (handle.usable()) return handle.connect(url, *route, state->options, std::move(stop));
  return {.host_and_port = route->name(),
          .error = Error{.kind = ErrorKind::kInternal, .message = "libcurl cannot be set up"}};
}

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, std::stop_token stop) {
  const auto state = this->state();
  const auto route = route_to(request.url, state->proxies);
  if (!route) return route.error();
  if (request.method != "GET" && request.method != "POST") {
    return refused(route->name() + ": only GET and POST are sent");
  }
  for (const Header& header : request.headers) {
    if (!is_header_name(header.name))
      return refused(route->name() + ": a header name with forbidden characters");
    if (!is_header_value(header.value)) {
      return refused(route->name() + ": the value of the header " + header.name +
                     " has control characters");
    }
  }
  if (!is_header_value(request.bearer.reveal())) {
    return refused(route->name() + ": the access token has control characters");
  }
  auto handle = state->take_handle();
  if (!handle->usable()) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = route->name() + ": libcurl cannot be set up"};
  }
  auto answer = handle->send(request, *route, state->options, std::move(stop));
  state->give_back(std::move(handle));
  return answer;
}

}  // namespace pce
