// One simulated situation for each cause that `explain` knows, and its answer held against a golden
// file.
#include <regex>

#include "exporter/identity/token_file.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/golden.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const std::string kMarker = "MARKER-refresh-token";
const std::string kLimits = "limits:\n  requests_per_minute: 60000\n";
constexpr const char* kSeedName = "DT Demo CSP Customer 005";

// Ages and what is of this run only give way to placeholders.
std::string comparable(const std::string& said) {
  std::string text = said;
  for (const auto& [pattern, placeholder] :
       {std::pair(R"(\b\d+ (second|minute|hour|day)s?\b)", "<TIME>"),
        std::pair(R"(((?:correlation|trace) id )[0-9a-f-]{36})", "$1<ID>"),
        std::pair(R"(--config\.file=\S+/)", "--config.file=<FOLDER>/"),
        std::pair(R"(It is tried again now)", "Next try in <TIME>"),
        std::pair(R"(127\.0\.0\.1:\d+)", "127.0.0.1:<PORT>"),
        std::pair(R"((cannot be asked: ).*(; is it running))", "$1<WHY>$2")}) {
    text = std::regex_replace(text, std::regex(pattern), placeholder);
  }
  return text;
}

json is_path(const std::string& part, const json& fault) {
  return {{"match", {{"path_contains", part}}}, {"fault", fault}};
}

class EndToEndExplain : public testing::Test {
 protected:
  void TearDown() override {
    if (stage_.exporter_port() == 0) return;
    EXPECT_THAT(seen_, Not(HasSubstr("MARKER")));
    const auto kept = TokenFile(stage_.folder() / "contoso.token").read();
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_THAT(seen_, Not(HasSubstr(std::string(kept->refresh_token.reveal().substr(0, 12)))));
    EXPECT_THAT(seen_, Not(HasSubstr("Bearer")));
  }

  void start(Stage::Choices choices) {
    choices.refresh_token = kMarker;
    stage_.start_exporter(choices);
  }
  void start_and_read(const Stage::Choices& choices) {
    start(choices);
    stage_.first_round();
  }
  void add_fault(const json& rule) { stage_.simulator().add_fault(rule); }

  Finished explain(const std::string& customer, const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv{
        binary_dir() / "partner_center_exporter", "explain", customer,
        "--exporter.url=http://127.0.0.1:" + std::to_string(stage_.exporter_port())};
    argv.insert(argv.end(), more.begin(), more.end());
    const Finished ended = run_program(argv);
    seen_ += ended.output;
    return ended;
  }
  void expect_explained(const std::string& golden, const std::string& customer, int status = 0,
                        const std::vector<std::string>& more = {}) {
    const Finished ended = explain(customer, more);
    EXPECT_EQ(ended.status, status);
    expect_golden("explain/" + golden + ".txt", comparable(ended.output));
  }
  // What the exporter itself answers now about this customer; null while it knows nobody.
  json answer(const std::string& id) {
    const WebAnswer web = stage_.get("/api/v1/explain?customer=" + id);
    seen_ += web.body;
    if (web.status != 200) return {};
    return json::parse(web.body).at("customers").at(0);
  }
  // The causes of all collectors, where they agree.
  std::string cause(const std::string& id) {
    const json customer = answer(id);
    if (customer.is_null()) return "unknown";
    std::set<std::string> causes;
    for (const json& collector : customer.at("collectors")) causes.insert(collector.at("cause"));
    return causes.size() == 1 ? *causes.begin() : "several";
  }
  void wait_for(const std::string& wanted, const std::string& id = kSeedId) {
    ASSERT_TRUE(eventually([&] { return cause(id) == wanted; })) << cause(id) << "\n"
                                                                 << stage_.exporter().output();
  }
  void wait_until_nothing_is_shown() {
    ASSERT_TRUE(eventually([&] {
      const json collectors = answer(kSeedId)["collectors"];
      return collectors[0]["rows"] == 0 && collectors[1]["rows"] == 0;
    }));
  }

  Stage stage_;
  std::string seen_;  // everything `explain` and its page said
};

TEST_F(EndToEndExplain, WhatIsShown) {
  stage_.start_simulator();
  start_and_read({});
  const double calls = stage_.simulator().counters().at("total");
  expect_explained("shown", kSeedId);
  expect_explained("shown", kSeedName);
  expect_explained("shown", "dt demo csp CUSTOMER 005");
  expect_explained("shown", "*csp customer*");
  expect_explained("shown", kSeedName, 0, {"--account=contoso"});
  EXPECT_EQ(stage_.simulator().counters().at("total"), calls) << "it is answered from memory";
  EXPECT_EQ(stage_.scrape().value("partner_center_exporter_http_requests_total",
                                  {"code=\"200\"", "handler=\"/api/v1/explain\""}),
            5);
}

