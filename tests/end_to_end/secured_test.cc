// --web.config.file, whole: a real Prometheus that scrapes over TLS with a certificate of its own
// and a password, while ours are replaced.
#include <fstream>

#include "tests/end_to_end/real_prometheus.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/test_authority.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

class Secured : public testing::Test {
 protected:
  // The authority's next certificate takes the place of the one before, as renewal programs do it.
  void renew(const std::string& name, const std::string& common_name) {
    const TestAuthority::Issued issued = authority_.issue({.name = common_name});
    for (const auto& [from, to] :
         {std::pair(issued.certificate, name + ".pem"), std::pair(issued.key, name + ".key")}) {
      fs::copy_file(from, stage_.folder() / "next", fs::copy_options::overwrite_existing);
      fs::rename(stage_.folder() / "next", stage_.folder() / to);
    }
  }
  void start() {
    renew("exporter", "exporter.test");
    renew("prometheus", "prometheus.test");
    stage_.write_file(
        "web.yml",
        "tls_server_config:\n"
        "  cert_file: exporter.pem\n"
        "  key_file: exporter.key\n"
        "  client_auth_type: RequireAndVerifyClientCert\n"
        "  client_ca_file: " +
            authority_.certificate().string() +
            "\n"
            "  client_allowed_sans: [prometheus.test]\n"
            "http_server_config:\n"
            "  headers: {Strict-Transport-Security: max-age=60}\n"
            "basic_auth_users:\n"
            "  prometheus: $2y$10$abcdefghijklmnopqrstuurG2GXJQOvqnWJu7U/d8BQXKn0Kic2XO\n");
    stage_.start_simulator({"--customers=25"});
    stage_.start_exporter_with({"--config.file=" + stage_.write_config({}).string(),
                                "--web.config.file=" + (stage_.folder() / "web.yml").string(),
                                "--web.listen-address=127.0.0.1:0"});
    ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  }
  Finished curl(std::vector<std::string> more) const {
    std::vector<std::string> argv{"curl",      "--silent", "--max-time", "20",
                                  "--noproxy", "*",        "--cacert",   authority_.certificate()};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.push_back("https://localhost:" + std::to_string(stage_.exporter_port()) + "/metrics");
    return run_program(argv);
  }
  std::string in_folder(const std::string& name) const { return stage_.folder() / name; }

  Stage stage_;
  TestAuthority authority_;
};

TEST_F(Secured, PrometheusScrapesWithCertificateAndPasswordWhileCertificatesAreReplaced) {
  start();
  const std::vector<std::string> certificate{"--cert", in_folder("prometheus.pem"), "--key",
                                             in_folder("prometheus.key")};
  std::vector<std::string> whole = certificate;
  whole.insert(whole.end(), {"--user", "prometheus:scrape me"});
  EXPECT_TRUE(
      eventually([&] { return curl(whole).output.find("licenses_sold{") != std::string::npos; }));
  std::vector<std::string> wrong = certificate;
  wrong.insert(wrong.end(), {"--user", "prometheus:scrape him", "--write-out", "%{http_code}"});
  EXPECT_THAT(curl(wrong).output, testing::HasSubstr("401"));
  EXPECT_NE(curl({"--user", "prometheus:scrape me"}).status, 0) << "without a certificate";

  const std::string tls = "{ca_file: " + authority_.certificate().string() +
                          ", cert_file: " + in_folder("prometheus.pem") +
                          ", key_file: " + in_folder("prometheus.key") +
                          ", server_name: exporter.test}";
  const std::string job = scrape_job("exporter", stage_.exporter_port());
  const RealPrometheus prometheus(
      stage_, job + "    scheme: https\n    tls_config: " + tls +
                  "\n    basic_auth: {username: prometheus, password: scrape me}\n" + kUnhurried);
  EXPECT_TRUE(eventually([&] { return prometheus.value("up") == "1"; }));
  Program load({"python3", source_dir() / "tests/end_to_end/scrape_over_tls.py",
                std::to_string(stage_.exporter_port()), authority_.certificate(),
                in_folder("prometheus.pem"), in_folder("prometheus.key"), "prometheus:scrape me"},
               Program::Input::kTyped);
  EXPECT_NE(load.line_with("scraping"), "");
  for (int i = 0; i < 5; ++i) {
    renew("exporter", "exporter.test");
    EXPECT_NE(curl(whole).output.find("licenses_sold{"), std::string::npos);
  }
  EXPECT_TRUE(
      eventually([&] { return prometheus.value("count_over_time(up[1m])>=6").size() > 0; }));
  EXPECT_EQ(prometheus.value("min_over_time(up[1m])"), "1");
  EXPECT_TRUE(eventually([&] { return prometheus.value("count(licenses_sold)").size() > 0; }));
  EXPECT_GE(stage_.times_said("TLS certificate read again"), 5U);

  load.type("\n");
  EXPECT_EQ(load.wait(), 0);
  load.wait_for_last_word();
  EXPECT_THAT(load.output(), testing::ContainsRegex("[0-9][0-9]+ scrapes, 0 failed"));

  stage_.exporter().signal(SIGTERM);
  EXPECT_EQ(stage_.exporter().wait(), 0);
  stage_.exporter().wait_for_last_word();
  const std::string said = stage_.exporter().output();
  EXPECT_THAT(said, testing::HasSubstr("TLS is enabled"));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("scrape me")));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("$2y$")));
}

