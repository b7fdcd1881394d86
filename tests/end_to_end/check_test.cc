// `check` as a program: what it prints where, and its exit status.
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

Finished check(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{binary_dir() / "partner_center_exporter"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_program(argv);
}

TEST(EndToEndCheck, IsContentWithAGoodConfiguration) {
  Stage stage;
  const std::string file = "--config.file=" + stage.write_config({.api_port = 1}).string();
  const Finished ended = check({"check", file});
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, testing::HasSubstr("exporter.yml: fine (1 account)\n"));
  const Finished by_flag = check({file, "--config.check"});
  EXPECT_EQ(by_flag.status, 0);
  EXPECT_EQ(by_flag.output, ended.output);
  const Finished as_json = check({"check", file, "--output=json"});
  EXPECT_EQ(as_json.status, 0);
  EXPECT_EQ(nlohmann::json::parse(as_json.output).at("ok"), true);
}

TEST(EndToEndCheck, RefusesABadOne) {
  Stage stage;
  const std::string file =
      "--config.file=" + stage.write_file("typo.yml", "acounts: []\n").string();
  const Finished ended = check({"check", file});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, testing::HasSubstr("typo.yml:1:1: acounts: unknown key (did you mean "
                                               "\"accounts\"?)\n"));
  const Finished by_flag = check({file, "--config.check"});
  EXPECT_EQ(by_flag.status, 2);
  EXPECT_EQ(by_flag.output, ended.output);
  const Finished as_json = check({"check", file, "--output=json"});
  EXPECT_EQ(as_json.status, 2);
  EXPECT_EQ(nlohmann::json::parse(as_json.output).at("errors").at(0).at("suggestion"), "accounts");
}

TEST(EndToEndCheck, RefusesWhatItCannotRead) {
  for (const char* output : {"--output=text", "--output=json"})
    EXPECT_EQ(check({"check", "--config.file=/nowhere.yml", output}).status, 2);
  EXPECT_EQ(check({"check", "--output=xml"}).status, 2);
}

}  // namespace
}  // namespace pce
