#include "exporter/settings/settings.h"
#include "tests/support/environment.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;

const std::string kAccount = R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
)";

class CredentialSettingsTest : public testing::Test {
 protected:
  CredentialSettingsTest() { folder_.write("contoso.token", "token"); }

  Result<Settings> load(const std::string& account) {
    return load_settings(folder_.write("c.yml", kAccount + account));
  }
  CredentialSettings credential(const std::string& account) {
    const auto settings = load(account);
    EXPECT_TRUE(settings) << settings.error().message;
    return settings ? settings->accounts.at(0).credential : CredentialSettings{};
  }
  std::string complaint(const std::string& account) {
    const auto settings = load(account);
    return settings ? "loaded" : settings.error().message;
  }

  TemporaryFolder folder_;
  TemporaryFolder credentials_;
};

TEST_F(CredentialSettingsTest, FindTheFilesOfACertificate) {
  folder_.write("c.pem", "x");
  folder_.write("c.key", "x");
  folder_.write("c.password", "x");
  const auto found = credential(
      "    client_certificate_file: c.pem\n    client_key_file: c.key\n"
      "    client_certificate_password_file: c.password\n");
  EXPECT_EQ(found.client_certificate_file, folder_.path() / "c.pem");
  EXPECT_EQ(found.client_key_file, folder_.path() / "c.key");
  EXPECT_EQ(found.client_certificate_password_file, folder_.path() / "c.password");
  EXPECT_EQ(found.client_secret_file, std::nullopt);
  EXPECT_EQ(found.federated_token_file, std::nullopt);
}

TEST_F(CredentialSettingsTest, TakeZeroBytesInACertificateAndNowhereElse) {
  const std::string binary("0\x82\x00\x01", 4);
  folder_.write("c", binary);
  EXPECT_EQ(credential("    client_certificate_file: c\n").client_certificate_file,
            folder_.path() / "c");
  folder_.write("key", "x");
  for (const std::string key : {"client_secret_file", "federated_token_file"}) {
    EXPECT_THAT(complaint("    " + key + ": c\n"),
                HasSubstr(key + ": " + (folder_.path() / "c").string() + ": holds a zero byte"));
  }
  for (const std::string key : {"client_key_file", "client_certificate_password_file"}) {
    EXPECT_THAT(complaint("    client_certificate_file: c\n    " + key + ": c\n"),
                HasSubstr(key + ": " + (folder_.path() / "c").string() + ": holds a zero byte"));
  }
}

TEST_F(CredentialSettingsTest, RefuseFilesThatOthersMayReadWhateverTheyAreFor) {
  folder_.write("c.pem", "x");
  folder_.write("open", "MARKER", 0640);
  for (const std::string key : {"client_secret_file", "client_certificate_file", "client_key_file",
                                "client_certificate_password_file", "federated_token_file"}) {
    const bool alone = key != "client_key_file" && key != "client_certificate_password_file";
    const std::string message =
        complaint((alone ? "" : std::string("    client_certificate_file: c.pem\n")) + "    " +
                  key + ": open\n");
    EXPECT_THAT(message, HasSubstr("accounts[0]." + key + ": " +
                                   (folder_.path() / "open").string() + ": has mode 0640"));
    EXPECT_THAT(message, testing::Not(HasSubstr("MARKER")));
  }
}

TEST_F(CredentialSettingsTest, SayWhatBelongsIntoAMissingFile) {
  EXPECT_THAT(complaint("    client_certificate_file: c.p12\n"), HasSubstr("as PEM or PKCS#12"));
  EXPECT_THAT(complaint("    federated_token_file: f\n"), HasSubstr("AZURE_FEDERATED_TOKEN_FILE"));
}

TEST_F(CredentialSettingsTest, TakeABareNameFromSystemdsDirectoryWhereItIsThere) {
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", credentials_.path().string());
  credentials_.write("contoso.secret", "theirs", 0440);  // as systemd's access control list shows
  folder_.write("contoso.secret", "ours");
  folder_.write("elsewhere", "ours");
  EXPECT_EQ(credential("    client_secret_file: contoso.secret\n").client_secret_file,
            credentials_.path() / "contoso.secret");
  EXPECT_EQ(credential("    client_secret_file: ./contoso.secret\n").client_secret_file,
            folder_.path() / "contoso.secret");
  EXPECT_EQ(credential("    client_secret_file: elsewhere\n").client_secret_file,
            folder_.path() / "elsewhere");

  credentials_.write("contoso.token", "theirs", 0400);
  const auto settings = load("");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->accounts[0].refresh_token_file, credentials_.path() / "contoso.token");
}

TEST_F(CredentialSettingsTest, NameBothPlacesWhereABareNameWasLookedFor) {
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", credentials_.path().string() + "/");
  const std::string there = ", nor is it in " + credentials_.path().string() + ": ";
  EXPECT_THAT(complaint("    client_secret_file: s\n"),
              HasSubstr((folder_.path() / "s").string() + ": No such file or directory" + there));
  EXPECT_THAT(complaint("    client_secret_file: ./s\n"), testing::Not(HasSubstr(there)));
}

TEST_F(CredentialSettingsTest, KnowNoDirectoryOfSystemdThatIsNoAbsolutePath) {
  for (const char* nowhere : {"", ".", "credentials"}) {
    const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", nowhere);
    folder_.write("s", "ours");
    EXPECT_EQ(credential("    client_secret_file: s\n").client_secret_file, folder_.path() / "s");
  }
}

TEST_F(CredentialSettingsTest, LetNoNameLeadOutOfSystemdsDirectory) {
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", credentials_.path().string());
  for (const char* name : {".", ".."}) {
    EXPECT_THAT(complaint(std::string("    client_secret_file: ") + name + "\n"),
                testing::Not(HasSubstr(credentials_.path().string())));
  }
}

}  // namespace
}  // namespace pce
