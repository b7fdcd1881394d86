// How the real exporter proves that it is the application: what is accepted, and what ends the
// start.
#include "tests/end_to_end/login_stage.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/environment.h"
#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kPair = "    client_certificate_file: c.pem\n    client_key_file: c.key\n";

// The simulator checks assertions as the real platform does, jti and all.
struct Form {
  std::string name, account;
};
class EndToEndCertificate : public testing::TestWithParam<Form> {};

TEST_P(EndToEndCertificate, SignsInAtTheSimulator) {
  Stage stage;
  make_certificate(stage.folder(), "c");
  const auto file = [&](const char* name) { return (stage.folder() / name).string(); };
  openssl({"pkcs12", "-export", "-inkey", file("c.key"), "-in", file("c.pem"), "-out",
           file("sealed.p12"), "-passout", "pass:a password"});
  openssl({"pkcs12", "-export", "-inkey", file("c.key"), "-in", file("c.pem"), "-out",
           file("open.p12"), "-passout", "pass:"});
  openssl({"pkcs8", "-topk8", "-in", file("c.key"), "-out", file("sealed.key"), "-passout",
           "pass:a password"});
  stage.write_file("both.pem", read_file(file("c.key")) + read_file(file("c.pem")));
  stage.write_file("password", "a password\n");
  for (const char* name : {"sealed.p12", "open.p12", "sealed.key", "both.pem", "password"})
    std::filesystem::permissions(stage.folder() / name, std::filesystem::perms(0600));

  stage.start_simulator({"--customers=1", "--client-certificate=" + file("c.pem")});
  stage.start_exporter({.account = GetParam().account});
  stage.scrape_until(is_up);
  EXPECT_EQ(stage.times_said("level=WARN"), 0U) << stage.exporter().output();
}

INSTANTIATE_TEST_SUITE_P(
    Forms, EndToEndCertificate,
    testing::Values(Form{"pem_and_key", kPair},
                    Form{"key_beside", "    client_certificate_file: both.pem\n"},
                    Form{"encrypted_key",
                         "    client_certificate_file: c.pem\n    client_key_file: sealed.key\n"
                         "    client_certificate_password_file: password\n"},
                    Form{"pkcs12", "    client_certificate_file: open.p12\n"},
                    Form{"pkcs12_with_password",
                         "    client_certificate_file: sealed.p12\n"
                         "    client_certificate_password_file: password\n"}),
    [](const auto& row) { return row.param.name; });

TEST(EndToEndCredentials, ACertificateRedeemsTheCodeOfAHumansSignInToo) {
  const TemporaryFolder folder;
  make_certificate(folder.path(), "c");
  const std::string certificate = (folder.path() / "c.pem").string();
  LoginStage login({"--customers=1", "--client-certificate=" + certificate});
  login.settings(R"({"redirect_type": "web"})");
  login.start({}, "    client_certificate_file: " + certificate +
                      "\n    client_key_file: " + (folder.path() / "c.key").string() + "\n");
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), 0) << login.said();
  ASSERT_TRUE(login.stored());
  EXPECT_EQ(login.stored()->client_type, ClientType::kConfidential);
}

TEST(EndToEndCredentials, AFederatedTokenSignsInAtTheSimulator) {
  Stage stage;
  stage.write_file("jwt", "somebody.elses.token\n", 0600);
  stage.start_simulator({"--customers=1", "--federated-token=somebody.elses.token"});
  stage.start_exporter({.account = "    federated_token_file: jwt\n"});
  stage.scrape_until(is_up);
}

TEST(EndToEndCredentials, AreFoundInSystemdsDirectory) {
  Stage stage;
  stage.start_simulator({"--customers=1", "--client-secret=theirs", "--refresh-token=their-token"});
  const auto directory = stage.folder() / "credentials";
  std::filesystem::create_directory(directory);
  stage.write_file("credentials/contoso.secret", "theirs\n", 0440);
  stage.write_file("credentials/contoso.token", "their-token\n", 0440);
  stage.write_file("contoso.secret", "ours\n", 0600);
  const EnvironmentVariable variable("CREDENTIALS_DIRECTORY", directory.string());
  stage.start_exporter(
      {.account = "    client_secret_file: contoso.secret\n", .refresh_token = "our-token"});
  stage.scrape_until(is_up);
}

struct Unusable {
  std::string name;
  std::string account;
  std::string complaint;
};

TEST(EndToEndCredentials, ThatCannotWorkEndTheStartWithTheReason) {
  Stage stage;
  make_certificate(stage.folder(), "c");
  make_certificate(stage.folder(), "other");
  make_certificate(stage.folder(), "ec",
                   {.key = {"ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"}});
  const std::vector<Unusable> table{
      {"wrong_key", "    client_certificate_file: c.pem\n    client_key_file: other.key\n",
       "certificate and key are not from one pair"},
      {"ec", "    client_certificate_file: ec.pem\n    client_key_file: ec.key\n",
       "wanted RSA of at least 2048 bits"},
      {"no_key", "    client_certificate_file: c.pem\n", "holds no private key"},
      {"two", kPair + "    client_secret_file: c.key\n", "wanted one of the two"}};
  for (const Unusable& row : table) {
    SCOPED_TRACE(row.name);
    const auto config = stage.write_config({.account = row.account, .api_port = 1});
    for (const std::string mode : {"--log.level=debug", "--config.check"}) {
      const Finished ended = run_program(
          {binary_dir() / "partner_center_exporter", "--config.file=" + config.string(), mode});
      EXPECT_EQ(ended.status, 2) << ended.output;
      EXPECT_THAT(ended.output, HasSubstr(row.complaint));
      EXPECT_THAT(ended.output, HasSubstr(config.string() + ":"));
      EXPECT_THAT(ended.output, HasSubstr(": accounts[0].client_"));
      EXPECT_THAT(ended.output, Not(HasSubstr("PRIVATE KEY-----\nM")));
    }
  }
}

TEST(EndToEndCredentials, AnExpiredCertificateIsSaidAndTheDaemonStarts) {
  Stage stage;
  make_certificate(stage.folder(), "c", {.days = -1});
  stage.start_simulator(
      {"--customers=1", "--client-certificate=" + (stage.folder() / "c.pem").string()});
  const Finished checked = run_program(
      {binary_dir() / "partner_center_exporter",
       "--config.file=" + stage.write_config({.account = kPair}).string(), "--config.check"});
  EXPECT_EQ(checked.status, 0) << checked.output;
  EXPECT_THAT(checked.output,
              HasSubstr("accounts[0].client_certificate_file: the client certificate in"));
  EXPECT_THAT(checked.output, HasSubstr("c.pem expired on 20"));
  stage.start_exporter({.account = kPair});
  EXPECT_NE(stage.exporter().line_with("c.pem expired on 20"), "");
  EXPECT_TRUE(eventually([&] { return stage.times_said("AADSTS700027") > 0; }))
      << stage.exporter().output();
  EXPECT_EQ(stage.get("/-/healthy").status, 200);
}

}  // namespace
}  // namespace pce
