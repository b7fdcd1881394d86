// What a good web configuration says arrives as it was said; promtool_test.cc has the verdicts.
#include "exporter/web/web_config.h"

#include "tests/web/web_files.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WebConfigTest : public testing::Test {
 protected:
  WebConfig good(const std::string& text) const {
    const auto file = files_.folder() / "web.yml";
    std::ofstream(file, std::ios::binary) << text;
    auto reading = read_web_config(file, SystemClock().wall());
    EXPECT_THAT(reading.mistakes, IsEmpty());
    return reading.config ? std::move(*reading.config) : WebConfig{};
  }
  static inline const WebFiles files_{};
};

TEST_F(WebConfigTest, WithoutContentThereIsNeitherTlsNorPassword) {
  const WebConfig config = good("");
  EXPECT_FALSE(config.tls);
  EXPECT_FALSE(config.credentials);
  EXPECT_THAT(config.headers, IsEmpty());
  EXPECT_THAT(config.users, IsEmpty());
  EXPECT_FALSE(config.rate_limit);
}

TEST_F(WebConfigTest, TlsIsWhatTheToolkitMakesOfNothingMore) {
  const WebConfig config =
      good("tls_server_config: {cert_file: server.pem, key_file: below/../server.key}");
  ASSERT_TRUE(config.tls);
  EXPECT_TRUE(config.credentials);
  EXPECT_EQ(config.tls->certificate.file, files_.folder() / "server.pem");
  EXPECT_EQ(config.tls->key.file, files_.folder() / "server.key");
  EXPECT_EQ(config.tls->client_auth, ClientAuth::kNone);
  EXPECT_EQ(config.tls->policy.min, TlsVersion::k12);
  EXPECT_EQ(config.tls->policy.max, TlsVersion::k13);
  EXPECT_TRUE(config.tls->policy.servers_order);
  EXPECT_THAT(config.tls->policy.cipher_suites, IsEmpty());
  EXPECT_THAT(config.tls->policy.curves, IsEmpty());
}

TEST_F(WebConfigTest, EveryKeyOfTlsArrives) {
  const WebConfig config = good(R"(tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: authority.pem
  client_allowed_sans: [prometheus.example.net, 192.0.2.1]
  min_version: TLS11
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]
  curve_preferences: [CurveP384, X25519]
  prefer_server_cipher_suites: no
)");
  ASSERT_TRUE(config.tls);
  const TlsSettings& tls = *config.tls;
  EXPECT_EQ(tls.client_auth, ClientAuth::kRequireAndVerify);
  ASSERT_TRUE(tls.client_ca);
  EXPECT_EQ(tls.client_ca->file, files_.folder() / "authority.pem");
  EXPECT_THAT(tls.client_allowed_sans, ElementsAre("prometheus.example.net", "192.0.2.1"));
  EXPECT_EQ(tls.policy.min, TlsVersion::k11);
  EXPECT_EQ(tls.policy.max, TlsVersion::k12);
  EXPECT_FALSE(tls.policy.servers_order);
  ASSERT_EQ(tls.policy.cipher_suites.size(), 2U);
  EXPECT_EQ(cipher_suite_names()[tls.policy.cipher_suites[0]],
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  ASSERT_EQ(tls.policy.curves.size(), 2U);
  EXPECT_EQ(curve_names()[tls.policy.curves[0]], "CurveP384");
}

TEST_F(WebConfigTest, EachKindOfClientAuthenticationIsItself) {
  const std::vector<std::pair<std::string, ClientAuth>> table{
      {"NoClientCert", ClientAuth::kNone},
      {"RequestClientCert", ClientAuth::kRequest},
      {"RequireAnyClientCert", ClientAuth::kRequireAny},
      {"RequireClientCert", ClientAuth::kRequireAny},
      {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
      {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify}};
  for (const auto& [word, kind] : table) {
    const WebConfig config =
        good("tls_server_config: {cert_file: server.pem, key_file: server.key, client_auth_type: " +
             word + "}");
    ASSERT_TRUE(config.tls);
    EXPECT_EQ(config.tls->client_auth, kind) << word;
  }
}

TEST_F(WebConfigTest, HeadersUsersAndRateArrive) {
  const WebConfig config = good(std::string(R"(http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    X-XSS-Protection: 1
    Content-Security-Policy: ""
basic_auth_users:
  alice: $2y$04$abcdefghijklmnopqrstuujZkTwHUiJ9XdZPwKfcfDo7dMp5DjlTu
rate_limit:
  interval: 250ms
  burst: 4
)"));
  ASSERT_EQ(config.headers.size(), 2U) << "a blank one is not sent";
  EXPECT_EQ(config.headers[0].name + ": " + config.headers[0].value, "X-Frame-Options: deny");
  EXPECT_EQ(config.headers[1].name + ": " + config.headers[1].value, "X-XSS-Protection: 1");
  ASSERT_EQ(config.users.size(), 1U);
  EXPECT_EQ(config.users[0].name, "alice");
  EXPECT_EQ(config.users[0].hash.cost(), 4);
  ASSERT_TRUE(config.rate_limit);
  EXPECT_EQ(config.rate_limit->interval, std::chrono::milliseconds(250));
  EXPECT_EQ(config.rate_limit->burst, 4);
}

TEST_F(WebConfigTest, AFileThatIsNotThereIsNamed) {
  const auto reading = read_web_config(files_.folder() / "nowhere.yml", SystemClock().wall());
  EXPECT_FALSE(reading.config);
  ASSERT_EQ(reading.mistakes.size(), 1U);
  EXPECT_THAT(reading.mistakes[0].message, testing::HasSubstr("nowhere.yml: No such file"));
}

}  // namespace
}  // namespace pce
