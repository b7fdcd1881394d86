#pragma once
// What libcurl says about a transfer that failed, as an Error for people.
#include <optional>
#include <string_view>

#include <curl/curl.h>

#include "exporter/http/curl_handle.h"

namespace pce {

// What the answer itself was refused for; nullopt: it is not to blame.
std::optional<Error> reception_error(CURLcode code, const Reception& reception,
                                     const CurlRoute& route);

// `detail`: what curl wrote into its error buffer. kProxy: what failed before the proxy had
// connected us, whatever it was. kTls: with subject, issuer and dates where a certificate was
// refused, and with what to do.
Error curl_error(CURL* easy, CURLcode code, std::string_view detail, const CurlRoute& route,
                 const std::string& ca_file);

}  // namespace pce