TEST_F(Secured, AnotherPasswordHoldsAtOnceAndABrokenFileChangesNothing) {
  start();
  const auto code_for = [this](const std::string& login) {
    return curl({"--cert", in_folder("prometheus.pem"), "--key", in_folder("prometheus.key"),
                 "--user", "prometheus:" + login, "--output", "/dev/null", "--write-out",
                 "%{http_code}"})
        .output;
  };
  ASSERT_EQ(code_for("scrape me"), "200");
  const std::string before = read_file(in_folder("web.yml"));
  std::string after = before;
  const std::string hash = "$2y$10$abcdefghijklmnopqrstuurG2GXJQOvqnWJu7U/d8BQXKn0Kic2XO";
  after.replace(after.find(hash), hash.size(),
                "$2y$04$abcdefghijklmnopqrstuujZkTwHUiJ9XdZPwKfcfDo7dMp5DjlTu");
  stage_.write_file("web.yml", after);
  EXPECT_EQ(code_for("wonderland"), "200");
  EXPECT_EQ(code_for("scrape me"), "401");
  stage_.write_file("web.yml", before + "basic_auth_users: {}\n");
  EXPECT_EQ(code_for("wonderland"), "200");
  EXPECT_EQ(stage_.times_said("web configuration cannot be used"), 1U);
}

TEST_F(Secured, WithoutTlsAFileThatAsksForAPasswordHoldsFromTheNextRequest) {
  stage_.write_file("web.yml", "");
  stage_.start_simulator({"--customers=1"});
  stage_.start_exporter_with({"--config.file=" + stage_.write_config({}).string(),
                              "--web.config.file=" + in_folder("web.yml"),
                              "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  EXPECT_EQ(stage_.get("/metrics").status, 200);
  stage_.write_file(
      "web.yml",
      "basic_auth_users: {a: $2y$04$abcdefghijklmnopqrstuujZkTwHUiJ9XdZPwKfcfDo7dMp5DjlTu}\n");
  EXPECT_EQ(stage_.get("/metrics").status, 401);
}

TEST_F(Secured, HealthcheckAndExplainGetInAsTheirFlagsSay) {
  start();
  const auto login = stage_.write_file("probe.login", "prometheus:scrape me\n", 0600);
  const std::string port = std::to_string(stage_.exporter_port());
  const std::vector<std::string> where{"--exporter.url=https://localhost:" + port,
                                       "--exporter.ca-file=" + authority_.certificate().string(),
                                       "--exporter.cert-file=" + in_folder("prometheus.pem"),
                                       "--exporter.key-file=" + in_folder("prometheus.key")};
  const std::string password = "--exporter.login-file=" + login.string();
  const auto exporter = [](std::vector<std::string> command,
                           const std::vector<std::string>& flags) {
    command.insert(command.begin(), binary_dir() / "partner_center_exporter");
    command.insert(command.end(), flags.begin(), flags.end());
    return run_program(command);
  };
  const Finished healthy = exporter({"healthcheck", password}, where);
  EXPECT_EQ(healthy.status, 0) << healthy.output;
  EXPECT_EQ(healthy.output, "");
  EXPECT_TRUE(eventually([&] {
    return exporter({"explain", kSeedId, password}, where).output.find("shown") !=
           std::string::npos;
  }));

  const Finished nameless = exporter({"healthcheck"}, where);
  EXPECT_EQ(nameless.status, 1);
  EXPECT_THAT(nameless.output, testing::AllOf(testing::HasSubstr("HTTP 401"),
                                              testing::HasSubstr("--exporter.login-file")));
  const Finished unasked = exporter({"explain", kSeedId}, where);
  EXPECT_EQ(unasked.status, 1);
  EXPECT_THAT(unasked.output, testing::HasSubstr("wants a password; --exporter.login-file"));
  const Finished plain = exporter({"healthcheck", "--exporter.url=http://localhost:" + port}, {});
  EXPECT_EQ(plain.status, 1);
  EXPECT_THAT(plain.output, testing::HasSubstr("https:// with TLS"));
  const Finished stranger = exporter({"healthcheck", where[0], where[1]}, {});
  EXPECT_EQ(stranger.status, 1) << "without a certificate";
}

TEST_F(Secured, CheckJudgesTheWebConfigurationToo) {
  const std::string exporter = binary_dir() / "partner_center_exporter";
  const std::string config = "--config.file=" + stage_.write_config({.api_port = 1}).string();
  stage_.write_file("contoso.token", "a-made-up-word", 0600);
  const auto web = stage_.write_file("web.yml", "basic_auth_users: {alice: wonderland}\n");
  const Finished bad =
      run_program({exporter, "check", config, "--web.config.file=" + web.string()});
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.output, testing::HasSubstr("web.yml:1:27: basic_auth_users.alice: found text"));
  EXPECT_THAT(bad.output, testing::Not(testing::HasSubstr("wonderland")));
  stage_.write_file("web.yml", "http_server_config: {headers: {X-Frame-Options: deny}}\n");
  const Finished good =
      run_program({exporter, "check", config, "--web.config.file=" + web.string()});
  EXPECT_EQ(good.status, 0) << good.output;
  EXPECT_THAT(good.output, testing::HasSubstr("web.yml: fine"));
  const Finished json = run_program(
      {exporter, "check", config, "--web.config.file=" + web.string(), "--output=json"});
  EXPECT_THAT(json.output, testing::HasSubstr("\"web_config\""));
}

}  // namespace
}  // namespace pce
