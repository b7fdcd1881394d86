// What a proxy refuses, and how that is told apart from what is behind it.
#include "tests/http/proxied_call.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

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
  EXPECT_THAT(error.message, AllOf(HasSubstr("407"), HasSubstr("does not accept them")));
  const EnvironmentVariable variable(
      "HTTPS_PROXY", "http://" + std::string(kCredentials) + "@" + proxy.url().substr(7));
  EXPECT_THAT(refusal(through("")).message, HasSubstr("does not accept them"));
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
                         testing::Values(ProxyStatus{403, "have this address allowed"},
                                         ProxyStatus{502, "cannot reach that address itself"},
                                         ProxyStatus{503, "cannot reach that address itself"},
                                         ProxyStatus{504, "cannot reach that address itself"},
                                         ProxyStatus{500, "log"}, ProxyStatus{302, "log"}));

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
