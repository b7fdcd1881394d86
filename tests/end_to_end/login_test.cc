// The command `login` with a browser that comes back, played without one.
#include <signal.h>

#include "tests/end_to_end/login_stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EndToEndLogin, StoresATokenThatTheExporterLivesOn) {
  LoginStage login;
  login.start();
  const WebAnswer page = login.come_back(login.sign_in());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("You can close this window"));
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_THAT(login.said(), HasSubstr("Signed in as ada@partner.example"));
  EXPECT_THAT(login.said(), HasSubstr("Stored in " + login.token_file().string()));

  const auto record = login.stored();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->client_type, ClientType::kPublic);
  EXPECT_EQ(record->flow, "authorization_code");
  EXPECT_EQ(record->user, "ada@partner.example");
  EXPECT_EQ(record->tenant_id, "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(record->client_id, "66666666-7777-8888-9999-000000000000");
  EXPECT_THAT(record->methods, testing::ElementsAre("pwd", "mfa"));
  EXPECT_THAT(record->scope,
              HasSubstr("https://api.partnercenter.microsoft.com/user_impersonation"));
  EXPECT_TRUE(record->signed_in_at);
  EXPECT_EQ(record->rotated_at, record->signed_in_at);
  expect_that_the_exporter_lives_on_it(login);
}

TEST(EndToEndLogin, TakesAnAddressThatIsPasted) {
  LoginStage login;
  login.start();
  const std::string redirected = login.sign_in();
  login.login().type("what?\n" + login.address() + "\n  \"" + redirected + "\"\r\n");
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_THAT(login.said(), HasSubstr("found no answer to a sign-in"));
  EXPECT_THAT(login.said(), HasSubstr("found the address to be opened"));
  EXPECT_TRUE(login.stored());
}

TEST(EndToEndLogin, AsksForTheBrowserOnATerminalAndHidesWhatIsPasted) {
  LoginStage login;
  login.start_on_a_terminal();
  const std::string redirected = login.sign_in();
  const auto opened = login.stage().folder() / "opened";
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(opened); })) << login.said();
  EXPECT_EQ(read_file(opened), login.address() + "\n");
  login.login().type(redirected + "\n");
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_THAT(login.said(), HasSubstr("Your browser has been asked"));
  EXPECT_THAT(login.said(), Not(HasSubstr(redirected.substr(0, 40))));
  EXPECT_TRUE(login.stored());
}

TEST(EndToEndLogin, ProvesTheApplicationWhereItHasASecret) {
  LoginStage login({"--customers=3", "--client-secret=MARKER-secret"});
  login.settings(R"({"redirect_type": "web"})");
  login.stage().write_file("contoso.secret", "MARKER-secret\n", 0600);
  login.start({}, "    client_secret_file: contoso.secret\n");
  login.come_back(login.sign_in());
  EXPECT_EQ(login.ended(), 0) << login.said();
  const auto record = login.stored();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->client_type, ClientType::kConfidential);
  expect_that_the_exporter_lives_on_it(login);
}

