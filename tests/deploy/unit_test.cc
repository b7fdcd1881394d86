// The systemd unit: understood whole, as strict as promised, and at one with the program.
#include <algorithm>
#include <map>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

constexpr const char* kName = "partner-center-exporter.service";

std::string unit() { return read_file(source_dir() / "deploy/package" / kName); }

// As installed, but for the binary, which is the one of this build.
std::filesystem::path written_to(const TemporaryFolder& folder) {
  std::string text = unit();
  const std::string installed = "/usr/bin/partner_center_exporter";
  const auto at = text.find("ExecStart=" + installed + " ");
  EXPECT_NE(at, std::string::npos);
  text.replace(at + 10, installed.size(), (binary_dir() / "partner_center_exporter").string());
  return folder.write(kName, text, 0644);
}

TEST(Unit, IsUnderstoodWhole) {
  const TemporaryFolder folder;
  // Where something is unknown the status is 0 all the same.
  const auto verdict =
      run_program({"systemd-analyze", "verify", "--man=no", written_to(folder).string()});
  EXPECT_EQ(verdict.status, 0);
  EXPECT_EQ(verdict.output, "");
}

TEST(Unit, AndTheExampleOfASocketAreUnderstoodTogether) {
  const TemporaryFolder folder;
  written_to(folder);
  const std::string name = "partner-center-exporter.socket";
  const auto socket = folder.write(name, read_file(source_dir() / "deploy/package" / name), 0644);
  const auto verdict = run_program({"systemd-analyze", "verify", "--man=no", socket.string()});
  EXPECT_EQ(verdict.status, 0);
  EXPECT_EQ(verdict.output, "");
}

TEST(Unit, IsExposedByNoMoreThanOneAndAHalf) {
  const TemporaryFolder folder;
  const auto verdict = run_program({"systemd-analyze", "security", "--offline=true", "--no-pager",
                                    "--threshold=15", written_to(folder).string()});
  EXPECT_EQ(verdict.status, 0) << verdict.output;
  EXPECT_THAT(verdict.output, testing::HasSubstr("Overall exposure level"));
}

TEST(Unit, KeepsItsPromises) {
  const auto lines = lines_of(unit());
  for (const char* promise :
       {"Type=notify", "NotifyAccess=main", "WatchdogSec=180", "Restart=on-failure",
        "RestartPreventExitStatus=2", "User=partner-center-exporter",
        "StateDirectory=partner-center-exporter", "StateDirectoryMode=0700", "UMask=0077",
        "EnvironmentFile=-/etc/default/partner-center-exporter",
        "#LoadCredential=contoso.secret:/etc/partner-center-exporter/contoso.secret", "LimitCORE=0",
        "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="}) {
    EXPECT_NE(std::ranges::find(lines, promise), lines.end()) << promise;
  }
}

}  // namespace
}  // namespace pce