TEST_F(EndToEndExplain, NeverRead) {
  stage_.start_simulator();
  add_fault(is_path("/analytics/", {{"hold", true}}));
  start({.source = "classic"});
  wait_for("never_read");
  expect_explained("never_read", kSeedId);
}

TEST_F(EndToEndExplain, Failing) {
  stage_.start_simulator();
  add_fault(is_path(kSeedId + "/analytics/", {{"status", 403}, {"code", "900150"}}));
  start_and_read({.source = "classic"});
  expect_explained("failing", kSeedId);
  // The correlation id is the one the calls had.
  const std::string id = answer(kSeedId)["collectors"][0]["trouble"]["correlation_id"];
  const json calls = stage_.simulator().calls("customer_deployment");
  EXPECT_TRUE(std::ranges::any_of(calls, [&](const json& call) {
    return call.at("headers").dump().find(id) != std::string::npos;
  })) << id;
}

TEST_F(EndToEndExplain, FailingUntilItsRowsGrewTooOld) {
  stage_.start_simulator();
  start({.interval = "300ms", .stale_after = "1s", .source = "classic"});
  wait_for("shown");
  add_fault(is_path(kSeedId + "/analytics/", {{"status", 403}, {"code", "900150"}}));
  wait_for("failing");
  wait_until_nothing_is_shown();
  expect_explained("failing_rows_gone", kSeedId);
}

TEST_F(EndToEndExplain, NotOurs) {
  stage_.start_simulator();
  add_fault(is_path(kSeedId + "/analytics/", {{"status", 403}, {"code", 20002}}));
  start_and_read({.source = "classic"});
  expect_explained("not_ours", kSeedId);
}

TEST_F(EndToEndExplain, Left) {
  stage_.start_simulator();
  start({.interval = "300ms", .stale_after = "1h", .source = "classic"});
  wait_for("shown");
  stage_.simulate("/_sim/estate", json{{"remove", {kSeedId}}}.dump());
  wait_for("left");
  expect_explained("left", kSeedName);
}

TEST_F(EndToEndExplain, Leaving) {
  stage_.start_simulator();
  start({.interval = "6s", .stale_after = "1h", .source = "commercial"});
  wait_for("shown");
  stage_.simulate("/_sim/estate", json{{"remove", {kSeedId}}}.dump());
  wait_for("leaving");
  // The next list, seconds away, never comes.
  add_fault({{"match", {{"operation", "customers"}}}, {"fault", {{"hold", true}}}});
  expect_explained("leaving", kSeedId);
}

TEST_F(EndToEndExplain, NoData) {
  const std::string id = "11111111-2222-4333-8444-555555555555";
  stage_.start_simulator();
  stage_.simulate("/_sim/estate", json{{"add",
                                        {{{"id", id},
                                          {"name", "Newcomer"},
                                          {"domain", "newcomer.example"},
                                          {"products", json::array()}}}}}
                                      .dump());
  start_and_read({.source = "classic"});
  expect_explained("no_data", "newcomer");
  start_and_read({.source = "commercial"});
  expect_explained("no_data_in_bulk", id);
}

TEST_F(EndToEndExplain, Suspect) {
  stage_.start_simulator();
  start({.interval = "300ms", .stale_after = "2h", .source = "classic"});
  wait_for("shown");
  add_fault(is_path(kSeedId + "/analytics/", {{"variant", {{"empty_items", true}}}}));
  wait_for("suspect");
  expect_explained("suspect", kSeedId);
}

TEST_F(EndToEndExplain, SuspectInTheBulkReports) {
  stage_.start_simulator();
  start({.interval = "300ms", .stale_after = "2h", .source = "commercial"});
  wait_for("shown");
  stage_.simulate("/_sim/estate", json{{"empty_data", true}}.dump());
  wait_for("suspect");
  expect_explained("suspect_in_bulk", kSeedId);
}

TEST_F(EndToEndExplain, Throttled) {
  stage_.start_simulator();
  add_fault(is_path("/analytics/", {{"status", 429}, {"retry_after", 600}}));
  start({.source = "classic"});
  wait_for("throttled");
  expect_explained("throttled", kSeedId);
}

TEST_F(EndToEndExplain, NoToken) {
  stage_.start_simulator();
  start({.interval = "300ms", .stale_after = "2s", .source = "classic"});
  wait_for("shown");
  stage_.simulate("/_sim/tokens", R"({"revoke": "refresh"})");
  stage_.simulate("/_sim/tokens", R"({"revoke": "access"})");
  wait_for("no_token");
  wait_until_nothing_is_shown();
  expect_explained("no_token", kSeedId);
}

