// The whole way out: TLS, a private authority, a proxy that wants a password. partner-center.test
// exists for the proxy only, so what arrives came through it.
#include "tests/end_to_end/stage.h"
#include "tests/support/connect_proxy.h"
#include "tests/support/environment.h"
#include "tests/support/test_authority.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kBase = "https://partner-center.test";
constexpr const char* kCredentials = "MARKER-user:MARKER-password";
constexpr const char* kBasic = "Basic TUFSS0VSLXVzZXI6TUFSS0VSLXBhc3N3b3Jk";  // the same

class EndToEndNetwork : public testing::Test {
 protected:
  EndToEndNetwork() {
    static TestAuthority authority;
    static const TestAuthority::Issued issued = authority.issue();
    ca_file_ = authority.certificate();
    stage_.write_file("proxy.secret", std::string(kCredentials) + "\n", 0600);
    stage_.start_simulator({"--customers=3", "--tls-certificate=" + issued.certificate.string(),
                            "--tls-key=" + issued.key.string()});
  }
  Stage::Choices choices(const std::string& account) const {
    return {.interval = "300ms", .stale_after = "1h", .account = account, .base = kBase};
  }
  std::string trust() const { return "    ca_file: " + ca_file_.string() + "\n"; }
  static std::string through(const ConnectProxy& proxy) {
    return "    proxy: " + proxy.url() + "\n    proxy_credentials_file: proxy.secret\n";
  }
  double failures(const Exposition& exposition, const std::string& reason) const {
    double sum = 0;
    for (const auto& [series, value] : exposition.find("partner_center_api_request_failures_total",
                                                       {"reason=\"" + reason + "\""})) {
      sum += value;
    }
    return sum;
  }
  // Everything the exporter puts out, searched for what must not be there.
  void expect_no_secrets() {
    std::string seen = stage_.get("/metrics").body + stage_.get("/").body;
    stage_.exporter().signal(SIGTERM);
    stage_.exporter().wait();
    stage_.exporter().wait_for_last_word();
    seen += stage_.exporter().output();
    for (const char* secret : {"MARKER", "TUFSS0VS", "Bearer"})
      EXPECT_EQ(seen.find(secret), std::string::npos) << secret;
  }

  std::filesystem::path ca_file_;
  Stage stage_;
};

TEST_F(EndToEndNetwork, LeadsThroughAProxyWithAPasswordAndTls) {
  const ConnectProxy proxy(stage_.simulator_port(), {.authorization = kBasic});
  stage_.start_exporter(choices(through(proxy) + trust()));
  const Exposition exposition = stage_.scrape_until(is_up);
  EXPECT_FALSE(exposition.find("licenses_sold", {kSeedCustomer}).empty());
  for (const std::string& request : proxy.requests())
    EXPECT_THAT(request, testing::StartsWith("CONNECT partner-center.test:443 "));
  expect_no_secrets();
}

TEST_F(EndToEndNetwork, LeadsThroughTheProxyOfTheEnvironment) {
  const ConnectProxy proxy(stage_.simulator_port(), {.authorization = kBasic});
  {
    const EnvironmentVariable variable(
        "HTTPS_PROXY", "http://" + std::string(kCredentials) + "@" + proxy.url().substr(7));
    stage_.start_exporter(choices(trust()));
  }
  stage_.scrape_until(is_up);
  EXPECT_GT(proxy.connections(), 0);
  expect_no_secrets();
}

TEST_F(EndToEndNetwork, SaysThatTheProxyRefuses) {
  const ConnectProxy proxy(stage_.simulator_port(),
                           {.authorization = "Basic c29tZWJvZHk6ZWxzZQ=="});
  stage_.start_exporter(choices(through(proxy) + trust()));
  stage_.scrape_until([&](const Exposition& e) { return failures(e, "proxy") > 0 && !is_up(e); });
  EXPECT_TRUE(eventually([&] { return stage_.times_said("Round finished with failures") > 0; }));
  EXPECT_THAT(stage_.exporter().output(), AllOf(HasSubstr("refused to connect us, with status 407"),
                                                HasSubstr("the proxy does not accept them")));
  expect_no_secrets();
}

TEST_F(EndToEndNetwork, SaysThatNobodyTrustsTheCertificate) {
  const ConnectProxy proxy(stage_.simulator_port(), {.authorization = kBasic});
  stage_.start_exporter(choices(through(proxy)));
  stage_.scrape_until([&](const Exposition& e) { return failures(e, "tls") > 0 && !is_up(e); });
  EXPECT_TRUE(eventually([&] { return stage_.times_said("Round finished with failures") > 0; }));
  EXPECT_THAT(stage_.exporter().output(),
              AllOf(HasSubstr("issuer CN=Test Authority"), HasSubstr("name it in ca_file")));
  expect_no_secrets();
}

TEST_F(EndToEndNetwork, IsEachAccountsOwn) {
  const ConnectProxy proxy(stage_.simulator_port(), {.authorization = kBasic});
  const ConnectProxy closed(stage_.simulator_port(), {.refuse_with = 403});
  stage_.write_file("fabrikam.token", "another-made-up-word\n", 0600);
  const std::string second =
      "  - name: fabrikam\n    cloud: custom\n"
      "    tenant_id: 22222222-2222-3333-4444-555555555555\n"
      "    client_id: 66666666-7777-8888-9999-000000000000\n"
      "    refresh_token_file: fabrikam.token\n"
      "    endpoints: {api: \"" +
      std::string(kBase) + "\", login: \"" + kBase + "\"}\n    proxy: " + closed.url() + "\n" +
      trust();
  stage_.start_exporter(choices(through(proxy) + trust() + second));
  const auto up = [](const Exposition& e, const std::string& partner) {
    return e.value("partner_center_up", {"partner=\"" + partner + "\""});
  };
  stage_.scrape_until([&](const Exposition& e) {
    return up(e, "contoso") == 1 && up(e, "fabrikam") == 0 && failures(e, "proxy") > 0;
  });
  EXPECT_EQ(proxy.requests().empty(), false);
  EXPECT_GT(closed.connections(), 0);
}

}  // namespace
}  // namespace pce