TEST(EndToEndLogin, AnswersTheBrowserWithAPlainPageThatNobodyKeeps) {
  LoginStage login;
  login.start();
  const WebAnswer page = login.come_back(login.sign_in());
  EXPECT_EQ(page.headers.at("cache-control"), "no-store");
  EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.headers.at("referrer-policy"), "no-referrer");
  EXPECT_THAT(page.body, Not(HasSubstr("src=")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=")));
  EXPECT_EQ(login.ended(), 0);
}

TEST(EndToEndLogin, TakesOneAnswerAndOnlyItsOwn) {
  LoginStage login;
  login.start();
  EXPECT_EQ(ask(login.callback_port(), {.path = "/?code=x&state=y"}).status, 400);
  EXPECT_EQ(ask(login.callback_port(), {.path = "/"}).status, 400);
  EXPECT_EQ(ask(login.callback_port(), {.path = "/favicon.ico"}).status, 404);
  login.stage().add_fault(R"({"match": {"operation": "token_v2"}, "fault": {"hold": true}})");
  const std::string redirected = login.sign_in();
  EXPECT_EQ(ask(login.callback_port(),
                {.method = "HEAD", .path = redirected.substr(redirected.find("/?"))})
                .status,
            405);
  EXPECT_EQ(login.come_back(redirected).status, 200);
  EXPECT_EQ(login.come_back(redirected).status, 409);
  login.stage().clear_faults();
  EXPECT_EQ(login.ended(), 0) << login.said();
  EXPECT_EQ(login.stage().simulator_counted("token_v2"), 1);
}

TEST(EndToEndLogin, ListensOnThisMachineOnly) {
  LoginStage login;
  login.start();
  char port[16];
  std::snprintf(port, sizeof port, ":%04X", static_cast<unsigned>(login.callback_port()));
  const std::string listeners = read_file("/proc/net/tcp") + read_file("/proc/net/tcp6");
  EXPECT_THAT(listeners, HasSubstr(std::string(" 0100007F") + port + " "));
  EXPECT_THAT(listeners, Not(HasSubstr(std::string("00000000") + port + " ")));
}

TEST(EndToEndLogin, ComesBackToThePortThatIsWanted) {
  const int port = free_port();
  LoginStage login;
  login.start({"--port=" + std::to_string(port)});
  EXPECT_EQ(login.callback_port(), port);
  EXPECT_THAT(login.login().line_with("ssh -L"),
              HasSubstr("ssh -L " + std::to_string(port) + ":127.0.0.1:" + std::to_string(port)));
}

TEST(EndToEndLogin, EndsWithASentenceWhenItIsInterrupted) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    LoginStage login;
    login.start();
    ASSERT_NE(login.login().line_with("Waiting for the browser"), "");
    login.login().signal(number);
    EXPECT_EQ(login.ended(), 1);
    EXPECT_THAT(login.said(), HasSubstr("Given up; nothing was stored."));
    EXPECT_FALSE(login.stored());
  }
}

TEST(EndToEndLogin, EndsWhileTheIdentityPlatformKeepsItWaiting) {
  LoginStage login;
  login.stage().add_fault(R"({"match": {"operation": "token_v2"}, "fault": {"hold": true}})");
  login.start();
  EXPECT_EQ(login.come_back(login.sign_in()).status, 200);
  ASSERT_TRUE(eventually([&] { return login.stage().simulator().hits() == 1; }));
  login.login().signal(SIGINT);
  EXPECT_EQ(login.ended(), 1);
  EXPECT_THAT(login.said(), HasSubstr("Given up"));
}

TEST(EndToEndLogin, NoticesBeforehandThatTheTokenCannotBeStored) {
  LoginStage login;
  const auto config = login.stage().write_config({});
  const std::string text = read_file(config);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return login.stage().write_file("changed.yml", changed).string();
  };
  const auto run = [&](const std::string& file, const std::string& flag = "--no-browser") {
    return run_program(
        {binary_dir() / "partner_center_exporter", "login", "--config.file=" + file, flag});
  };
  const Finished no_folder = run(with("contoso.token", "missing/contoso.token"));
  EXPECT_EQ(no_folder.status, 2);
  EXPECT_THAT(no_folder.output, HasSubstr("mkdir -p -m 700"));

  const Finished no_account = run(config.string(), "--account=fabrikam");
  EXPECT_EQ(no_account.status, 2);
  EXPECT_THAT(no_account.output, HasSubstr("wanted contoso"));

  std::filesystem::create_directory(login.stage().folder() / "open");
  std::filesystem::permissions(login.stage().folder() / "open", std::filesystem::perms(0777));
  const Finished open_folder = run(with("contoso.token", "open/contoso.token"));
  EXPECT_EQ(open_folder.status, 2);
  EXPECT_THAT(open_folder.output, HasSubstr("chmod 700"));
}

}  // namespace
}  // namespace pce
