// A marker in every secret, and a search of everything the process puts out.
#include <signal.h>

#include "exporter/identity/token_file.h"
#include "exporter/store/response_log.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

std::string all_of_proc(pid_t pid, const std::string& name) {
  return read_file("/proc/" + std::to_string(pid) + "/" + name);
}

// The file as it lies there, and the bodies in it as they came.
std::string all_that_is_kept(const std::filesystem::path& folder) {
  std::string text = read_file(folder / "responses.sqlite");
  ResponseLog::Found found;
  EXPECT_TRUE(ResponseLog::open(folder, WallTime{}, &found));
  EXPECT_GT(found.answers.size(), 3U);
  for (const StoredAnswer& answer : found.answers) {
    for (const PackedText& body : answer.bodies) {
      const auto unpacked = unpack(body, 64U << 20U);
      EXPECT_TRUE(unpacked);
      if (unpacked) text += *unpacked;
    }
  }
  return text;
}

TEST(EndToEndSecrets, AreNowhereToBeSeen) {
  const std::string token = "MARKER-refresh-token-in-file";
  const std::string secret = "MARKER-client-secret-in-file";
  Stage stage;
  stage.start_simulator({"--customers=3", "--refresh-token=" + token, "--client-secret=" + secret});
  stage.write_file("contoso.secret", secret + "\n", 0600);
  stage.start_exporter_with(
      {"--config.file=" + stage
                              .write_config({.interval = "300ms",
                                             .stale_after = "1h",
                                             .account = "    client_secret_file: contoso.secret\n",
                                             .refresh_token = token})
                              .string(),
       "--web.listen-address=127.0.0.1:0", "--log.level=debug",
       "--storage.path=" + (stage.folder() / "kept").string()});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  stage.scrape_until(is_up);

  // Make it talk: refusals of the token endpoint that repeat what was sent, refused calls, broken
  // bodies.
  std::string seen;
  const auto look = [&] {
    for (const char* path : {"/", "/metrics", "/-/ready", "/-/healthy", "/nowhere"})
      seen += stage.get(path).body;
    seen += all_of_proc(stage.exporter().pid(), "cmdline") +
            all_of_proc(stage.exporter().pid(), "environ");
  };
  look();
  for (
      const std::string& fault :
      {R"({"match": {"operation": "token"}, "fault": {"status": 400, "body": "{\"error\": \"invalid_grant\", \"error_description\": \"AADSTS70000: token )" +
           token + " secret " + secret + R"( is bad\"}"}})",
       std::string(
           R"({"match": {"path_contains": "/analytics/"}, "fault": {"status": 401, "code": "800001"}})"),
       std::string(
           R"({"match": {"path_contains": "/customers"}, "fault": {"status": 200, "shape": "not_json"}})")}) {
    stage.add_fault(fault);
  }
  stage.scrape_until([](const Exposition& e) { return !is_up(e); });
  look();
  const auto kept = TokenFile(stage.folder() / "contoso.token").read();
  ASSERT_TRUE(kept) << kept.error().message;
  const std::string rotated(kept->refresh_token.reveal());
  EXPECT_NE(rotated, token);
  stage.exporter().signal(SIGTERM);
  stage.exporter().wait();
  stage.exporter().wait_for_last_word();
  seen += stage.exporter().output();
  seen += all_that_is_kept(stage.folder() / "kept");

  EXPECT_GT(seen.size(), 10'000U);
  EXPECT_EQ(seen.find("MARKER"), std::string::npos) << seen.substr(seen.find("MARKER") - 200, 400);
  EXPECT_EQ(seen.find(rotated.substr(0, 12)), std::string::npos) << "the rotated token shows";
  EXPECT_EQ(seen.find("Bearer"), std::string::npos);
}

TEST(EndToEndSecrets, ARefusedFileIsNamedAndNotShown) {
  Stage stage;
  const auto config =
      stage.write_config({.api_port = 1, .refresh_token = "MARKER-in-an-open-file"});
  std::filesystem::permissions(stage.folder() / "contoso.token", std::filesystem::perms(0644));
  const Finished ended =
      run_program({binary_dir() / "partner_center_exporter", "--config.file=" + config.string()});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, testing::HasSubstr("contoso.token"));
  EXPECT_THAT(ended.output, testing::HasSubstr("chmod"));
  EXPECT_THAT(ended.output, testing::Not(testing::HasSubstr("MARKER")));
}

}  // namespace
}  // namespace pce
