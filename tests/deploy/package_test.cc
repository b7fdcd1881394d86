// The Debian package as CPack makes it: what is in it, what it depends on, what lintian says.
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;

class Package : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    const auto made = run_program({"cpack", "--config", binary_dir() / "CPackConfig.cmake", "-G",
                                   "DEB", "-B", folder_->path()},
                                  std::chrono::seconds(200));
    EXPECT_EQ(made.status, 0) << made.output;
    for (const std::string& name : folder_->names()) {
      if (name.ends_with(".deb")) file_ = folder_->path() / name;
    }
  }
  static void TearDownTestSuite() { delete folder_; }

  static std::string dpkg_deb(const std::vector<std::string>& arguments) {
    std::vector<std::string> argv{"dpkg-deb", arguments.at(0), file_};
    argv.insert(argv.end(), arguments.begin() + 1, arguments.end());
    const auto said = run_program(argv);
    EXPECT_EQ(said.status, 0) << said.output;
    return said.output;
  }

  static TemporaryFolder* folder_;
  static std::filesystem::path file_;
};
TemporaryFolder* Package::folder_ = nullptr;
std::filesystem::path Package::file_;

TEST_F(Package, IsNamedAfterItsVersionAndArchitecture) {
  const std::string version = dpkg_deb({"--field", "Version"});
  const std::string architecture = dpkg_deb({"--field", "Architecture"});
  const auto line = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  EXPECT_EQ(file_.filename(),
            "partner-center-exporter_" + line(version) + "_" + line(architecture) + ".deb");
  const auto said = run_program({binary_dir() / "partner_center_exporter", "--version"});
  EXPECT_THAT(said.output,
              HasSubstr("partner_center_exporter, version " + line(version) + " (branch: "));
}

TEST_F(Package, HoldsWhatAnOperatorLooksFor) {
  const std::string content = dpkg_deb({"--contents"});
  for (const char* path :
       {"/usr/bin/partner_center_exporter", "/etc/default/partner-center-exporter",
        "/etc/partner-center-exporter/config.yml",
        "/usr/lib/systemd/system/partner-center-exporter.service",
        "/usr/share/man/man1/partner_center_exporter.1.gz",
        "/usr/share/bash-completion/completions/partner_center_exporter",
        "/usr/share/doc/partner-center-exporter/copyright",
        "/usr/share/doc/partner-center-exporter/METRICS.md",
        "/usr/share/partner-center-exporter/config/partner_center.example.yml"}) {
    EXPECT_THAT(content, HasSubstr(" ." + std::string(path) + "\n"));
  }
  for (const char* folder : {"dashboards", "deploy/prometheus"}) {
    if (!std::filesystem::exists(source_dir() / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / folder)) {
      const auto extension = entry.path().extension();
      if (entry.path().filename() == "demo.yml" || (extension != ".json" && extension != ".yml"))
        continue;
      const auto below = std::filesystem::relative(entry.path(), source_dir() / folder);
      const std::string name = std::filesystem::path(folder).filename();
      EXPECT_THAT(content, HasSubstr(" ./usr/share/partner-center-exporter/" + name + "/" +
                                     below.string() + "\n"));
    }
  }
}

TEST_F(Package, LeavesTheConfigurationToItsOwner) {
  EXPECT_EQ(dpkg_deb({"--info", "conffiles"}),
            "/etc/default/partner-center-exporter\n/etc/partner-center-exporter/config.yml\n");
}

TEST_F(Package, DependsOnTheLibrariesItIsLinkedWith) {
  const std::string depends = dpkg_deb({"--field", "Depends"});
  for (const char* package :
       {"libc6", "libcurl3", "libmicrohttpd12", "libyaml-cpp", "adduser", "ca-certificates"}) {
    EXPECT_THAT(depends, HasSubstr(package));
  }
}

TEST_F(Package, LeavesLintianNothingToSay) {
  const auto said = run_program({"lintian", "--allow-root", "--fail-on=error,warning", file_},
                                std::chrono::seconds(200));
  EXPECT_EQ(said.status, 0) << said.output;
  EXPECT_THAT(said.output, testing::Not(HasSubstr("partner-center-exporter: ")));
}

// As it is delivered it waits for a sign-in. The service's folder is made when the package is
// configured.
TEST_F(Package, HasAConfigurationThatIsRight) {
  ASSERT_EQ(run_program({"dpkg-deb", "--extract", file_, folder_->path() / "root"}).status, 0);
  std::string text = read_file(folder_->path() / "root/etc/partner-center-exporter/config.yml");
  const std::string state = "/var/lib/partner-center-exporter";
  const auto at = text.find(state);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, state.size(), folder_->path());
  const auto said = run_program({binary_dir() / "partner_center_exporter", "check",
                                 "--config.file=" + folder_->write("config.yml", text).string()});
  EXPECT_EQ(said.status, 0) << said.output;
}

}  // namespace
}  // namespace pce
