// The page at / in a real browser: what it shows, whom it can be used by, and that nothing on it is
// taken for more than text. With UPDATE_PICTURES=FOLDER it is drawn as well.
#include <cstdlib>
#include <fstream>
#include <signal.h>

#include "tests/end_to_end/page_audit.h"
#include "tests/end_to_end/status_scene.h"
#include "tests/support/chromium.h"

namespace pce {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kEnter = "\uE007";
constexpr Chromium::Look kDesk{};
constexpr Chromium::Look kNight{.dark = true};
constexpr Chromium::Look kPhone{.width = 360, .height = 740, .touch = true, .scale = 2};
constexpr int kPictureHeight = 1600;
// The script asks every quarter of a minute, and when the page comes into view.
constexpr const char* kRefresh = "document.dispatchEvent(new Event('visibilitychange'));";

void expect_no_faults(Chromium& browser) {
  for (const Chromium::Look& look : {kDesk, kNight, kPhone}) {
    SCOPED_TRACE(std::to_string(look.width) + (look.dark ? " dark" : ""));
    browser.look(look);
    EXPECT_THAT(poor_contrasts(browser), IsEmpty());
    EXPECT_THAT(structural_faults(browser), IsEmpty());
    EXPECT_THAT(layout_faults(browser), IsEmpty());
  }
  browser.look(kDesk);
}

void expect_a_good_walk(Chromium& browser) {
  std::vector<std::string> visited;
  for (const Stop& stop : walk(browser)) {
    visited.push_back(stop.what);
    EXPECT_TRUE(stop.is_visible) << stop.what;
    EXPECT_TRUE(stop.is_outlined) << stop.what;
  }
  EXPECT_GT(visited.size(), 20U);
  EXPECT_THAT(visited, ElementsAreArray(reachable(browser)));
}

TEST(EndToEndStatusPage, CanBeReadAndUsedByEverybodyInGoodDaysAndBad) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene;
  browser.look(kDesk);
  browser.open(scene.address());
  EXPECT_THAT(browser.text(), HasSubstr("All is well."));
  expect_no_faults(browser);
  expect_a_good_walk(browser);

  scene.break_everything();
  browser.open(scene.address("/?customer=" + kSeedId));
  EXPECT_THAT(browser.text(), HasSubstr("things are wrong."));
  expect_no_faults(browser);
  expect_a_good_walk(browser);
  EXPECT_THAT(browser.complaints(), IsEmpty());
}

TEST(EndToEndStatusPage, IsAnsweredFromTheKeyboard) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene;
  browser.open(scene.address());
  browser.press("\uE004");
  browser.press(kEnter);
  EXPECT_EQ(browser.run("return document.activeElement.id"), "main") << "the link past the top";
  browser.type("customer", "DT Demo CSP*" + std::string(kEnter));
  EXPECT_TRUE(eventually([&] { return browser.address().find("customer=") != std::string::npos; }));
  EXPECT_THAT(browser.address(), testing::EndsWith("#answer"));
  EXPECT_THAT(browser.text(), HasSubstr("DT Demo CSP Customer 005"));
  EXPECT_THAT(browser.text(), HasSubstr("series from"));
}

TEST(EndToEndStatusPage, TellsTheEssentialsWithoutAScript) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene;
  scene.break_everything();
  browser.forbid_scripts();
  browser.open(scene.address());
  for (const char* part : {"things are wrong", "needs_login", "partner_center_exporter login",
                           "503", "Correlation id", "commercial", "customer_usage", "The largest"})
    EXPECT_THAT(browser.text(), HasSubstr(part));
  browser.type("customer", kSeedId);
  browser.run("document.querySelector('form').submit()");
  EXPECT_TRUE(eventually(
      [&] { return browser.text().find("DT Demo CSP Customer 005") != std::string::npos; }));
}

TEST(EndToEndStatusPage, KeepsUpWithTheExporterAndSaysWhenItCannot) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene;
  browser.open(scene.address());
  browser.run(
      "window.kept = document.getElementById('customer'); kept.focus(); kept.value = 'typing';");
  scene.break_everything();
  browser.run(kRefresh);
  EXPECT_TRUE(
      eventually([&] { return browser.text().find("things are wrong") != std::string::npos; }));
  EXPECT_EQ(browser.run("return document.activeElement === kept && kept.value"), "typing")
      << "nobody is disturbed";
  EXPECT_TRUE(browser.run("return document.getElementById('lost').hidden").get<bool>());
  EXPECT_THAT(browser.complaints(), IsEmpty());

  scene.stage().exporter().signal(SIGTERM);
  scene.stage().exporter().wait();
  browser.run(kRefresh);
  EXPECT_TRUE(eventually(
      [&] { return browser.text().find("The exporter does not answer") != std::string::npos; }));
}

TEST(EndToEndStatusPage, HostileNamesAreText) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene;
  const std::string name =
      "</script><script>pwned=1</script><img src=x onerror=pwned=2>\"'><svg onload=pwned=3>{{$x}}";
  const auto customers = scene.status().at("customers");
  const std::string id = customers.at("largest").at(0).at("customer_id");
  const std::string partner = customers.at("largest").at(0).at("partner");
  scene.rename(partner == "contoso" ? id : kSeedId, name);
  browser.open(scene.address("/?customer=" + (partner == "contoso" ? id : kSeedId)));
  EXPECT_THAT(browser.text(), HasSubstr(name));
  browser.run(kRefresh);
  EXPECT_EQ(browser.run("return String(window.pwned)"), "undefined");
  EXPECT_EQ(browser.run("return document.querySelectorAll('img, svg:not([role=img])').length"), 0);
  EXPECT_EQ(browser.run("return document.scripts.length"), 1);
  EXPECT_THAT(browser.complaints(), IsEmpty());
}

// Into the folder UPDATE_PICTURES names, with a day's history; otherwise only to see that it can
// be.
class StatusPictures : public testing::Test {
 protected:
  void draw(Chromium& browser, StatusScene& scene, const std::string& name,
            const Chromium::Look& look) const {
    browser.look(look);
    browser.open(scene.address());
    const std::string picture = browser.picture(kPictureHeight);
    ASSERT_THAT(picture, HasSubstr("PNG"));
    if (folder_ == nullptr) return;
    std::ofstream(std::filesystem::path(folder_) / (name + ".png"), std::ios::binary) << picture;
  }
  const char* const folder_ = std::getenv("UPDATE_PICTURES");
};

TEST_F(StatusPictures, Draws) {
  Chromium browser;
  ASSERT_TRUE(browser.is_there());
  StatusScene scene(folder_ == nullptr ? 1 : 24);
  draw(browser, scene, "status_light", kDesk);
  draw(browser, scene, "status_dark", kNight);
  draw(browser, scene, "status_phone", kPhone);
  scene.break_everything();
  draw(browser, scene, "status_broken", kDesk);
}

}  // namespace
}  // namespace pce
