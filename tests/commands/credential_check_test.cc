#include "exporter/commands/credential_check.h"

#include "tests/support/openssl.h"
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

class CredentialCheck : public testing::Test {
 protected:
  CredentialFindings findings(const std::string& account) {
    const auto settings = load_settings(folder_.write("c.yml", kAccount + account));
    EXPECT_TRUE(settings) << settings.error().message;
    return settings ? check_credentials(*settings, SystemClock().wall()) : CredentialFindings{};
  }
  TemporaryFolder folder_;
};

TEST_F(CredentialCheck, FindsNothingInWhatCanBeUsed) {
  make_certificate(folder_.path(), "c");
  folder_.write("secret", "s");
  for (const std::string account :
       {"", "    client_secret_file: secret\n", "    federated_token_file: secret\n",
        "    client_certificate_file: c.pem\n    client_key_file: c.key\n"}) {
    EXPECT_THAT(findings(account).mistakes, testing::IsEmpty());
    EXPECT_THAT(findings(account).doubts, testing::IsEmpty());
  }
}

TEST_F(CredentialCheck, NamesThePlaceOfAPairThatIsNone) {
  make_certificate(folder_.path(), "c");
  make_certificate(folder_.path(), "other");
  const auto found =
      findings("    client_key_file: other.key\n    client_certificate_file: c.pem\n");
  ASSERT_EQ(found.mistakes.size(), 1U);
  EXPECT_THAT(mistake_text("f", found.mistakes[0]),
              testing::StartsWith("f:7:30: accounts[0].client_certificate_file: " +
                                  (folder_.path() / "c.pem").string() + ": "));
  EXPECT_THAT(found.mistakes[0].message, HasSubstr("not from one pair"));
}

TEST_F(CredentialCheck, DoubtsAnExpiredCertificate) {
  make_certificate(folder_.path(), "c", {.days = -1});
  const auto found = findings("    client_certificate_file: c.pem\n    client_key_file: c.key\n");
  EXPECT_THAT(found.mistakes, testing::IsEmpty());
  ASSERT_EQ(found.doubts.size(), 1U);
  EXPECT_EQ(found.doubts[0].path, "accounts[0].client_certificate_file");
  EXPECT_THAT(found.doubts[0].message, HasSubstr("expired on"));
}

}  // namespace
}  // namespace pce
