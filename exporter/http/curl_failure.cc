#include "exporter/http/curl_failure.h"

#include <string>
#include <utility>

#include "exporter/http/peer_certificate.h"

namespace pce {
namespace {

ErrorKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return ErrorKind::kDns;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return ErrorKind::kProxy;
    case CURLE_COULDNT_CONNECT:
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

long number(CURL* easy, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

bool is_connected(CURL* easy) {
  const char* address = nullptr;
  return curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != nullptr &&
         *address != '\0';
}

// Whether the transfer ended before an HTTP proxy had answered our CONNECT. A kept connection has
// that behind it.
bool waits_for_proxy(CURL* easy, const CurlRoute& route) {
  const bool kept = is_connected(easy) && number(easy, CURLINFO_NUM_CONNECTS) == 0;
  return route.proxy && route.scheme == "https" && route.proxy->address.starts_with("http") &&
         !kept && number(easy, CURLINFO_HTTP_CONNECTCODE) == 0;
}

std::string proxy_advice(long status, const Proxy& proxy) {
  switch (status) {
    case 407:
      if (proxy.user.empty()) {
        return "put USER:PASSWORD into the file that proxy_credentials_file names: the proxy wants "
               "them";
      }
      return "correct user name and password in " +
             (proxy.source == kConfiguredProxy ? "the file that proxy_credentials_file names"
                                               : proxy.source) +
             ": the proxy does not accept them";
    case 403:
      return "have this address allowed at the proxy";
    case 502:
    case 503:
    case 504:
      return "have the proxy's own way out, and its names, looked at: it cannot reach that address "
             "itself";
    default:
      return "look for the reason in the proxy's log";
  }
}

std::string what_curl_says(CURLcode code, std::string_view detail) {
  std::string text = curl_easy_strerror(code);
  if (!detail.empty()) text.append(" (").append(detail).append(")");
  return text;
}

Error tls_error(CURL* easy, CURLcode code, std::string_view detail, const CurlRoute& route,
                const std::string& ca_file, bool of_proxy) {
  const ErrorKind kind = of_proxy ? ErrorKind::kProxy : ErrorKind::kTls;
  const auto error = [&](const std::string& what, const std::string& next_step) {
    return with_next_step({.kind = kind, .message = route.name() + ": " + what}, next_step);
  };
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    const auto status = static_cast<unsigned>(
        number(easy, of_proxy ? CURLINFO_PROXY_SSL_VERIFYRESULT : CURLINFO_SSL_VERIFYRESULT));
    return error((of_proxy ? "the proxy's certificate" : "the certificate") +
                     refused_certificate(peer_certificate(easy), status,
                                         of_proxy ? route.proxy->name : route.host),
                 certificate_advice(status));
  }
  if (code == CURLE_SSL_CACERT_BADFILE && ca_file.empty()) {
    return error("the system's authorities cannot be read",
                 "install the package ca-certificates, or name a PEM file in ca_file");
  }
  if (code == CURLE_SSL_CACERT_BADFILE) {
    return error("no certificates can be read from ca_file, " + ca_file,
                 "put certificates in PEM form into it");
  }
  return error(
      (of_proxy ? "no TLS with the proxy: " : "no TLS: ") + what_curl_says(code, detail),
      "see that the other side speaks TLS 1.2 or later, and that nothing in between interferes");
}

}  // namespace

std::optional<Error> reception_error(CURLcode code, const Reception& reception,
                                     const CurlRoute& route) {
  if (reception.headers_too_large || (code == CURLE_OUT_OF_MEMORY && !reception.headers_done)) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = route.name() + ": the headers of the answer are larger than " +
                            std::to_string(reception.limits.header_bytes) + " bytes"};
  }
  if (reception.body_too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = route.name() + ": the answer is larger than the limit of " +
                            std::to_string(reception.limits.body_bytes) + " bytes"};
  }
  if (reception.not_http) {
    return Error{.kind = ErrorKind::kMalformed,
                 .message = route.name() + ": the answer does not begin with a status of HTTP/1"};
  }
  return std::nullopt;
}

Error curl_error(CURL* easy, CURLcode code, std::string_view detail, const CurlRoute& route,
                 const std::string& ca_file) {
  const long proxy_status = number(easy, CURLINFO_HTTP_CONNECTCODE);
  if (route.proxy && proxy_status != 0 && proxy_status / 100 != 2) {
    return with_next_step(
        {.kind = ErrorKind::kProxy,
         .message = route.host + ":" + route.port + ": the proxy " + route.proxy->name +
                    " refused to connect us, with status " + std::to_string(proxy_status)},
        proxy_advice(proxy_status, *route.proxy));
  }
  const bool of_proxy = waits_for_proxy(easy, route);
  const ErrorKind kind = kind_of(code);
  if (kind == ErrorKind::kTls) return tls_error(easy, code, detail, route, ca_file, of_proxy);
  if (route.proxy && (of_proxy || kind == ErrorKind::kConnect || kind == ErrorKind::kProxy)) {
    return with_next_step({.kind = ErrorKind::kProxy,
                           .message = route.host + ":" + route.port + ": the proxy " +
                                      route.proxy->name + ", named by " + route.proxy->source +
                                      ", did not connect us: " + what_curl_says(code, detail)},
                          "check that address, and that the proxy runs");
  }
  Error error{.kind = kind, .message = route.name() + ": " + what_curl_says(code, detail)};
  if (kind == ErrorKind::kDns) {
    return with_next_step(std::move(error),
                          "check the name, and the resolver of this machine (/etc/resolv.conf)");
  }
  if (kind == ErrorKind::kConnect) {
    return with_next_step(
        std::move(error),
        "check the address, and what lies in between: a firewall, or a proxy that "
        "the configuration should name");
  }
  return error;
}

}  // namespace pce
