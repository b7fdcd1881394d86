// What two scanners find on a server with a certificate and nothing else configured: nothing above
// "low".
#include <fstream>

#include "exporter/web/http_server.h"
#include "exporter/web/web_config.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_authority.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

class TlsScan : public testing::Test {
 protected:
  TlsScan() {
    const TestAuthority::Issued issued = authority_.issue({.name = "localhost"});
    const std::string file =
        folder_.write("web.yml",
                      "tls_server_config:\n  cert_file: " + issued.certificate.string() +
                          "\n  key_file: " + issued.key.string() + "\n",
                      0600);
    auto reading = read_web_config(file, SystemClock().wall());
    EXPECT_TRUE(reading.config);
    auto started = HttpServer::start(
        {{"127.0.0.1", 0}},
        [](const WebRequest&) { return WebResponse{.content_type = "text/plain", .body = "x\n"}; },
        {}, {}, {.tls = [credentials = reading.config->credentials] { return credentials; }});
    EXPECT_TRUE(started);
    server_ = *std::move(started);
  }
  std::string port() const { return std::to_string(server_->bound_addresses().front().port); }

  TemporaryFolder folder_;
  TestAuthority authority_;
  std::unique_ptr<HttpServer> server_;
};

// The lines of `text` that contain `word`.
std::vector<std::string> lines_with(const std::string& text, const std::string& word) {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(text)) {
    if (line.find(word) != std::string::npos) found.push_back(line);
  }
  return found;
}

TEST_F(TlsScan, SslscanFindsOnlyStrongSuitesOfTheLatestTwoVersions) {
  const Finished scan = run_program({"sslscan", "--no-colour", "--xml=-", "127.0.0.1:" + port()},
                                    std::chrono::minutes(2));
  ASSERT_EQ(scan.status, 0) << scan.output;
  const auto versions = lines_with(scan.output, "enabled=\"1\"");
  EXPECT_EQ(lines_with(scan.output, "<protocol type=\"tls\" version=\"1.2\" enabled=\"1\"").size(),
            1U);
  EXPECT_EQ(lines_with(scan.output, "<protocol type=\"tls\" version=\"1.3\" enabled=\"1\"").size(),
            1U);
  EXPECT_EQ(versions.size(), 2U) << testing::PrintToString(versions);
  const auto suites = lines_with(scan.output, "<cipher ");
  EXPECT_GE(suites.size(), 4U) << scan.output;
  for (const std::string& suite : suites) {
    EXPECT_TRUE(suite.find("strength=\"strong\"") != std::string::npos ||
                suite.find("strength=\"acceptable\"") != std::string::npos)
        << suite;
  }
  for (const std::string& verdict : lines_with(scan.output, "vulnerable="))
    EXPECT_THAT(verdict, HasSubstr("vulnerable=\"0\""));
  EXPECT_THAT(scan.output, Not(HasSubstr("compression supported=\"1\"")));
  EXPECT_THAT(scan.output, HasSubstr("<renegotiation supported=\"0\""));
}

TEST_F(TlsScan, NmapGivesEverySuiteAnAAndFindsNoKnownHole) {
  const Finished scan = run_program(
      // A plus: on any port, whatever it looks like.
      {"nmap", "-n", "-Pn", "-sT", "-p", port(), "--script",
       "+ssl-enum-ciphers,+ssl-heartbleed,+ssl-ccs-injection,+ssl-poodle,+ssl-dh-params,+sslv2,"
       "+sslv2-drown",
       "--script-args", "vulns.showall", "127.0.0.1"},
      std::chrono::minutes(2));
  ASSERT_EQ(scan.status, 0) << scan.output;
  EXPECT_THAT(scan.output, HasSubstr("least strength: A")) << "of all suites";
  EXPECT_THAT(scan.output, HasSubstr("TLSv1.2"));
  EXPECT_THAT(scan.output, HasSubstr("TLSv1.3"));
  for (const char* old : {"SSLv2", "SSLv3:", "TLSv1.0:", "TLSv1.1:", "warnings"})
    EXPECT_THAT(scan.output, Not(HasSubstr(old))) << old;
  const auto states = lines_with(scan.output, "State: ");
  EXPECT_GE(states.size(), 4U) << scan.output;
  for (const std::string& state : states)
    EXPECT_THAT(state, HasSubstr("NOT VULNERABLE")) << scan.output;
}

}  // namespace
}  // namespace pce
