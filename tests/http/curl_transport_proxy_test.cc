// Calls through a proxy. Names end in .test and exist for the proxy only, so an answer proves that
// it was asked.
#include <cstdlib>

#include "exporter/http/curl_transport.h"
#include "tests/support/connect_proxy.h"
#include "tests/support/http_imposter.h"
#include "tests/support/program.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_front.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUrl = "https://partner-center.test/canary-path?canary-query";
constexpr const char* kBasic = "Basic TUFSS0VSLXVzZXI6TUFSS0VSLXBhc3N3b3Jk";  // of the next two
constexpr const char* kCredentials = "MARKER-user:MARKER-password";

TestAuthority& authority() {
  static TestAuthority made;
  return made;
}

const TestAuthority::Issued& certificate() {
  static const TestAuthority::Issued issued = authority().issue();
  return issued;
}

// Set for as long as it lives.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() { unsetenv(name_); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* const name_;
};

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
        {.url = url, .bearer = Secret("canary-token"), .timeout = milliseconds(2000)}, {});
  }
  static Error refusal(const CurlTransport::Options& options, const std::string& url = kUrl) {
    const auto answer = call(options, url);
    EXPECT_FALSE(answer);
    if (answer) return {};
    EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("MARKER")));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("TUFSS0VS")));
    return answer.error();
  }
  static std::string name_of_port(int port) { return "127.0.0.1:" + std::to_string(port); }

  HttpImposter server_{
      [](const std::string&, int) { return HttpImposter::answer(200, "at the far end"); }};
  TlsFront front_{certificate().certificate, certificate().key, server_.port()};
};

