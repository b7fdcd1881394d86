// The same web configuration passes or fails promtool and us.
#include <set>
#include <sstream>

#include "exporter/web/web_config.h"
#include "tests/support/golden.h"
#include "tests/support/program.h"
#include "tests/web/web_files.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

WebConfigReading read_now(const fs::path& file) {
  return read_web_config(file, SystemClock().wall());
}

struct Verdict {
  bool accepts = false;
  std::string words;
};

// promtool's, by file name.
std::map<std::string, Verdict> promtools_verdicts(const std::vector<fs::path>& files) {
  std::vector<std::string> argv{"promtool", "check", "web-config"};
  for (const fs::path& file : files) argv.push_back(file);
  const Finished finished = run_program(argv);
  std::map<std::string, Verdict> verdicts;
  std::string last;
  for (const std::string& line : lines_of(finished.output)) {
    const std::size_t success = line.find(" SUCCESS");
    const std::size_t failed = line.find(" FAILED: ");
    const std::size_t end = std::min(success, failed);
    if (end != std::string::npos) {
      last = fs::path(line.substr(0, end)).filename();
      verdicts[last] = {.accepts = success != std::string::npos, .words = line.substr(end)};
    } else if (!last.empty()) {
      verdicts[last].words += line;  // some messages have several lines
    }
  }
  EXPECT_EQ(verdicts.size(), files.size()) << finished.output;
  return verdicts;
}

// This promtool is older than a key in the file.
bool has_no_opinion(const Verdict& verdict) {
  if (verdict.accepts) return false;
  for (const char* const key : {"cert", "key", "client_ca", "client_allowed_sans", "rate_limit"}) {
    const std::string unknown = std::string("field ") + key + " not found in type ";
    if (verdict.words.find(unknown) != std::string::npos) return true;
  }
  return false;
}

class PromtoolAndWe : public testing::Test {
 protected:
  // By file name; what promtool says of files that it is too old for is left out.
  void expect_both(const std::string& kind, bool accept) {
    const auto files = files_.of_kind(kind);
    const auto theirs = promtools_verdicts(files);
    std::size_t compared = 0;
    for (const fs::path& file : files) {
      SCOPED_TRACE(file.filename());
      const auto ours = read_now(file);
      EXPECT_EQ(ours.config.has_value(), accept)
          << (ours.mistakes.empty() ? "" : mistake_text(file, ours.mistakes.front()));
      EXPECT_EQ(ours.mistakes.empty(), accept);
      const Verdict& verdict = theirs.at(file.filename());
      if (has_no_opinion(verdict)) continue;
      EXPECT_EQ(verdict.accepts, accept) << verdict.words;
      ++compared;
    }
    EXPECT_GT(compared, 40U) << "promtool has no opinion about most of them";
  }
  WebFiles files_;
};

TEST_F(PromtoolAndWe, AcceptTheGoodOnes) { expect_both("good", true); }
TEST_F(PromtoolAndWe, RefuseTheBadOnes) { expect_both("bad", false); }

TEST_F(PromtoolAndWe, DifferAsTheTableSays) {
  std::map<std::string, std::string> table;  // file → what promtool does
  for (const std::string& line :
       lines_of(read_file(source_dir() / "tests/fixtures/web_config/README.md"))) {
    if (!line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3);
    std::istringstream rest(line.substr(end + 3));
    rest >> table[line.substr(3, end - 3)];
  }
  const auto files = files_.of_kind("differs");
  ASSERT_EQ(files.size(), table.size());
  const auto theirs = promtools_verdicts(files);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const auto ours = read_now(file);
    EXPECT_FALSE(ours.config);
    EXPECT_FALSE(ours.mistakes.empty());
    ASSERT_TRUE(table.contains(file.filename()));
    const Verdict& verdict = theirs.at(file.filename());
    const std::string& said = table.at(file.filename());
    if (has_no_opinion(verdict) || said == "either") continue;
    EXPECT_TRUE(verdict.accepts && said == "accepts") << said << ": " << verdict.words;
  }
}

TEST_F(PromtoolAndWe, SayWhatIsWrongAndWhere) {
  std::string all;
  for (const char* const kind : {"good", "bad", "differs"}) {
    for (const fs::path& file : files_.of_kind(kind)) {
      const auto reading = read_now(file);
      for (const SettingMistake& mistake : reading.mistakes) {
        EXPECT_TRUE(mistake.place);
        all += mistake_text(file.filename(), mistake) + "\n";
      }
      for (const SettingMistake& doubt : reading.doubts)
        all += "warning: " + mistake_text(file.filename(), doubt) + "\n";
    }
  }
  const std::string folder = files_.folder().string() + "/";
  for (auto at = all.find(folder); at != std::string::npos; at = all.find(folder))
    all.replace(at, folder.size(), "@/");
  // The day on which the certificate expired.
  const std::string expired = "expired on ";
  for (auto at = all.find(expired); at != std::string::npos; at = all.find(expired, at + 1))
    all.replace(at + expired.size(), std::string("2026-11-26T08:15:30.250Z").size(), "DATE");
  EXPECT_EQ(all.find("hunter2"), std::string::npos);
  expect_golden("web_config_messages.txt", all);
}

}  // namespace
}  // namespace pce
