#pragma once
// Calls through a proxy. Names end in .test and exist for the proxy only, so an answer proves that
// it was asked.
#include "exporter/http/curl_transport.h"
#include "tests/support/connect_proxy.h"
#include "tests/support/environment.h"
#include "tests/support/http_imposter.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_front.h"

namespace pce {

inline constexpr const char* kUrl = "https://partner-center.test/canary-path?canary-query";
inline constexpr const char* kBasic =
    "Basic TUFSS0VSLXVzZXI6TUFSS0VSLXBhc3N3b3Jk";  // of the next two
inline constexpr const char* kCredentials = "MARKER-user:MARKER-password";

inline TestAuthority& authority() {
  static TestAuthority made;
  return made;
}

inline const TestAuthority::Issued& certificate() {
  static const TestAuthority::Issued issued = authority().issue();
  return issued;
}

class CurlTransportProxy : public testing::Test {
 protected:
  static CurlTransport::Options through(const std::string& proxy,
                                        const std::string& credentials = "") {
    CurlTransport::Options options{.proxy = {.proxy = proxy},
                                   .ca_file = authority().certificate().string()};
    if (!credentials.empty()) {
      options.proxy.credentials = [credentials]() -> Result<Secret> {
        return Secret(std::string(credentials));
      };
    }
    return options;
  }
  static Result<HttpResponse> call(const CurlTransport::Options& options,
                                   const std::string& url = kUrl) {
    CurlTransport transport(options);
    return transport.send(
        {.url = url, .bearer = Secret("canary-token"), .timeout = std::chrono::milliseconds(2000)},
        {});
  }
  static Error refusal(const CurlTransport::Options& options, const std::string& url = kUrl) {
    const auto answer = call(options, url);
    EXPECT_FALSE(answer);
    if (answer) return {};
    EXPECT_THAT(answer.error().message, testing::Not(testing::HasSubstr("canary")));
    EXPECT_THAT(answer.error().message, testing::Not(testing::HasSubstr("MARKER")));
    EXPECT_THAT(answer.error().message, testing::Not(testing::HasSubstr("TUFSS0VS")));
    return answer.error();
  }
  static std::string name_of_port(int port) { return "127.0.0.1:" + std::to_string(port); }

  HttpImposter server_{
      [](const std::string&, int) { return HttpImposter::answer(200, "at the far end"); }};
  TlsFront front_{certificate().certificate, certificate().key, server_.port()};
};

}  // namespace pce
