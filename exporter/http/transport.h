#pragma once
// The seam between us and the network: one request in, one whole answer out. Implemented by
// CurlTransport, and by ScriptedTransport in the tests.
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

struct Header {
  std::string name;
  std::string value;
};

// Header names are equal in any case.
bool same_header_name(std::string_view a, std::string_view b);

struct HttpRequest {
  std::string method = "GET";
  std::string url{};
  std::vector<Header> headers{};
  Secret bearer{};  // sent as "Authorization: Bearer …" to this URL only; empty: no such header
  Secret body{};    // sent when method is POST
  std::chrono::milliseconds timeout{120'000};  // for the whole call
  std::size_t body_bytes_max =
      64U * 1024 * 1024;  // of the decoded answer; more is ErrorKind::kTooLarge
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers{};
  std::string body{};  // decoded

  // The first header of this name in any case.
  std::optional<std::string_view> header(std::string_view name) const;
};

// Any thread may call send(). A status such as 404 or 500 is a successful send; redirects are never
// followed.
class Transport {
 public:
  virtual ~Transport() = default;
  // Errors: kDns, kConnect, kProxy, kTls, kTimeout, kCut, kTooLarge, kCancelled (soon after `stop`
  // is requested), kMalformed (what came is not HTTP), kSettings (a URL or header that must not be
  // sent), kInternal. Messages name host and port, never a path, a query or a header value.
  virtual Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) = 0;
};

}  // namespace pce
