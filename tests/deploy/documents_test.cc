// Man page, completion and defaults file say what --help says.
#include "deploy/package/documents.h"

#include <algorithm>
#include <set>

#include "exporter/settings/flags.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;
using Words = std::set<std::string>;

// What `man` makes of it, on lines long enough to break nowhere.
std::string rendered(const std::string& page, std::string& warnings) {
  const TemporaryFolder folder;
  const auto file = folder.write("page.1", page);
  const auto shown =
      run_program({"env", "MANWIDTH=500", "MAN_KEEP_FORMATTING=", "LC_ALL=C.UTF-8", "sh", "-c",
                   "man --warnings -l \"$1\" 2>\"$1.warnings\" | cat", "sh", file.string()});
  EXPECT_EQ(shown.status, 0) << shown.output;
  warnings = read_file(file.string() + ".warnings");
  return shown.output;
}

TEST(ManPage, SaysWhatHelpSays) {
  std::string warnings;
  const std::string text = rendered(man_page("1.2.3", "2026-11-26"), warnings);
  EXPECT_EQ(warnings, "");
  for (const FlagInfo& flag : flags()) {
    if (flag.help.empty()) continue;
    const std::string value = flag.value.empty() ? "" : "=" + std::string(flag.value);
    EXPECT_THAT(text, HasSubstr("\n       " + std::string(flag.name) + value));
    EXPECT_THAT(text, HasSubstr(flag.help));
  }
  for (const CommandInfo& command : commands()) {
    EXPECT_THAT(text, HasSubstr("\n       " + std::string(command.name)));
    EXPECT_THAT(text, HasSubstr(command.help));
  }
  EXPECT_THAT(text, HasSubstr(exit_status()));
  EXPECT_THAT(text, HasSubstr("partner_center_exporter 1.2.3"));
  EXPECT_THAT(text, HasSubstr("2026-11-26"));
}

// What bash offers for the last of `words`, cut as its COMP_WORDBREAKS has it.
Words offered(const std::vector<std::string>& words, const std::string& folder = "/") {
  const TemporaryFolder files;
  const auto script = files.write("completion.bash", bash_completion());
  std::vector<std::string> argv{
      "bash",
      "--norc",
      "-uc",
      "cd -- \"$1\"; . \"$2\"; shift 2; COMP_WORDS=(partner_center_exporter \"$@\")\n"
      "COMP_CWORD=$(($# > 0 ? $# : 1)); _partner_center_exporter\n"
      "if ((${#COMPREPLY[@]} > 0)); then printf '%s\\n' \"${COMPREPLY[@]}\"; fi",
      "bash",
      folder,
      script.string()};
  argv.insert(argv.end(), words.begin(), words.end());
  const auto said = run_program(argv);
  EXPECT_EQ(said.status, 0) << said.output;
  const auto lines = lines_of(said.output);
  return {lines.begin(), lines.end()};
}

Words flags_of(std::string_view command) {
  Words words;
  for (const FlagInfo& flag : flags()) {
    if (flag.help.empty() || !takes(command, flag)) continue;
    words.insert(std::string(flag.name) + (flag.value.empty() ? "" : "="));
  }
  return words;
}

TEST(BashCompletion, OffersTheFlagsOfEachCommand) {
  EXPECT_EQ(offered({"--"}), flags_of("run"));
  for (const CommandInfo& command : commands())
    EXPECT_EQ(offered({std::string(command.name), "--"}), flags_of(command.name)) << command.name;
}

TEST(BashCompletion, OffersCommandsAndFlagsOfTheExporterAtFirst) {
  Words all = flags_of("run");
  for (const CommandInfo& command : commands()) all.emplace(command.name);
  EXPECT_EQ(offered({""}), all);
  EXPECT_EQ(offered({"lo"}), Words{"login"});
}

TEST(BashCompletion, OffersWhatAFlagMayHave) {
  for (const FlagInfo& flag : flags()) {
    const auto words = choices(flag.name);
    if (words.empty()) continue;
    const Words wanted(words.begin(), words.end());
    const std::string name(flag.name);
    EXPECT_EQ(offered({name, "="}), wanted) << "cut at =";
    EXPECT_EQ(offered({name, "=", std::string(words[0])}), Words{std::string(words[0])});
    EXPECT_EQ(offered({name, ""}), wanted) << "with a blank";
    Words whole;
    for (const std::string& word : wanted) whole.insert(name + "=" + word);
    EXPECT_EQ(offered({name + "="}), whole) << "not cut";
  }
}

TEST(BashCompletion, OffersFilesWhereAFileIsWanted) {
  const TemporaryFolder folder;
  folder.write("a file.yml", "");
  EXPECT_EQ(offered({"--config.file", "=", "a"}, folder.path()), Words{"a file.yml"});
  EXPECT_EQ(offered({"check", "--config.file", ""}, folder.path()), Words{"a file.yml"});
  EXPECT_EQ(offered({"--storage.path", "=", ""}, folder.path()), Words{}) << "folders only";
}

TEST(BashCompletion, TakesAValueForNoCommand) {
  EXPECT_EQ(offered({"--config.file", "check", "--"}), flags_of("run"));
  EXPECT_EQ(offered({"--config.file", "=", "login", "plan", "--"}), flags_of("plan"));
  EXPECT_EQ(offered({"--account", ""}), Words{}) << "nobody knows the accounts' names";
}

TEST(DefaultsFile, SetsNothingAndNamesEveryFlagOfTheDaemon) {
  const std::string text = defaults_file();
  int set = 0;
  for (const std::string& line : lines_of(text)) {
    if (!line.empty() && line[0] != '#') {
      EXPECT_EQ(line, "ARGS=\"\"");
      ++set;
    }
  }
  EXPECT_EQ(set, 1);
  for (const FlagInfo& flag : flags()) {
    const bool of_daemon = takes("run", flag) && !flag.value.empty();
    if (!of_daemon) continue;
    EXPECT_THAT(text, HasSubstr(flag.name));
  }
}

}  // namespace
}  // namespace pce
