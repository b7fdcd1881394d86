// `plan` where it does not fit, or cannot find out: what it says and how it ends.
#include <csignal>

#include "tests/end_to_end/plan_checks.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string limits(int requests_per_minute) {
  return "limits: {requests_per_minute: " + std::to_string(requests_per_minute) + "}\n";
}

const json& account_of(const Planned& planned) { return planned.report.at("accounts").at(0); }

TEST(EndToEndPlanVerdict, ThatDoesNotFitSaysWhatToChange) {
  Stage stage;
  stage.start_simulator({"--customers=99"});
  const Stage::Choices choices{.interval = "10s", .source = "classic", .more = limits(600)};
  const auto config = stage.write_config(choices);
  const Planned planned = plan_json_of(config, {"--sample=10"});
  EXPECT_EQ(planned.status, 1) << planned.output;
  EXPECT_EQ(planned.report.at("fits"), false);
  const std::string advice = account_of(planned).at("advice").dump();
  EXPECT_THAT(advice, HasSubstr("lengthen insights.interval to 5m"));
  EXPECT_THAT(advice, HasSubstr("raise limits.requests_per_minute to 1400"));
  const Finished text = run_program({binary_dir() / "partner_center_exporter", "plan",
                                     "--config.file=" + config.string(), "--sample=10"});
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(text.output, HasSubstr("It does not fit insights.interval (10s)"));
  EXPECT_THAT(text.output, Not(HasSubstr("\x1B"))) << "colours are for terminals";

  const auto advised =
      stage.write_config({.interval = "10s", .source = "classic", .more = limits(1400)});
  EXPECT_EQ(plan_json_of(advised, {"--sample=10"}).status, 0);
}

TEST(EndToEndPlanVerdict, OfTooManySeriesSaysSo) {
  Stage stage;
  stage.start_simulator({"--customers=50"});
  const Planned planned = plan_json_of(
      stage.write_config({.more = "limits: {requests_per_minute: 60000, series: 1000}\n"}));
  EXPECT_EQ(planned.status, 1) << planned.output;
  EXPECT_EQ(planned.report.at("series_fit"), false);
  EXPECT_EQ(account_of(planned).at("fits"), true) << "the interval";
  EXPECT_THAT(planned.report.at("series_advice"), HasSubstr("raise limits.series to"));
}

TEST(EndToEndPlanVerdict, OfSeveralAccountsAddsTheirSeries) {
  Stage stage;
  stage.start_simulator({"--customers=20"});
  stage.write_file("fabrikam.token", "another-made-up-word\n", 0600);
  const std::string base = "http://127.0.0.1:" + std::to_string(stage.simulator_port());
  const auto config =
      stage.write_config({.account = "  - name: fabrikam\n    cloud: custom\n"
                                     "    tenant_id: 21111111-2222-3333-4444-555555555555\n"
                                     "    client_id: 66666666-7777-8888-9999-000000000000\n"
                                     "    refresh_token_file: fabrikam.token\n"
                                     "    endpoints: {api: \"" +
                                     base + "\", login: \"" + base + "\"}\n"});
  const Planned both = plan_json_of(config);
  ASSERT_EQ(both.report.at("accounts").size(), 2U) << both.output;
  EXPECT_EQ(both.report.at("accounts")[0].at("series"), both.report.at("accounts")[1].at("series"));
  EXPECT_EQ(both.report.at("series").get<double>(),
            2 * both.report.at("accounts")[0].at("series").get<double>());

  const Planned one = plan_json_of(config, {"--account=fabrikam"});
  ASSERT_EQ(one.report.at("accounts").size(), 1U);
  EXPECT_EQ(account_of(one).at("account"), "fabrikam");
  const Planned nobody = plan_json_of(config, {"--account=northwind"});
  EXPECT_EQ(nobody.status, 2);
  EXPECT_THAT(nobody.output, HasSubstr("wanted contoso or fabrikam"));
}

TEST(EndToEndPlanVerdict, ThatCannotBeFoundOutRepeatsWhatTheSignInServiceSays) {
  const std::string token = "MARKER-refresh-token";
  Stage stage;
  stage.start_simulator({"--customers=3", "--refresh-token=another"});
  const auto config = stage.write_config({.refresh_token = token});
  for (const char* output : {"--output=json", "--output=text"}) {
    const Finished ended = run_program({binary_dir() / "partner_center_exporter", "plan",
                                        "--config.file=" + config.string(), output});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, HasSubstr("AADSTS70000"));
    EXPECT_THAT(ended.output, Not(HasSubstr("MARKER")));
  }
}

