// Who gets in, by real handshakes: versions, suites, and certificates of clients.
#include "exporter/web/tls_credentials.h"

#include "exporter/web/web_config.h"
#include "tests/support/test_authority.h"
#include "tests/web/handshake.h"
#include "tests/web/web_files.h"

namespace pce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::vector<std::pair<std::string, std::string>> kVersions{
    {"TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2"}, {"TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3"}};

class TlsCredentialsTest : public testing::Test {
 protected:
  // `more`: keys of tls_server_config, each on its own line.
  std::shared_ptr<const TlsCredentials> credentials(const std::string& more,
                                                    const std::string& pair = "server") const {
    std::string text = "tls_server_config:\n  cert_file: " + pair + ".pem\n  key_file: " + pair +
                       ".key\n  client_ca_file: " + authority_.certificate().string() + "\n";
    if (more.find("client_auth_type") == std::string::npos)
      text += "  client_auth_type: RequestClientCert\n";
    for (const std::string& line : lines_of(more)) text += "  " + line + "\n";
    const auto file = files_.folder() / "web.yml";
    std::ofstream(file, std::ios::binary) << text;
    const auto reading = read_web_config(file, SystemClock().wall());
    EXPECT_TRUE(reading.config) << mistake_text("web.yml", reading.mistakes.front());
    return reading.config ? reading.config->credentials : nullptr;
  }
  static bool agreed(const Handshake& handshake) {
    EXPECT_EQ(handshake.server_agreed, handshake.client_agreed) << handshake.alert;
    return handshake.server_agreed;
  }

  static inline const WebFiles files_{};
  mutable TestAuthority authority_;
};

