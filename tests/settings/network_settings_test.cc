#include "exporter/settings/network_settings.h"

#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

struct GoodProxy {
  std::string text, address;
};
class ProxyAddress : public testing::TestWithParam<GoodProxy> {};

TEST_P(ProxyAddress, IsAccepted) {
  const auto address = parse_proxy_address(GetParam().text);
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(*address, GetParam().address);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ProxyAddress,
    testing::Values(GoodProxy{"http://proxy.example.com:3128", "http://proxy.example.com:3128"},
                    GoodProxy{"HTTPS://Proxy:443/", "https://proxy:443"},
                    GoodProxy{"http://10.1.2.3:8080", "http://10.1.2.3:8080"},
                    GoodProxy{"http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"}));

class NoProxyAddress : public testing::TestWithParam<std::string> {};

TEST_P(NoProxyAddress, IsRefusedWithTheFormThatIsWanted) {
  const auto address = parse_proxy_address(GetParam());
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(address.error().message,
              HasSubstr("wanted an address such as http://proxy.example.com:3128"));
}

INSTANTIATE_TEST_SUITE_P(Forms, NoProxyAddress,
                         testing::Values("", "proxy:3128", "http://proxy", "http://proxy:0",
                                         "http://proxy:65536", "http://:3128", "http://proxy:31x8",
                                         "socks5://proxy:1080", "http://proxy:3128/path",
                                         "http://proxy:3128?q", "http://[::1:3128",
                                         "http://pro xy:3128"));

TEST(ProxyAddress, WithAPasswordIsRefusedWithoutShowingIt) {
  const auto address = parse_proxy_address("http://MARKER-user:MARKER-password@proxy:3128");
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error().message, HasSubstr("proxy_credentials_file"));
  EXPECT_THAT(address.error().message, Not(HasSubstr("MARKER")));
}

const std::string kAccount = R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
)";
// What a PEM file looks like to somebody who does not decode it.
const std::string kPem =
    "Issuer: a comment in front\n-----BEGIN CERTIFICATE-----\nMIIBszCC\nAVmgAw==\n"
    "-----END CERTIFICATE-----\n";

class NetworkOfAnAccount : public testing::Test {
 protected:
  NetworkOfAnAccount() { folder_.write("contoso.token", "token"); }
  Result<Settings> load(const std::string& lines) const {
    return load_settings(folder_.write("c.yml", kAccount + lines));
  }
  std::string complaint(const std::string& lines) const {
    const auto settings = load(lines);
    return settings ? "loaded" : settings.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(NetworkOfAnAccount, IsTheEnvironmentsWhereTheFileSaysNothing) {
  const auto settings = load("");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->accounts[0].network.proxy, "");
  EXPECT_EQ(settings->accounts[0].network.proxy_credentials_file, std::nullopt);
  EXPECT_EQ(settings->accounts[0].network.ca_file, std::nullopt);
}

TEST_F(NetworkOfAnAccount, IsReadWithPathsBesideTheFile) {
  folder_.write("proxy.secret", "user:pass:word\n");
  folder_.write("corporate.pem", kPem, 0644);
  const auto settings = load(
      "    proxy: http://proxy.example.com:3128\n    proxy_credentials_file: proxy.secret\n"
      "    ca_file: corporate.pem\n");
  ASSERT_TRUE(settings) << settings.error().message;
  const NetworkSettings& network = settings->accounts[0].network;
  EXPECT_EQ(network.proxy, "http://proxy.example.com:3128");
  EXPECT_EQ(network.proxy_credentials_file, folder_.path() / "proxy.secret");
  EXPECT_EQ(network.ca_file, folder_.path() / "corporate.pem");
}

TEST_F(NetworkOfAnAccount, RefusesCredentialsWithoutAProxy) {
  folder_.write("proxy.secret", "user:password");
  EXPECT_THAT(complaint("    proxy_credentials_file: proxy.secret\n"),
              HasSubstr(":6:29: accounts[0].proxy_credentials_file: found a password without the "
                        "proxy it is for, wanted proxy beside it"));
}

TEST_F(NetworkOfAnAccount, RefusesCredentialsThatAreNoUserAndPassword) {
  const std::string lines = "    proxy: http://p:1\n    proxy_credentials_file: proxy.secret\n";
  for (const char* content : {"MARKER", ":MARKER", "MARKER:x\nMARKER:y"}) {
    folder_.write("proxy.secret", content);
    EXPECT_THAT(complaint(lines), HasSubstr("wanted USER:PASSWORD on one line")) << content;
    EXPECT_THAT(complaint(lines), Not(HasSubstr("MARKER")));
  }
  folder_.write("proxy.secret", "user:MARKER", 0644);
  EXPECT_THAT(complaint(lines), HasSubstr("chmod 600"));
  EXPECT_THAT(complaint(lines), Not(HasSubstr("MARKER")));
  folder_.write("proxy.secret", "user:");
  EXPECT_EQ(complaint(lines), "loaded") << "an empty password is one";
}

TEST_F(NetworkOfAnAccount, RefusesCredentialsInTheTokenFile) {
  EXPECT_THAT(complaint("    proxy: http://p:1\n    proxy_credentials_file: contoso.token\n"),
              HasSubstr("contoso.token"));
}

TEST_F(NetworkOfAnAccount, RefusesABundleWithoutACertificate) {
  for (const std::string& content :
       {std::string(), std::string("\x30\x82\x01\x02 DER", 8),
        std::string("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\nMIIB\n"),
        std::string("-----BEGIN CERTIFICATE-----\n<html>\n-----END CERTIFICATE-----\n")}) {
    folder_.write("ca.pem", content);
    EXPECT_THAT(complaint("    ca_file: ca.pem\n"), HasSubstr("holds no certificate in PEM form"))
        << content;
  }
  EXPECT_THAT(complaint("    ca_file: nowhere.pem\n"), HasSubstr("nowhere.pem: No such file"));
  EXPECT_THAT(complaint("    ca_file: [a]\n"), HasSubstr("wanted the path of a PEM file"));
}

}  // namespace
}  // namespace pce