TEST_F(CurlTransportProxy, OfTheConfigurationIsUsed) {
  const ConnectProxy proxy(front_.port());
  const auto answer = call(through(proxy.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "at the far end");
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_THAT(proxy.requests()[0],
              testing::StartsWith("CONNECT partner-center.test:443 HTTP/1.1\r\n"));
  EXPECT_THAT(proxy.requests()[0], Not(HasSubstr("canary"))) << "the token is not the proxy's";
  EXPECT_THAT(server_.requests().at(0), HasSubstr("Authorization: Bearer canary-token\r\n"));
  EXPECT_THAT(server_.requests().at(0), Not(HasSubstr("Proxy")));
}

TEST_F(CurlTransportProxy, KeepsItsTunnelForTheNextCall) {
  const ConnectProxy proxy(front_.port());
  CurlTransport transport(through(proxy.url()));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(transport.send({.url = kUrl}, {}));
  EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(CurlTransportProxy, OfTheEnvironmentIsUsedAndItsPasswordShownToItOnly) {
  const ConnectProxy proxy(front_.port(), {.authorization = kBasic});
  const EnvironmentVariable variable(
      "HTTPS_PROXY", "http://" + std::string(kCredentials) + "@" + proxy.url().substr(7));
  const auto answer = call(through(""));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(server_.requests().at(0), Not(HasSubstr("TUFSS0VS")));
}

TEST_F(CurlTransportProxy, OfTheConfigurationWinsOverTheEnvironment) {
  const ConnectProxy proxy(front_.port());
  const ConnectProxy other(front_.port(), {.refuse_with = 403});
  const EnvironmentVariable variable("https_proxy", other.url());
  EXPECT_TRUE(call(through(proxy.url())));
  EXPECT_EQ(other.connections(), 0);
}

TEST_F(CurlTransportProxy, IsPassedByForWhatNoProxyNames) {
  const ConnectProxy proxy(front_.port());
  // A label of 64 characters cannot be put into a question, so no resolver is asked.
  const std::string url = "https://" + std::string(64, 'a') + ".test/";
  for (const char* name : {"NO_PROXY", "no_proxy"}) {
    const EnvironmentVariable variable(name, "other.example,.test");
    EXPECT_EQ(refusal(through(proxy.url()), url).kind, ErrorKind::kDns);
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(CurlTransportProxy, IsPassedByForLoopback) {
  const ConnectProxy proxy(front_.port());
  const EnvironmentVariable variable("HTTPS_PROXY", proxy.url());
  for (const std::string& configured : {std::string(), proxy.url()}) {
    const auto answer = call(through(configured), front_.url());
    EXPECT_TRUE(answer) << answer.error().message;
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(CurlTransportProxy, GetsItsCredentials) {
  const ConnectProxy proxy(front_.port(), {.authorization = kBasic});
  CurlTransport transport(through(proxy.url(), kCredentials));
  for (const char* method : {"GET", "POST"}) {
    const auto answer = transport.send({.method = method, .url = kUrl, .body = Secret("body")}, {});
    ASSERT_TRUE(answer) << answer.error().message;
  }
  EXPECT_EQ(server_.requests().size(), 2U) << "what is refused to the proxy is not sent twice";
}

TEST_F(CurlTransportProxy, ThatWantsCredentialsSaysWhereTheyBelong) {
  const ConnectProxy proxy(front_.port(), {.authorization = kBasic});
  const Error error = refusal(through(proxy.url()));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("partner-center.test:443: the proxy " + name_of_port(proxy.port()) +
                              " refused to connect us, with status 407"),
                    HasSubstr("proxy_credentials_file")));
}

TEST_F(CurlTransportProxy, ThatRefusesTheCredentialsIsToldApart) {
  const ConnectProxy proxy(front_.port(), {.authorization = "Basic c29tZWJvZHk6ZWxzZQ=="});
  const Error error = refusal(through(proxy.url(), kCredentials));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message, AllOf(HasSubstr("407"), HasSubstr("does not accept the user name")));
  const EnvironmentVariable variable(
      "HTTPS_PROXY", "http://" + std::string(kCredentials) + "@" + proxy.url().substr(7));
  EXPECT_THAT(refusal(through("")).message, HasSubstr("does not accept the user name"));
}

struct ProxyStatus {
  int status;
  std::string advice;
};
class ProxyRefusal : public CurlTransportProxy, public testing::WithParamInterface<ProxyStatus> {};

TEST_P(ProxyRefusal, IsSaidWithItsStatusAndWhatToDo) {
  const ConnectProxy proxy(front_.port(), {.refuse_with = GetParam().status});
  const Error error = refusal(through(proxy.url()));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message, AllOf(HasSubstr("status " + std::to_string(GetParam().status)),
                                   HasSubstr(GetParam().advice)));
}

INSTANTIATE_TEST_SUITE_P(Statuses, ProxyRefusal,
                         testing::Values(ProxyStatus{403, "have this address allowed there"},
                                         ProxyStatus{502, "cannot reach that address itself"},
                                         ProxyStatus{503, "cannot reach that address itself"},
                                         ProxyStatus{504, "cannot reach that address itself"},
                                         ProxyStatus{500, "its log"}, ProxyStatus{302, "its log"}));

TEST_F(CurlTransportProxy, WhereNobodyListensIsToldApartFromTheFarEnd) {
  int port = 0;
  {
    const ConnectProxy gone(front_.port());
    port = gone.port();
  }
  const Error error = refusal(through("http://" + name_of_port(port)));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("the proxy " + name_of_port(port)),
                    HasSubstr("named by the configuration"), HasSubstr("check that address")));
}

TEST_F(CurlTransportProxy, OfTheEnvironmentWhereNobodyListensIsNamedWithoutItsPassword) {
  int port = 0;
  {
    const ConnectProxy gone(front_.port());
    port = gone.port();
  }
  const EnvironmentVariable variable(
      "HTTPS_PROXY", "http://" + std::string(kCredentials) + "@" + name_of_port(port));
  const Error error = refusal(through(""));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message, AllOf(HasSubstr("the proxy " + name_of_port(port)),
                                   HasSubstr("named by HTTPS_PROXY")));
}

TEST_F(CurlTransportProxy, WhoseNameDoesNotResolveIsToldApartFromTheFarEnd) {
  // A label of 64 characters cannot be put into a question, so no resolver is asked.
  const Error error = refusal(through("http://" + std::string(64, 'a') + ".invalid:3128"));
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message, HasSubstr("resolve proxy"));
}

TEST_F(CurlTransportProxy, ThatHangsUpWithoutAnAnswerIsBlamed) {
  const ConnectProxy proxy(front_.port(), {.die_after = 0});
  const Error error = refusal(through(proxy.url()));
  EXPECT_EQ(error.kind, ErrorKind::kProxy) << error.message;
  EXPECT_THAT(error.message, HasSubstr("did not connect us"));
}

