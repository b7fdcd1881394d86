#include <sys/stat.h>

#include "exporter/settings/settings.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string kAccount = R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
)";

class LoadSettings : public testing::Test {
 protected:
  std::string message_of(const fs::path& file) {
    const auto settings = load_settings(file);
    return settings ? "loaded" : settings.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(LoadSettings, FindsSecretFilesBesideTheFile) {
  folder_.write("contoso.token", "token");
  folder_.write("contoso.secret", "secret");
  const auto file = folder_.write("c.yml", kAccount + "    client_secret_file: contoso.secret\n");
  const auto settings = load_settings(file);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->accounts[0].refresh_token_file, folder_.path() / "contoso.token");
  EXPECT_EQ(settings->accounts[0].credential.client_secret_file, folder_.path() / "contoso.secret");
}

TEST_F(LoadSettings, AcceptsATokenFileThatIsYetToCome) {
  EXPECT_EQ(message_of(folder_.write("c.yml", kAccount)), "loaded");
}

TEST_F(LoadSettings, RefusesAFolderInWhichOthersCouldReplaceTheToken) {
  const auto file = folder_.write("c.yml", kAccount);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0770), 0);
  EXPECT_EQ(message_of(file),
            file.string() + ":5:25: accounts[0].refresh_token_file: " +
                (folder_.path() / "contoso.token").string() + ": its folder " +
                folder_.path().string() +
                " has mode 0770, which lets other users replace it, wanted 0700: chmod 700 " +
                folder_.path().string());
  ASSERT_EQ(::chmod(folder_.path().c_str(), 01777), 0);
  EXPECT_EQ(message_of(file), "loaded");
}

TEST_F(LoadSettings, RefusesATokenFileInNoFolder) {
  std::string account = kAccount;
  account.replace(account.find("contoso.token"), 13, "none/contoso.token");
  EXPECT_THAT(message_of(folder_.write("c.yml", account)),
              HasSubstr("its folder " + (folder_.path() / "none").string() +
                        " does not exist: mkdir -p -m 700 "));
}

TEST_F(LoadSettings, SaysWhatBelongsIntoAMissingSecretFile) {
  folder_.write("contoso.token", "token");
  const auto file = folder_.write("c.yml", kAccount + "    client_secret_file: missing\n");
  EXPECT_EQ(message_of(file), file.string() + ":6:25: accounts[0].client_secret_file: " +
                                  (folder_.path() / "missing").string() +
                                  ": No such file or directory: write the app registration's "
                                  "client secret into it, or leave the "
                                  "key out for a public client");
}

TEST_F(LoadSettings, RefusesSecretFilesThatOthersMayRead) {
  const auto token = folder_.write("contoso.token", "MARKER", 0640);
  const auto secret = folder_.write("contoso.secret", "MARKER", 0604);
  const auto file = folder_.write("c.yml", kAccount + "    client_secret_file: contoso.secret\n");
  EXPECT_EQ(message_of(file),
            file.string() + ":5:25: accounts[0].refresh_token_file: " + token.string() +
                ": has mode 0640, which lets other users at it, wanted 0600: chmod 600 " +
                token.string() + "\n" + file.string() +
                ":6:25: accounts[0].client_secret_file: " + secret.string() +
                ": has mode 0604, which lets other users at it, wanted 0600: chmod 600 " +
                secret.string());
}

TEST_F(LoadSettings, RefusesWhatIsNoReadableFileAtOnce) {
  const auto fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const auto dangling = folder_.path() / "dangling";
  fs::create_symlink("nowhere", dangling);
  EXPECT_EQ(message_of(fifo), fifo.string() + ": found a FIFO, wanted a regular file");
  EXPECT_EQ(message_of(folder_.path()),
            folder_.path().string() + ": found a directory, wanted a regular file");
  EXPECT_EQ(message_of(dangling),
            dangling.string() + ": is a symbolic link to something that does not exist");
  EXPECT_EQ(message_of("/dev/zero"), "/dev/zero: found a device, wanted a regular file");
  const auto missing = folder_.path() / "missing.yml";
  EXPECT_EQ(message_of(missing),
            missing.string() +
                ": No such file or directory: name the configuration with --config.file, or "
                "begin with a copy of config/partner_center.example.yml");
}

TEST_F(LoadSettings, RefusesAFileBeyondOneMebibyte) {
  folder_.write("contoso.token", "token");
  const std::string padded = kAccount + "#" + std::string(1024UL * 1024 - kAccount.size() - 1, 'x');
  EXPECT_EQ(message_of(folder_.write("c.yml", padded)), "loaded");
  const auto larger = folder_.write("c.yml", padded + "x");
  EXPECT_EQ(message_of(larger), larger.string() + ": is larger than the 1 MiB allowed");
}

// Whatever is wrong with or around a file with a secret, the secret stays out of the message: also
// when the wrong file was named as the configuration.
TEST_F(LoadSettings, NeverRepeatsTheContentOfASecretFile) {
  const std::vector<std::string> wrappings{"MARKER",
                                           "MARKER\n",
                                           "\xEF\xBB\xBFMARKER\r\n",
                                           "\xFF\xFEMARKER",
                                           "MARKER\xFF",
                                           "MARKER\nMARKER",
                                           std::string("MARKER\0", 7),
                                           "\x04MARKER",
                                           "MARKER" + std::string(2'000'000, 'x'),
                                           "\"MARKER",
                                           "[MARKER",
                                           "{MARKER",
                                           "'MARKER",
                                           "|MARKER",
                                           ">MARKER",
                                           "%MARKER",
                                           "@MARKER",
                                           "`MARKER",
                                           "- MARKER",
                                           "? MARKER",
                                           "{\"refresh_token\": \"MARKER\"}",
                                           "refresh_token: MARKER",
                                           "accounts: MARKER",
                                           "accounts: [MARKER]",
                                           "insights: MARKER",
                                           "insights: {guard: MARKER}",
                                           "customers: {include: MARKER, resellers: [MARKER]}",
                                           "customers: {include: [{MARKER: 1}]}",
                                           "customers: {include: [MARKER, MARKER]}",
                                           "a: b: MARKER",
                                           "a:\n\tMARKER",
                                           "a: 1\na: MARKER",
                                           "---\nMARKER\n---\nMARKER",
                                           "\"\\MARKER\"",
                                           "\"\\xMARKER\"",
                                           "&MARKER",
                                           "*MARKER",
                                           "!MARKER",
                                           "!<MARKER>",
                                           "a: *MARKER",
                                           "%YAML MARKER",
                                           "%TAG ! MARKER",
                                           "MARKER: 1",
                                           "MARKER: {MARKER: 1}",
                                           "accounts: {MARKER: 1}",
                                           "\"\\uD800MARKER\"",
                                           "---MARKER"};
  int refused = 0;
  for (const std::string& wrapping : wrappings) {
    for (const mode_t mode : {0600U, 0644U, 0000U}) {
      folder_.write("contoso.token", wrapping, mode);
      folder_.write("contoso.secret", wrapping, mode);
      const auto file = folder_.write(
          "c.yml", kAccount + "    client_secret_file: contoso.secret\n    wrong: 1\n");
      const std::string message = message_of(file) + message_of(folder_.path() / "contoso.secret");
      EXPECT_THAT(message, Not(HasSubstr("MARKER")))
          << testing::PrintToString(wrapping.substr(0, 40));
      refused += message.find("loaded") == std::string::npos ? 1 : 0;
    }
  }
  EXPECT_EQ(refused,
            static_cast<int>(3 * wrappings.size()));  // each of them had a message to search
}

}  // namespace
}  // namespace pce
