// The command `login` with a real browser: Chromium fills in the simulator's sign-in page.
#include "tests/end_to_end/login_stage.h"
#include "tests/support/chromium.h"

namespace pce {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{120};

void fill_in(Chromium& browser) {
  browser.type("loginfmt", "ada@partner.example");
  browser.type("passwd", "anything");
  browser.click("second_factor");
  browser.click("sign_in");
}

TEST(EndToEndLoginBrowser, ComesBackFromTheSignInPageByItself) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  LoginStage login;
  login.start();
  browser.open(login.address());
  fill_in(browser);
  EXPECT_TRUE(eventually([&] { return browser.title() == "Back from signing in"; }, kPatience));
  EXPECT_THAT(
      browser.address(),
      testing::StartsWith("http://localhost:" + std::to_string(login.callback_port()) + "/?code="));
  EXPECT_THAT(browser.text(), HasSubstr("You can close this window"));
  EXPECT_EQ(login.ended(), 0) << login.said();
  const auto record = login.stored();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->user, "ada@partner.example");
  EXPECT_EQ(record->flow, "authorization_code");
  expect_that_the_exporter_lives_on_it(login);
}

TEST(EndToEndLoginBrowser, TypesTheDeviceCode) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  LoginStage login;
  login.start({"--device-code"});
  const auto behind = [&](const std::string& word) {
    const std::string line = login.login().line_with("   " + word + "  ");
    return line.substr(std::min(line.size(), line.find(word) + word.size() + 2));
  };
  browser.open(behind("page"));
  browser.type("user_code", behind("code"));
  browser.click("next");
  fill_in(browser);
  EXPECT_TRUE(eventually([&] { return browser.title() == "Signed in"; }, kPatience));
  EXPECT_THAT(browser.text(), HasSubstr("You have signed in"));
  EXPECT_EQ(login.ended(), 0) << login.said();
  const auto record = login.stored();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flow, "device_code");
  expect_that_the_exporter_lives_on_it(login);
}

}  // namespace
}  // namespace pce