TEST(EndToEndPlanVerdict, RepeatsNoSecret) {
  Stage stage;
  stage.start_simulator({"--customers=3", "--client-secret=MARKER-secret"});
  stage.write_file("contoso.secret", "MARKER-secret\n", 0600);
  const auto config = stage.write_config({.account = "    client_secret_file: contoso.secret\n",
                                          .refresh_token = "MARKER-refresh-token"});
  for (const char* output : {"--output=json", "--output=text"}) {
    const Finished ended = run_program({binary_dir() / "partner_center_exporter", "plan",
                                        "--config.file=" + config.string(), output});
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_THAT(ended.output, Not(HasSubstr("MARKER")));
    EXPECT_THAT(ended.output, Not(HasSubstr("eyJ"))) << "an access token";
  }
}

TEST(EndToEndPlanVerdict, WithoutATokenSaysHowToGetOne) {
  Stage stage;
  stage.start_simulator({"--customers=3"});
  const auto config = stage.write_config({});
  std::filesystem::remove(stage.folder() / "contoso.token");
  const Planned planned = plan_json_of(config);
  EXPECT_EQ(planned.status, 1) << planned.output;
  EXPECT_EQ(account_of(planned).at("error").at("reason"), "unauthorized");
  EXPECT_THAT(account_of(planned).at("error").at("message"), HasSubstr("contoso.token"));
}

TEST(EndToEndPlanVerdict, ThatMeetsTroubleSaysWhich) {
  Stage stage;
  stage.start_simulator({"--customers=3"});
  const auto config = stage.write_config({.source = "commercial"});
  stage.simulate("/_sim/settings", R"({"commercial_prefix": "none"})");
  const Planned refused = plan_json_of(config);
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(account_of(refused).at("error").at("reason"), "not_found");

  stage.simulate("/_sim/settings", R"({"commercial_prefix": "both"})");
  stage.simulate("/_sim/estate", R"({"empty_list": true})");
  const Planned empty = plan_json_of(config);
  EXPECT_EQ(empty.status, 1);
  EXPECT_THAT(account_of(empty).at("error").at("message"), HasSubstr("names nobody"));

  stage.simulate("/_sim/reset", "{}");
  const Planned nobody =
      plan_json_of(stage.write_config({.more = "customers: {include: [nobody]}\n"}));
  EXPECT_EQ(nobody.status, 1);
  EXPECT_THAT(account_of(nobody).at("error").at("message"), HasSubstr("admit none of the 4"));
}

TEST(EndToEndPlanVerdict, CountsOnCustomersThatAnswer) {
  Stage stage;
  stage.start_simulator({"--customers=20", "--products=3"});
  stage.add_fault(R"({"match": {"operation": "customer_usage", "customer": ")" + kSeedId +
                  R"("}, "fault": {"status": 400, "code": "2000"}})");
  const Planned planned = plan_json_of(stage.write_config({.source = "classic"}));
  EXPECT_EQ(planned.status, 0) << planned.output;
  const json& usage = account_of(planned).at("collectors").at(1);
  EXPECT_EQ(usage.at("failed"), 1);
  EXPECT_THAT(usage.at("first_failure"), HasSubstr("HTTP 400"));
  EXPECT_EQ(usage.at("rows"), 21 * 9);
}

TEST(EndToEndPlanVerdict, IsGivenUpOnRequest) {
  Stage stage;
  stage.start_simulator({"--customers=3"});
  stage.add_fault(R"({"match": {"operation": "customers"}, "fault": {"hold": true}})");
  Program plan({binary_dir() / "partner_center_exporter", "plan",
                "--config.file=" + stage.write_config({}).string(), "--output=json"});
  ASSERT_TRUE(eventually([&] { return stage.simulator().hits() > 0; }));
  plan.signal(SIGINT);
  EXPECT_EQ(plan.wait(), 1);
  plan.wait_for_last_word();
  EXPECT_THAT(plan.output(), HasSubstr("given up"));
}

TEST(EndToEndPlanVerdict, NeedsAConfiguration) {
  EXPECT_EQ(plan_json_of("/nowhere.yml").status, 2);
  Stage stage;
  EXPECT_EQ(plan_json_of(stage.write_file("bad.yml", "acounts: []\n")).status, 2);
}

}  // namespace
}  // namespace pce
