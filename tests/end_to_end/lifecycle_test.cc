// Starting, stopping, and refusing to start.
#include <signal.h>

#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

#ifdef __SANITIZE_THREAD__  // everything takes many times as long there
constexpr seconds kPrompt{8};
#else
constexpr seconds kPrompt{2};
#endif

// With status 0, and soon.
void expect_prompt_end(Stage& stage, int signal_number) {
  const auto asked = steady_clock::now();
  stage.exporter().signal(signal_number);
  EXPECT_EQ(stage.exporter().wait(), 0) << stage.exporter().output();
  EXPECT_LT(steady_clock::now() - asked, kPrompt) << stage.exporter().output();
}

bool a_fault_has_hit(const Stage& stage) {
  return eventually([&] {
    const std::string rules = ask(stage.simulator_port(), {.path = "/_sim/faults"}).body;
    return rules.find("\"hit\":") != std::string::npos &&
           rules.find("\"hit\": 0") == std::string::npos;
  });
}

class EndToEndSignal : public testing::TestWithParam<int> {};

TEST_P(EndToEndSignal, EndsAnIdleExporter) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({});
  stage.first_round();
  expect_prompt_end(stage, GetParam());
}

TEST_P(EndToEndSignal, EndsAPollUnderWay) {
  Stage stage;
  stage.start_simulator({"--customers=500", "--latency=50ms"});
  stage.start_exporter({.source = "classic"});
  stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_api_requests_total",
                   {"operation=\"customer_deployment\"", "code=\"200\""}) > 3;
  });
  expect_prompt_end(stage, GetParam());
}

TEST_P(EndToEndSignal, EndsACallThatIsNeverAnswered) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(R"({"match": {"path_contains": "/analytics/"}, "fault": {"hold": true}})");
  stage.start_exporter({});
  ASSERT_TRUE(a_fault_has_hit(stage));
  expect_prompt_end(stage, GetParam());
}

TEST_P(EndToEndSignal, EndsASignInThatIsNeverAnswered) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(R"({"fault": {"hold": true}})");
  stage.start_exporter({});
  ASSERT_TRUE(a_fault_has_hit(stage));
  expect_prompt_end(stage, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Signals, EndToEndSignal, testing::Values(SIGTERM, SIGINT));

TEST(EndToEndSignals, HangUpDoesNotKill) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({});
  stage.exporter().signal(SIGHUP);
  EXPECT_NE(stage.exporter().line_with("SIGHUP"), "");
  EXPECT_EQ(stage.get("/-/healthy").status, 200);
}

TEST(EndToEndStart, ServesOwnMetricsBeforeTheFirstRoundHasEnded) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(R"({"fault": {"hold": true}})");
  stage.start_exporter({});
  const Exposition shown = stage.scrape();
  EXPECT_EQ(shown.value("partner_center_up"), 0);
  EXPECT_EQ(shown.find("licenses_sold").size(), 0U);
  const WebAnswer ready = stage.get("/-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, testing::HasSubstr("contoso"));
  EXPECT_EQ(stage.get("/-/healthy").status, 200);
}

TEST(EndToEndStart, SaysInASentenceThatThePortIsTaken) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter_with(
      {"--config.file=" + stage.write_config({}).string(),
       "--web.listen-address=127.0.0.1:" + std::to_string(stage.simulator_port())});
  EXPECT_EQ(stage.exporter().wait(), 1);
  stage.exporter().wait_for_last_word();
  EXPECT_THAT(stage.exporter().output(),
              testing::HasSubstr("127.0.0.1:" + std::to_string(stage.simulator_port())));
  EXPECT_THAT(stage.exporter().output(), testing::HasSubstr("in use"));
}

struct Refusal {
  std::string name;
  std::vector<std::string> arguments;
  std::string complaint;
};
void PrintTo(const Refusal& r, std::ostream* out) { *out << r.name; }

class EndToEndRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(EndToEndRefusal, EndsWithStatus2AndSaysWhy) {
  Stage stage;
  stage.write_config({.api_port = 1});
  const std::string folder = stage.folder().string();
  std::vector<std::string> argv{(binary_dir() / "partner_center_exporter").string()};
  for (std::string argument : GetParam().arguments) {
    if (const auto at = argument.find("@"); at != std::string::npos)
      argument.replace(at, 1, folder);
    argv.push_back(argument);
  }
  stage.write_file("typo.yml", "acounts: []\n");
  const Finished ended = run_program(argv);
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, testing::HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Usage, EndToEndRefusal,
    testing::Values(
        Refusal{"missing file", {"--config.file=@/nowhere.yml"}, "nowhere.yml"},
        Refusal{"unknown key", {"--config.file=@/typo.yml"}, "accounts"},
        Refusal{"unknown key, checked only",
                {"--config.file=@/typo.yml", "--config.check"},
                "typo.yml:1:1"},
        Refusal{"unknown flag", {"--config.fil=@/exporter.yml"}, "config.file"},
        Refusal{"flag of a command", {"--device-code"}, "belongs to a command"},
        Refusal{"flag to come", {"--config.file=@/exporter.yml", "--shard=1"}, "not supported yet"},
        Refusal{"a web configuration that is wrong",
                {"--config.file=@/exporter.yml", "--web.config.file=@/typo.yml"},
                "typo.yml:1:1: unknown key, wanted tls_server_config"}));

TEST(EndToEndVersion, IsPrintedAsPrometheusProgramsDo) {
  const Finished ended = run_program({binary_dir() / "partner_center_exporter", "--version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, testing::StartsWith("partner_center_exporter, version "));
}

}  // namespace
}  // namespace pce
