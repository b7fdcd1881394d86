#pragma once
// One set of kept connections and the libcurl handle that drives them.
#include <array>
#include <optional>
#include <stop_token>
#include <string>

#include <curl/curl.h>

#include "exporter/http/curl_transport.h"
#include "exporter/http/proxy_rules.h"
#include "exporter/http/reception.h"

namespace pce {

// Where a request goes: what error messages may say of it.
struct CurlRoute {
  std::string scheme;  // https or http
  std::string host;
  std::string port;
  std::optional<Proxy> proxy{};

  std::string name() const;  // "host:port", and the proxy's where there is one
};

// Used by one call at a time.
class CurlHandle {
 public:
  CurlHandle() : multi_(curl_multi_init()), easy_(curl_easy_init()) {}
  ~CurlHandle();
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  bool usable() const { return multi_ != nullptr && easy_ != nullptr; }
  Result<HttpResponse> send(const HttpRequest& request, const CurlRoute& route,
                            const CurlTransport::Options& options, std::stop_token stop);
  // Connects and sends nothing. The handle is of no use for send() afterwards.
  ConnectionReport connect(const std::string& url, const CurlRoute& route,
                           const CurlTransport::Options& options, std::stop_token stop);

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_, option, value);
  }
  void set_up_connection(const CurlRoute& route, const CurlTransport::Options& options);
  void set_up_exchange(const HttpRequest& request, const CurlTransport::Options& options,
                       curl_slist* headers, Reception& reception);
  // The transfer's own outcome; nullopt: stopped.
  std::optional<CURLcode> transfer(const std::stop_token& stop);
  std::optional<CURLcode> run(const std::stop_token& stop);
  std::chrono::duration<double> seconds_until(CURLINFO milestone) const;

  CURLM* const multi_;
  CURL* const easy_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace pce
