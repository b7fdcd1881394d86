#include "exporter/commands/check.h"

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kAccount = R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
)";

class CheckTest : public testing::Test {
 protected:
  CheckTest() { folder_.write("contoso.token", "MARKER\n"); }
  SettingsReading reading_of(const std::string& text) {
    return read_settings(folder_.write("c.yml", text));
  }
  TemporaryFolder folder_;
};

TEST_F(CheckTest, SaysWhatIsFine) {
  const std::string token = (folder_.path() / "contoso.token").string();
  EXPECT_EQ(check_text("c.yml", reading_of(kAccount + "customers: {exclude: [\"*test*\"]}\n")),
            "c.yml: fine (1 account)\n"
            "  accounts    contoso at https://api.partnercenter.microsoft.com\n"
            "  collectors  customer_deployment, customer_usage, partner_deployment, partner_usage\n"
            "  interval    6h, samples go away after 48h\n"
            "  source      auto: the commercial bulk reports, the classic insights where those do "
            "not serve\n"
            "  customers   all, without those of 1 in customers.exclude\n"
            "  files       " +
                token + "\n");
}

TEST_F(CheckTest, CountsTheMistakesBelowTheirLines) {
  EXPECT_EQ(check_text("c.yml", reading_of(kAccount + "insights: {intervall: 6h, source: klassic}\n"
                                                      "limits: {concurrency: 0}\n")),
            "c.yml:6:12: insights.intervall: unknown key (did you mean \"interval\"?)\n"
            "c.yml:6:35: insights.source: found \"klassic\", wanted auto, commercial or classic "
            "(did you mean \"classic\"?)\n"
            "c.yml:7:23: limits.concurrency: found \"0\", wanted a whole number from 1 to 1000\n"
            "c.yml: 3 mistakes\n");
}

// A log is spared what is beyond twenty; whoever asks for a check gets all.
TEST_F(CheckTest, NamesEveryMistake) {
  std::string text = kAccount + "customers:\n  include:\n";
  for (int i = 0; i < 30; ++i) text += "    - [no, text]\n";
  const SettingsReading reading = reading_of(text);
  EXPECT_THAT(check_text("c.yml", reading), HasSubstr("c.yml:37:7: customers.include[29]"));
  EXPECT_THAT(check_text("c.yml", reading), HasSubstr("c.yml: 30 mistakes\n"));
  EXPECT_EQ(json::parse(check_json("c.yml", reading)).at("errors").size(), 30U);
}

TEST_F(CheckTest, WarnsOfWhatIsHardlyMeant) {
  const SettingsReading reading = reading_of(kAccount + "insights: {stale_after: 6h}\n");
  EXPECT_THAT(check_text("c.yml", reading),
              HasSubstr("c.yml: insights.stale_after: 6h is as long as interval"));
  EXPECT_THAT(check_text("c.yml", reading), testing::EndsWith("c.yml: 1 warning\n"));
  const json out = json::parse(check_json("c.yml", reading));
  EXPECT_EQ(out.at("ok"), true);
  ASSERT_EQ(out.at("warnings").size(), 1U);
  EXPECT_EQ(out.at("warnings")[0].at("path"), "insights.stale_after");
}

TEST_F(CheckTest, WarnsOfATokenThatIsStillToCome) {
  const SettingsReading reading = read_settings(
      folder_.write("c.yml", kAccount.substr(0, kAccount.find("contoso.token")) + "later.token\n"));
  EXPECT_THAT(check_text("c.yml", reading),
              HasSubstr("c.yml: accounts[0].refresh_token_file: " +
                        (folder_.path() / "later.token").string() +
                        " is not there yet, and nothing is read without it: sign in with "
                        "partner_center_exporter login\n"));
}

TEST_F(CheckTest, GivesScriptsPlacesAndSuggestions) {
  const json out = json::parse(
      check_json("c.yml", reading_of(kAccount + "insights: {source: klassic}\nmetrics: 7\n")));
  EXPECT_EQ(out, (json{{"file", "c.yml"},
                       {"ok", false},
                       {"errors",
                        {{{"line", 6},
                          {"column", 20},
                          {"path", "insights.source"},
                          {"message", "found \"klassic\", wanted auto, commercial or classic"},
                          {"suggestion", "classic"}},
                         {{"line", 7},
                          {"column", 10},
                          {"path", "metrics"},
                          {"message",
                           "found text, wanted a map with any of the keys prefix, "
                           "customer_label or customer_key_file, or the section left out"}}}},
                       {"warnings", json::array()}}));
}

TEST_F(CheckTest, GivesScriptsThePlaceOfWhatIsNoYaml) {
  const json out =
      json::parse(check_json("c.yml", reading_of(kAccount + "limits: {}\nlimits: {}\n")));
  ASSERT_EQ(out.at("errors").size(), 1U);
  EXPECT_EQ(out.at("errors")[0],
            (json{{"line", 7},
                  {"column", 1},
                  {"path", "limits"},
                  {"message", "found a second time, it already stands in line 6"}}));
}

TEST_F(CheckTest, HasNoPlaceForAFileThatCannotBeRead) {
  const SettingsReading reading = read_settings(folder_.path() / "nowhere.yml");
  EXPECT_THAT(check_text("nowhere.yml", reading), HasSubstr("nowhere.yml: 1 mistake\n"));
  const json out = json::parse(check_json("nowhere.yml", reading));
  EXPECT_EQ(out.at("ok"), false);
  EXPECT_FALSE(out.at("errors").at(0).contains("line"));
  EXPECT_THAT(out.at("errors")[0].at("message"), HasSubstr("No such file or directory"));
}

TEST_F(CheckTest, RepeatsNoSecret) {
  for (const std::string& text :
       {kAccount, kAccount + "insights: {stale_after: 6h}\n", std::string("MARKER: MARKER\n"),
        kAccount + "    client_secret_file: [MARKER]\n"}) {
    const SettingsReading reading = reading_of(text);
    EXPECT_THAT(check_text("c.yml", reading), testing::Not(HasSubstr("MARKER")));
    EXPECT_THAT(check_json("c.yml", reading), testing::Not(HasSubstr("MARKER")));
  }
}

}  // namespace
}  // namespace pce
