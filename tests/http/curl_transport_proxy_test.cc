// What goes through a proxy, and what passes it by.
#include "tests/http/proxied_call.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

}  // namespace
}  // namespace pce