TEST_F(TlsCredentialsTest, SpeaksTls12And13AndNothingOlder) {
  const auto server = credentials("");
  ASSERT_TRUE(server);
  for (const auto& [version, priorities] : kVersions) {
    const Handshake met = shake_hands(*server, {.priorities = priorities});
    EXPECT_TRUE(agreed(met));
    EXPECT_EQ(met.version, version);
    EXPECT_EQ(met.server_name, "server");
  }
  const Handshake old =
      shake_hands(*server, {.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0"});
  EXPECT_FALSE(agreed(old));
}

TEST_F(TlsCredentialsTest, SpeaksOlderOnesWhereAsked) {
  for (const char* const pair : {"server", "curve"}) {
    const auto server = credentials("min_version: TLS10", pair);
    ASSERT_TRUE(server);
    const Handshake met = shake_hands(*server, {.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.0"});
    EXPECT_TRUE(agreed(met));
    EXPECT_EQ(met.version, "TLS1.0");
  }
}

TEST_F(TlsCredentialsTest, EndsAtTheGreatestVersion) {
  const auto server = credentials("max_version: TLS12");
  ASSERT_TRUE(server);
  EXPECT_EQ(shake_hands(*server, {}).version, "TLS1.2");
}

TEST_F(TlsCredentialsTest, OffersNoSuiteWithoutForwardSecrecyOrAuthenticatedCipher) {
  const auto server = credentials("");
  ASSERT_TRUE(server);
  for (const char* const weak :
       {"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC"}) {
    EXPECT_FALSE(agreed(shake_hands(*server, {.priorities = weak}))) << weak;
  }
}

// GnuTLS by itself would offer AES-128 in TLS 1.2 as soon as TLS 1.3 has it.
TEST_F(TlsCredentialsTest, KeepsTheSuitesOfTls12FromThoseOf13) {
  const auto server = credentials("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]");
  ASSERT_TRUE(server);
  const std::string aes_128 = ":-CIPHER-ALL:+AES-128-GCM";
  const Handshake met = shake_hands(*server, {.priorities = kVersions[1].second + aes_128});
  EXPECT_TRUE(agreed(met));
  EXPECT_THAT(met.suite, HasSubstr("AES_128_GCM"));
  EXPECT_FALSE(agreed(shake_hands(*server, {.priorities = kVersions[0].second + aes_128})));
  EXPECT_TRUE(agreed(
      shake_hands(*server, {.priorities = kVersions[0].second + ":-CIPHER-ALL:+AES-256-GCM"})));
}

TEST_F(TlsCredentialsTest, TakesItsOwnOrderOrTheClients) {
  const std::string suites =
      "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n";
  const HandshakeClient prefers_128{.priorities = kVersions[0].second +
                                                  ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM"};
  const auto ours = credentials(suites + "prefer_server_cipher_suites: true");
  const auto theirs = credentials(suites + "prefer_server_cipher_suites: false");
  ASSERT_TRUE(ours && theirs);
  EXPECT_THAT(shake_hands(*ours, prefers_128).suite, HasSubstr("AES_256_GCM"));
  EXPECT_THAT(shake_hands(*theirs, prefers_128).suite, HasSubstr("AES_128_GCM"));
}

TEST_F(TlsCredentialsTest, UsesTheCurvesNamed) {
  const auto server = credentials("curve_preferences: [CurveP521]");
  ASSERT_TRUE(server);
  for (const auto& [version, priorities] : kVersions) {
    EXPECT_EQ(shake_hands(*server, {.priorities = priorities}).group, "SECP521R1");
    EXPECT_FALSE(agreed(shake_hands(
        *server, {.priorities = priorities + ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1"})));
  }
}

TEST_F(TlsCredentialsTest, UsesKeysOfEachKind) {
  for (const std::string pair : {"server", "curve", "ed25519"}) {
    const auto server = credentials("", pair);
    ASSERT_TRUE(server);
    for (const auto& [version, priorities] : kVersions) {
      const Handshake met = shake_hands(*server, {.priorities = priorities});
      EXPECT_TRUE(agreed(met)) << pair << version << met.alert;
      EXPECT_EQ(met.server_name, pair);
    }
  }
}

// Who has which certificate, and whether it is good.
struct Guest {
  std::string name;
  TestAuthority::Issued has{};
  bool verifies = false;
  bool named = false;  // as client_allowed_sans has it
};

class Clients : public TlsCredentialsTest {
 protected:
  Clients() {
    const TestAuthority::Issued good = authority_.issue({.name = "prometheus.test"});
    guests_ = {
        {.name = "with the right certificate", .has = good, .verifies = true, .named = true},
        {.name = "with another name",
         .has = authority_.issue({.name = "grafana.test", .more_names = "DNS:grafana.test"}),
         .verifies = true},
        {.name = "with an address only",
         .has = authority_.issue({.name = "x.test", .more_names = "IP:192.0.2.7"}),
         .verifies = true,
         .named = true},
        {.name = "with a URI only",
         .has = authority_.issue({.name = "x.test", .more_names = "URI:spiffe://test/prometheus"}),
         .verifies = true,
         .named = true},
        {.name = "with one for clients",
         .has = for_use("clientAuth"),
         .verifies = true,
         .named = true},
        {.name = "with one for servers only", .has = for_use("serverAuth"), .named = true},
        {.name = "with an expired one",
         .has = authority_.issue(
             {.name = "prometheus.test", .from = "20200101000000Z", .to = "20200201000000Z"}),
         .named = true},
        {.name = "with one of the future",
         .has = authority_.issue({.name = "prometheus.test", .from = "20980101000000Z"}),
         .named = true},
        {.name = "with one it made itself",
         .has = authority_.issue({.name = "prometheus.test", .self_signed = true}),
         .named = true},
        {.name = "with a stranger's",
         .has = stranger_.issue({.name = "prometheus.test"}),
         .named = true},
    };
  }
  TestAuthority::Issued for_use(const std::string& use) {
    const fs::path folder = authority_.certificate().parent_path();
    const TestAuthority::Issued made{.certificate = folder / (use + ".pem"),
                                     .key = folder / (use + ".key")};
    std::ofstream(folder / (use + ".ext"))
        << "extendedKeyUsage=" << use << "\nsubjectAltName=DNS:prometheus.test\n";
    openssl({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", made.key, "-out", folder / (use + ".csr"), "-subj", "/CN=prometheus.test"});
    openssl({"x509", "-req", "-in", folder / (use + ".csr"), "-CA", authority_.certificate(),
             "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "30", "-extfile",
             folder / (use + ".ext"), "-out", made.certificate});
    return made;
  }

  // Which guests come in, with a certificate and without one, in both versions.
  void expect_in(const std::string& config, const std::function<bool(const Guest&)>& comes_in,
                 bool without_one) const {
    const auto server = credentials(config);
    ASSERT_TRUE(server);
    for (const auto& [version, priorities] : kVersions) {
      SCOPED_TRACE(config + ", " + version);
      for (const Guest& guest : guests_) {
        const Handshake met = shake_hands(
            *server,
            {.priorities = priorities, .certificate = guest.has.certificate, .key = guest.has.key});
        EXPECT_EQ(agreed(met), comes_in(guest)) << guest.name << " " << met.alert;
      }
      EXPECT_EQ(agreed(shake_hands(*server, {.priorities = priorities})), without_one);
    }
  }

  TestAuthority stranger_{"Another Authority"};
  std::vector<Guest> guests_;
};

TEST_F(Clients, EachKindOfAuthenticationLetsInWhomItSays) {
  const auto anybody = [](const Guest&) { return true; };
  const auto verified = [](const Guest& guest) { return guest.verifies; };
  expect_in("client_auth_type: RequestClientCert", anybody, true);
  expect_in("client_auth_type: RequireAnyClientCert", anybody, false);
  expect_in("client_auth_type: VerifyClientCertIfGiven", verified, true);
  expect_in("client_auth_type: RequireAndVerifyClientCert", verified, false);
}

TEST_F(Clients, NamesAreAskedForOfEachCertificate) {
  const std::string names =
      "\nclient_allowed_sans: [prometheus.test, 192.0.2.7, \"spiffe://test/prometheus\"]";
  const auto named = [](const Guest& guest) { return guest.named; };
  const auto both = [](const Guest& guest) { return guest.named && guest.verifies; };
  expect_in("client_auth_type: RequireAndVerifyClientCert" + names, both, false);
  expect_in("client_auth_type: VerifyClientCertIfGiven" + names, both, true);
  expect_in("client_auth_type: RequireAnyClientCert" + names, named, false);
}

TEST_F(Clients, HearWhyTheyStayOutside) {
  const auto server = credentials("client_auth_type: RequireAndVerifyClientCert");
  ASSERT_TRUE(server);
  const std::map<std::string, std::string> table{
      {"with an expired one", "GNUTLS_A_CERTIFICATE_EXPIRED"},
      {"with a stranger's", "GNUTLS_A_UNKNOWN_CA"},
      {"with one for servers only", "GNUTLS_A_BAD_CERTIFICATE"}};
  for (const Guest& guest : guests_) {
    const auto row = table.find(guest.name);
    if (row == table.end()) continue;
    for (const auto& [version, priorities] : kVersions) {
      EXPECT_EQ(shake_hands(*server, {.priorities = priorities,
                                      .certificate = guest.has.certificate,
                                      .key = guest.has.key})
                    .alert,
                row->second)
          << guest.name << " " << version;
    }
  }
}

}  // namespace
}  // namespace pce