TEST_F(CurlTransportProxy, ThatDiesInTheMiddleIsNamed) {
  const std::string body(200'000, 'x');
  const HttpImposter large(
      [&](const std::string&, int) { return HttpImposter::answer(200, body); });
  const TlsFront front(certificate().certificate, certificate().key, large.port());
  const ConnectProxy proxy(front.port(), {.die_after = 100'000});
  const Error error = refusal(through(proxy.url()));
  EXPECT_EQ(error.kind, ErrorKind::kCut) << error.message;
  EXPECT_THAT(error.message, HasSubstr("through the proxy " + name_of_port(proxy.port())));

  const ConnectProxy early(front.port(), {.die_after = 10});
  const Error handshake = refusal(through(early.url()));
  EXPECT_EQ(handshake.kind, ErrorKind::kTls) << handshake.message;
  EXPECT_THAT(handshake.message, HasSubstr("through the proxy " + name_of_port(early.port())));
}

TEST_F(CurlTransportProxy, ThatSaysNothingIsBlamedInTime) {
  const ConnectProxy proxy(front_.port(), {.silent = true});
  CurlTransport::Options options = through(proxy.url());
  options.connect_timeout = milliseconds(300);
  const Error error = refusal(options);
  EXPECT_EQ(error.kind, ErrorKind::kProxy) << error.message;
  EXPECT_THAT(error.message, AllOf(HasSubstr("the proxy " + name_of_port(proxy.port())),
                                   HasSubstr("did not connect us")));
}

TEST_F(CurlTransportProxy, ThatCannotBeReachedIsBlamedInTime) {
  const DeafPort deaf;
  CurlTransport::Options options = through("http://" + name_of_port(deaf.port()));
  options.connect_timeout = milliseconds(300);
  const Error error = refusal(options);
  EXPECT_EQ(error.kind, ErrorKind::kProxy) << error.message;
  EXPECT_THAT(error.message, HasSubstr("did not connect us"));
}

TEST_F(CurlTransportProxy, IsNotBlamedForWhatComesBehindIt) {
  const ConnectProxy proxy(front_.port());
  CurlTransport::Options options = through(proxy.url());
  options.ca_file.clear();
  const Error untrusted = refusal(options);
  EXPECT_EQ(untrusted.kind, ErrorKind::kTls);
  EXPECT_THAT(untrusted.message,
              AllOf(HasSubstr("partner-center.test:443 through the proxy"), HasSubstr("ca_file")));
  const Error wrong_name = refusal(through(proxy.url()), "https://another.test/");
  EXPECT_EQ(wrong_name.kind, ErrorKind::kTls);
  EXPECT_THAT(wrong_name.message, HasSubstr("not for the name another.test"));
}

TEST_F(CurlTransportProxy, IsNotBlamedForAKeptTunnelThatBreaks) {
  const HttpImposter once([](const std::string&, int nth) {
    if (nth == 0) return HttpImposter::answer(200, "x");
    return HttpImposter::Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1",
                               .then = HttpImposter::Then::kClose};
  });
  const TlsFront front(certificate().certificate, certificate().key, once.port());
  const ConnectProxy proxy(front.port());
  CurlTransport transport(through(proxy.url()));
  ASSERT_TRUE(transport.send({.url = kUrl}, {}));
  const auto answer = transport.send({.url = kUrl}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kCut) << answer.error().message;
}

TEST_F(CurlTransportProxy, MaySpeakTlsItself) {
  const ConnectProxy proxy(front_.port(), {.authorization = kBasic});
  const TlsFront secure(certificate().certificate, certificate().key, proxy.port());
  const std::string address = "https://" + name_of_port(secure.port());
  const auto answer = call(through(address, kCredentials));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "at the far end");

  CurlTransport::Options options = through(address, kCredentials);
  options.ca_file.clear();
  const Error error = refusal(options);
  EXPECT_EQ(error.kind, ErrorKind::kProxy);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("the proxy's certificate is not accepted"), HasSubstr("ca_file")));
}

TEST_F(CurlTransportProxy, WithoutReadableCredentialsIsNotAsked) {
  const ConnectProxy proxy(front_.port());
  CurlTransport::Options options = through(proxy.url());
  options.proxy.credentials = []() -> Result<Secret> {
    return Error{.kind = ErrorKind::kSettings, .message = "proxy.secret: No such file"};
  };
  const Error error = refusal(options);
  EXPECT_EQ(error.kind, ErrorKind::kSettings);
  EXPECT_THAT(error.message, HasSubstr("proxy.secret: No such file"));
  EXPECT_EQ(proxy.connections(), 0);
}

}  // namespace
}  // namespace pce
