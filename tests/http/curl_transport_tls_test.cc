// TLS against servers with every kind of certificate. None of it leaves this machine.
#include "exporter/http/curl_transport.h"
#include "tests/support/http_imposter.h"
#include "tests/support/program.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_front.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// One for all tests: making it takes a noticeable time.
TestAuthority& authority() {
  static TestAuthority made;
  return made;
}

class CurlTransportTls : public testing::Test {
 protected:
  Result<HttpResponse> call(const TlsFront& front, const std::string& ca_file) {
    CurlTransport transport({.ca_file = ca_file});
    return transport.send(
        {.url = front.url("/canary-path?canary-query"), .bearer = Secret("canary-token")}, {});
  }
  Error refusal_of(const TestAuthority::Wish& wish) {
    const auto issued = authority().issue(wish);
    const TlsFront front(issued.certificate, issued.key, server_.port());
    auto answer = call(front, authority().certificate());
    EXPECT_FALSE(answer);
    EXPECT_EQ(server_.requests().size(), 0U) << "the token went to somebody";
    if (answer) return {};
    EXPECT_EQ(answer.error().kind, ErrorKind::kTls) << answer.error().message;
    EXPECT_THAT(answer.error().message, HasSubstr("127.0.0.1:" + std::to_string(front.port())));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
    return answer.error();
  }
  HttpImposter server_{
      [](const std::string&, int) { return HttpImposter::answer(200, "behind TLS"); }};
};

TEST_F(CurlTransportTls, AcceptsACertificateOfTheAuthorityInCaFile) {
  const auto issued = authority().issue();
  const TlsFront front(issued.certificate, issued.key, server_.port());
  const auto answer = call(front, authority().certificate());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "behind TLS");
}

TEST_F(CurlTransportTls, AcceptsTls12) {
  const auto issued = authority().issue();
  const TlsFront front(issued.certificate, issued.key, server_.port(),
                       "NORMAL:-VERS-ALL:+VERS-TLS1.2");
  const auto answer = call(front, authority().certificate());
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(CurlTransportTls, RefusesAnUnknownAuthorityAndNamesCaFile) {
  const auto issued = authority().issue();
  const TlsFront front(issued.certificate, issued.key, server_.port());
  const TestAuthority other("Another Authority");
  for (const std::string& trusted : {std::string(), other.certificate().string()}) {
    const auto answer = call(front, trusted);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::kTls);
    EXPECT_THAT(answer.error().message,
                AllOf(HasSubstr("issuer is unknown"), HasSubstr("subject CN"),
                      HasSubstr("partner-center.test"), HasSubstr("Test Authority"),
                      HasSubstr("2099-12-31"), HasSubstr("name it in ca_file")));
  }
  EXPECT_EQ(server_.requests().size(), 0U);
}

TEST_F(CurlTransportTls, RefusesAnExpiredCertificate) {
  const Error error = refusal_of({.from = "20200101000000Z", .to = "20210203040506Z"});
  EXPECT_THAT(error.message, AllOf(HasSubstr("expired"), HasSubstr("2021-02-03 04:05:06"),
                                   HasSubstr("machine's clock, if it is ahead")));
}

TEST_F(CurlTransportTls, RefusesACertificateThatIsNotValidYet) {
  const Error error = refusal_of({.from = "20980203040506Z"});
  EXPECT_THAT(error.message, AllOf(HasSubstr("not yet"), HasSubstr("2098-02-03 04:05:06"),
                                   HasSubstr("machine's clock, if it is behind")));
}

TEST_F(CurlTransportTls, RefusesACertificateForAnotherName) {
  const Error error = refusal_of({.name = "somebody.test", .more_names = "DNS:else.test"});
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("not for the name 127.0.0.1"), HasSubstr("somebody.test")));
}

TEST_F(CurlTransportTls, RefusesASelfSignedCertificate) {
  const Error error = refusal_of({.name = "self.test", .self_signed = true});
  EXPECT_THAT(error.message, AllOf(HasSubstr("issuer is unknown"), HasSubstr("ca_file")));
}

TEST_F(CurlTransportTls, AcceptsASelfSignedCertificateThatIsInCaFile) {
  const auto issued = authority().issue({.self_signed = true});
  const TlsFront front(issued.certificate, issued.key, server_.port());
  const auto answer = call(front, issued.certificate);
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(CurlTransportTls, RefusesServersOfTls11AndOlder) {
  const auto issued = authority().issue();
  for (const std::string versions : {"+VERS-TLS1.1", "+VERS-TLS1.0", "+VERS-TLS1.1:+VERS-TLS1.0"}) {
    const std::string priority = "NORMAL:-VERS-ALL:" + versions;
    const TlsFront front(issued.certificate, issued.key, server_.port(), priority);
    const auto answer = call(front, authority().certificate());
    ASSERT_FALSE(answer) << versions;
    EXPECT_EQ(answer.error().kind, ErrorKind::kTls);
    EXPECT_THAT(answer.error().message, HasSubstr("TLS 1.2 or later"));
    EXPECT_EQ(front.handshakes(), 0);

    // The same server has nothing against somebody who takes old versions.
    const Finished old =
        run_program({"openssl", "s_client", "-connect", "127.0.0.1:" + std::to_string(front.port()),
                     "-cipher", "DEFAULT:@SECLEVEL=0", "-min_protocol", "TLSv1"});
    EXPECT_TRUE(eventually([&] { return front.handshakes() == 1; })) << old.output;
  }
  EXPECT_EQ(server_.requests().size(), 0U);
}

TEST_F(CurlTransportTls, SaysThatAHandshakeWasCut) {
  const LoopbackListener cutter([](int peer) {
    char byte = 0;
    recv(peer, &byte, 1, 0);
  });
  CurlTransport transport({});
  const auto answer =
      transport.send({.url = "https://127.0.0.1:" + std::to_string(cutter.port())}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTls);
  EXPECT_THAT(answer.error().message,
              AllOf(HasSubstr("no TLS: SSL connect error"), HasSubstr("nothing in between")));
}

TEST_F(CurlTransportTls, SaysThatCaFileCannotBeRead) {
  const auto issued = authority().issue();
  const TlsFront front(issued.certificate, issued.key, server_.port());
  const auto answer = call(front, issued.certificate.string() + ".gone");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTls);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr(".gone"), HasSubstr("ca_file")));
}

}  // namespace
}  // namespace pce
