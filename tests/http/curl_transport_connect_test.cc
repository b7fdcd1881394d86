// Connecting without a request, and how far it came.
#include "exporter/base/utc_text.h"
#include "exporter/http/curl_transport.h"
#include "tests/support/connect_proxy.h"
#include "tests/support/http_imposter.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_front.h"

namespace pce {
namespace {

using Stage = ConnectionReport::Stage;
using std::chrono::milliseconds;
using testing::HasSubstr;

TestAuthority& authority() {
  static TestAuthority made;
  return made;
}

const TestAuthority::Issued& certificate() {
  static const TestAuthority::Issued issued = authority().issue({.to = "20881231235958Z"});
  return issued;
}

class CurlTransportConnect : public testing::Test {
 protected:
  static ConnectionReport connect(const std::string& url, const std::string& proxy = "",
                                  milliseconds timeout = milliseconds(5000)) {
    CurlTransport transport({.connect_timeout = timeout,
                             .proxy = {.proxy = proxy},
                             .ca_file = authority().certificate().string()});
    return transport.connect(url, {});
  }
  HttpImposter server_{[](const std::string&, int) { return HttpImposter::answer(200, "x"); }};
  TlsFront front_{certificate().certificate, certificate().key, server_.port()};
};

TEST_F(CurlTransportConnect, TellsTlsAndCertificate) {
  const ConnectionReport report = connect(front_.url());
  ASSERT_FALSE(report.error) << report.error->message;
  EXPECT_EQ(report.reached, Stage::kDone);
  EXPECT_EQ(report.host_and_port, "127.0.0.1:" + std::to_string(front_.port()));
  EXPECT_EQ(report.address, "127.0.0.1");
  EXPECT_EQ(report.tls_version, "TLS1.3");
  ASSERT_TRUE(report.certificate);
  EXPECT_THAT(report.certificate->subject, HasSubstr("partner-center.test"));
  EXPECT_THAT(report.certificate->issuer, HasSubstr("Test Authority"));
  EXPECT_EQ(report.certificate->ends(), read_utc_text("2088-12-31T23:59:58Z"));
  EXPECT_GT(report.tls_took.count(), 0);
  EXPECT_EQ(server_.requests().size(), 0U) << "nothing is sent";
}

TEST_F(CurlTransportConnect, TellsOlderTls) {
  const TlsFront older(certificate().certificate, certificate().key, server_.port(),
                       "NORMAL:-VERS-ALL:+VERS-TLS1.2");
  EXPECT_EQ(connect(older.url()).tls_version, "TLS1.2");
}

TEST_F(CurlTransportConnect, NeedsNoTls) {
  const ConnectionReport report = connect(server_.url());
  EXPECT_EQ(report.reached, Stage::kDone);
  EXPECT_EQ(report.tls_version, "");
  EXPECT_FALSE(report.certificate);
}

TEST_F(CurlTransportConnect, TellsTheProxy) {
  const ConnectProxy proxy(front_.port());
  const ConnectionReport report = connect("https://partner-center.test/", proxy.url());
  ASSERT_FALSE(report.error) << report.error->message;
  EXPECT_EQ(report.proxy, "127.0.0.1:" + std::to_string(proxy.port()));
  EXPECT_EQ(report.proxy_source, "the configuration");
  EXPECT_EQ(report.tls_version, "TLS1.3");
}

TEST_F(CurlTransportConnect, TellsWhereItEnded) {
  int closed = 0;
  {
    const LoopbackListener gone([](int) {});
    closed = gone.port();
  }
  const std::string nobody = "https://127.0.0.1:" + std::to_string(closed);
  const std::string unknown = "https://" + std::string(64, 'a') + ".test/";
  EXPECT_EQ(connect(unknown).reached, Stage::kName);
  EXPECT_EQ(connect(nobody).reached, Stage::kConnection);
  EXPECT_EQ(connect("https://a.test/", "http://127.0.0.1:" + std::to_string(closed)).reached,
            Stage::kProxy);
  EXPECT_EQ(connect("https://a.test/", "http://" + std::string(64, 'a') + ".test:1").reached,
            Stage::kProxy);
  const ConnectProxy refusing(front_.port(), {.refuse_with = 403});
  EXPECT_EQ(connect("https://a.test/", refusing.url()).reached, Stage::kProxy);
  const ConnectProxy open(front_.port());
  EXPECT_EQ(connect("https://another.test/", open.url()).reached, Stage::kTls);
}

TEST_F(CurlTransportConnect, TellsWhoKeptSilent) {
  const LoopbackListener silent([](int peer) { read_head(peer); });
  const std::string url = "https://127.0.0.1:" + std::to_string(silent.port());
  EXPECT_EQ(connect(url, "", milliseconds(200)).reached, Stage::kTls);
  const DeafPort deaf;
  const std::string address = "127.0.0.1:" + std::to_string(deaf.port());
  EXPECT_EQ(connect("https://" + address, "", milliseconds(200)).reached, Stage::kConnection);
  EXPECT_EQ(connect("https://a.test/", "http://" + address, milliseconds(200)).reached,
            Stage::kProxy);
  const ConnectProxy proxy(front_.port(), {.silent = true});
  EXPECT_EQ(connect("https://a.test/", proxy.url(), milliseconds(200)).reached, Stage::kProxy);
}

TEST_F(CurlTransportConnect, GivesUpWhenStopped) {
  std::stop_source stop;
  stop.request_stop();
  CurlTransport transport({});
  const ConnectionReport report = transport.connect(front_.url(), stop.get_token());
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace pce
