#include "exporter/commands/browser.h"

#include <cstdlib>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

// An environment variable for as long as a test lasts; tests are processes of their own.
void set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }

TEST(Browser, IsAskedForTheAddressAsOneWord) {
  TemporaryFolder folder;
  folder.write("xdg-open",
               "#!/bin/sh\nprintf '%s|' \"$#\" \"$1\" >" + (folder.path() / "asked").string() +
                   ".new && mv " + (folder.path() / "asked").string() + ".new " +
                   (folder.path() / "asked").string() + "\n",
               0700);
  set("PATH", folder.path().string() + ":/usr/bin:/bin");
  const std::string address = "https://login.example/a?b=c&d=$(touch+x)'\"";
  ASSERT_TRUE(open_browser(address));
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(folder.path() / "asked"); }));
  EXPECT_EQ(read_file(folder.path() / "asked"), "1|" + address + "|");
}

TEST(Browser, IsNotThereWhereNothingOpensAddresses) {
  TemporaryFolder folder;
  set("PATH", folder.path().string());
  EXPECT_FALSE(open_browser("https://login.example/"));
}

TEST(Browser, WantsAScreen) {
  unsetenv("DISPLAY");
  unsetenv("WAYLAND_DISPLAY");
  EXPECT_FALSE(has_screen());
  set("DISPLAY", "");
  EXPECT_FALSE(has_screen());
  set("DISPLAY", ":0");
  EXPECT_TRUE(has_screen());
  unsetenv("DISPLAY");
  set("WAYLAND_DISPLAY", "wayland-0");
  EXPECT_TRUE(has_screen());
}

}  // namespace
}  // namespace pce