TEST_F(EndToEndExplain, ExcludedByWhichLine) {
  stage_.start_simulator();
  start_and_read({.more = kLimits + "customers:\n  exclude:\n    - Nobody\n    # demo tenants\n"
                                    "    - \"DT demo*\"\n"});
  expect_explained("excluded", kSeedId);
}

TEST_F(EndToEndExplain, NotIncluded) {
  stage_.start_simulator();
  start_and_read({.more = kLimits + "customers:\n  include: [\"Fabrikam*\", Woodgrove]\n"});
  expect_explained("not_included", kSeedName);
}

TEST_F(EndToEndExplain, OverTheSeriesBudget) {
  stage_.start_simulator();
  std::string last;
  for (const json& customer : stage_.simulator().customers())
    last = std::max(last, customer.at("id").get<std::string>());
  start_and_read({.more = kLimits + "  series: 40\n"});
  expect_explained("over_series_budget", last);
}

TEST_F(EndToEndExplain, NotConfigured) {
  stage_.start_simulator();
  start_and_read({.insights = "  collectors: [customer_deployment]\n"});
  expect_explained("not_configured", kSeedId);
}

TEST_F(EndToEndExplain, NobodyOfThisNameButSomebodyOfAnother) {
  stage_.start_simulator();
  start_and_read({});
  expect_explained("unknown", "DT Demo CSP Custmer 05", 1);
  expect_explained("unknown_account", kSeedId, 1, {"--account=fabrikam"});
  const Finished json_answer = explain("nobody at all", {"--output=json"});
  EXPECT_EQ(json_answer.status, 1);
  EXPECT_TRUE(json::parse(json_answer.output).at("nearest").empty());
}

TEST_F(EndToEndExplain, NobodyBecauseTheCustomerListFails) {
  stage_.start_simulator();
  stage_.add_fault(
      R"({"match": {"operation": "customers"}, "fault": {"status": 403, "code": "1002"}})");
  start_and_read({.source = "classic"});
  expect_explained("unknown_without_list", kSeedId, 1);
}

TEST_F(EndToEndExplain, TwoCustomersOfOneName) {
  stage_.start_simulator();
  stage_.simulate("/_sim/estate", json{{"add",
                                        {{{"id", "11111111-2222-4333-8444-555555555555"},
                                          {"name", kSeedName},
                                          {"domain", "twin.example"},
                                          {"products", json::array()}}}}}
                                      .dump());
  start_and_read({});
  expect_explained("two_of_one_name", kSeedName);
}

TEST_F(EndToEndExplain, HostileNamesAreText) {
  const std::string name = "</script>\x1B[31m\"\\\n{{$x}} 'Ω' \u202Eevil";
  stage_.start_simulator();
  stage_.simulate("/_sim/estate", json{{"rename", {{kSeedId, name}}}}.dump());
  start_and_read({});
  expect_explained("hostile_name", kSeedId);
  EXPECT_EQ(answer(kSeedId).at("customer"), "</script> [31m\"\\\n{{$x}} 'Ω' \u202Eevil");
}

TEST_F(EndToEndExplain, IsForScriptsToo) {
  stage_.start_simulator();
  start_and_read({});
  const Finished ended = explain(kSeedId, {"--output=json"});
  EXPECT_EQ(ended.status, 0);
  const json said = json::parse(ended.output);
  EXPECT_EQ(said.at("more"), 0);
  EXPECT_EQ(said.at("customers").at(0).at("customer_id"), kSeedId);
  EXPECT_EQ(said.at("customers").at(0).at("collectors").at(0).at("cause"), "shown");
}

TEST_F(EndToEndExplain, AQuestionThatCannotBeMeant) {
  stage_.start_simulator();
  start_and_read({});
  EXPECT_EQ(explain(std::string(513, 'x')).status, 2);
  EXPECT_EQ(run_program({binary_dir() / "partner_center_exporter", "explain"}).status, 2);
  EXPECT_EQ(stage_.get("/api/v1/explain").status, 400);
}

TEST(EndToEndExplainNobody, TheExporterIsNotRunning) {
  const Finished ended =
      run_program({binary_dir() / "partner_center_exporter", "explain", kSeedId,
                   "--exporter.url=http://127.0.0.1:" + std::to_string(free_port())});
  EXPECT_EQ(ended.status, 1);
  expect_golden("explain/not_running.txt", comparable(ended.output));
}

TEST(EndToEndExplainNobody, WhatAnswersIsNoExporter) {
  Upstream other;
  const Finished ended =
      run_program({binary_dir() / "partner_center_exporter", "explain", kSeedId,
                   "--exporter.url=http://127.0.0.1:" + std::to_string(other.port())});
  EXPECT_EQ(ended.status, 1);
  expect_golden("explain/no_exporter.txt", comparable(ended.output));
}

}  // namespace
}  // namespace pce
