// A configuration changed while the exporter runs: what is different is different, the rest goes
// on.
#include <csignal>

#include "tests/end_to_end/reload_stage.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSuccessful = "partner_center_config_last_reload_successful";
constexpr const char* kLoadedAt = "partner_center_config_last_reload_success_timestamp_seconds";
constexpr const char* kHash = "partner_center_config_hash";

class EndToEndReload : public testing::Test {
 protected:
  using Account = ReloadStage::Account;
  using Config = ReloadStage::Config;

  // What is known goes on: nobody is asked again for the account.
  void expect_nobody_was_asked(const std::map<std::string, double>& insights_before,
                               double calls_before) {
    EXPECT_EQ(insights_of_partner(stage().scrape(), "contoso"), insights_before);
    EXPECT_EQ(reload_.calls(), calls_before);
  }
  bool shows_interval(const Exposition& e, double seconds) {
    return e.value("partner_center_poll_interval_seconds", {of_partner("contoso")}) == seconds;
  }
  Stage& stage() { return reload_.stage(); }
  bool says(const std::string& text) { return !stage().exporter().line_with(text).empty(); }

  ReloadStage reload_;
};

TEST_F(EndToEndReload, ChangesWhatIsDifferentAndAsksNobodyAgain) {
  const Exposition before = reload_.start({});
  const double calls = reload_.calls();
  reload_.reload({.interval = "2h", .more = "targets: {spare_licenses: 7, owner: ada}\n"});
  const Exposition after =
      stage().scrape_until([&](const Exposition& e) { return shows_interval(e, 7200); });
  EXPECT_EQ(after.value("partner_center_target_spare_licenses"), 7);
  EXPECT_EQ(after.value("partner_center_target_owner_info", {"owner=\"ada\""}), 1);
  EXPECT_NE(after.value(kHash), before.value(kHash));
  EXPECT_GT(after.value(kLoadedAt), before.value(kLoadedAt));
  EXPECT_EQ(after.value(kSuccessful), 1);
  expect_nobody_was_asked(insights_of_partner(before, "contoso"), calls);
  EXPECT_TRUE(says("insights.interval: from 1h to 2h"));
  EXPECT_TRUE(says("targets.spare_licenses: from 10 to 7"));

  reload_.reload({});
  const Exposition again = stage().scrape_until(
      [&](const Exposition& e) { return e.value(kHash) == before.value(kHash); });
  EXPECT_THAT(again.find("partner_center_target_owner_info"), IsEmpty());
  expect_nobody_was_asked(insights_of_partner(before, "contoso"), calls);
}

TEST_F(EndToEndReload, ASignalDoesTheSame) {
  const Exposition before = reload_.start({});
  const double calls = reload_.calls();
  reload_.write({.interval = "90m"});
  stage().exporter().signal(SIGHUP);
  stage().scrape_until([&](const Exposition& e) { return shows_interval(e, 5400); });
  expect_nobody_was_asked(insights_of_partner(before, "contoso"), calls);

  reload_.write_text("nonsense: {");
  stage().exporter().signal(SIGHUP);
  stage().scrape_until([&](const Exposition& e) { return e.value(kSuccessful) == 0; });
}

TEST_F(EndToEndReload, ABrokenFileChangesNothing) {
  const Exposition before = reload_.start({});
  const double calls = reload_.calls();
  const auto refused = [&](const std::string& reason) {
    const WebAnswer answer = reload_.post();
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, AllOf(HasSubstr("failed to reload config: "), HasSubstr(reason)));
    const Exposition now = stage().scrape();
    EXPECT_EQ(now.value(kSuccessful), 0);
    EXPECT_EQ(now.value(kHash), before.value(kHash));
    EXPECT_EQ(now.value(kLoadedAt), before.value(kLoadedAt));
    expect_nobody_was_asked(insights_of_partner(before, "contoso"), calls);
  };
  reload_.write_text("accounts: [");
  refused("exporter.yml:1:");
  reload_.write({.interval = "soon"});
  refused("insights.interval");
  reload_.write({.accounts = {{.more = "    client_secret_file: nowhere.secret\n"}}});
  refused("nowhere.secret");
  stage().write_file("contoso.pem", "no certificate\n", 0600);
  reload_.write({.accounts = {{.more = "    client_certificate_file: contoso.pem\n"}}});
  refused("contoso.pem");
  reload_.write({.more = "metrics: {prefix: other_}\n"});
  refused("metrics.prefix: a reload cannot change it");
  stage().write_file("alien.token", R"({"version": 1, "refresh_token": "w", "tenant_id": "x"})",
                     0600);
  reload_.write({.accounts = {{}, {.name = "alien", .tenant = kOtherTenant}}});
  refused("account alien");
  std::filesystem::remove(stage().folder() / "exporter.yml");
  refused("exporter.yml");
  EXPECT_THAT(before.find("partner_center_up"), testing::SizeIs(1));

  reload_.reload({});
  EXPECT_EQ(stage().scrape().value(kSuccessful), 1);
}

TEST_F(EndToEndReload, AnAccountComesAndGoesAndTheOtherDoesNotNotice) {
  const Exposition before = reload_.start({});
  const double sign_ins = reload_.sign_ins();
  const auto contoso = insights_of_partner(before, "contoso");
  reload_.reload({.accounts = {{.name = "second", .tenant = kOtherTenant}, {}}});
  stage().scrape_until([&](const Exposition& e) {
    return e.value("partner_center_up", {of_partner("second")}) == 1;
  });
  const Exposition both = stage().scrape();
  EXPECT_EQ(insights_of_partner(both, "second").size(), contoso.size());
  EXPECT_EQ(insights_of_partner(both, "contoso"), contoso);
  EXPECT_EQ(reload_.sign_ins(), sign_ins + 1);
  EXPECT_EQ(stage().get("/metrics?partner[]=second").status, 200);
  const double calls = reload_.calls();

  reload_.reload({});
  // What is sent was prepared a moment ago.
  EXPECT_TRUE(eventually([&] {
    return stage().get("/metrics").body.find(of_partner("second")) == std::string::npos;
  })) << "it goes with all it had";
  EXPECT_EQ(stage().get("/metrics?partner[]=second").status, 400);
  expect_nobody_was_asked(contoso, calls);
  EXPECT_TRUE(eventually([&] { return stage().times_said("The account has ended") == 1; }));
}

TEST_F(EndToEndReload, AnotherTenantIsAnotherAccount) {
  reload_.start({});
  const double sign_ins = reload_.sign_ins();
  stage().write_file("other.token", "a-made-up-word\n", 0600);
  reload_.reload(
      {.accounts = {{.tenant = kOtherTenant, .more = "    refresh_token_file: other.token\n"}}});
  EXPECT_TRUE(says("accounts[contoso].tenant_id: from"));
  stage().scrape_until([&](const Exposition& e) {
    return e.value("partner_center_up", {of_partner("contoso")}) == 1;
  });
  EXPECT_EQ(reload_.sign_ins(), sign_ins + 1);
  EXPECT_EQ(stage().simulator_counted("customers"), 2) << "one list of each";
}

TEST_F(EndToEndReload, CustomersLeaveAtOnceAndOnlyWhoComesIsRead) {
  const Exposition before = reload_.start({});
  const double sign_ins = reload_.sign_ins();
  const auto shown = [&](const Exposition& e) { return customers_in(e, "licenses_sold"); };
  ASSERT_THAT(shown(before), testing::Contains(kSeedId));
  const double calls = reload_.calls();
  reload_.reload({.more = "customers: {exclude: ['" + kSeedId + "']}\n"});
  const Exposition without = stage().scrape_until([&](const Exposition& e) {
    return !shown(e).contains(kSeedId) && e.value("partner_center_customers_excluded") == 1;
  });
  EXPECT_THAT(without.find("partner_center_customer_info", {kSeedCustomer}), IsEmpty());
  EXPECT_EQ(shown(without).size() + 1, shown(before).size());
  EXPECT_EQ(reload_.calls(), calls);

  reload_.reload({});
  stage().scrape_until([&](const Exposition& e) {
    return insights_of_partner(e, "contoso") == insights_of_partner(before, "contoso");
  });
  EXPECT_EQ(reload_.calls(), calls + 2) << "its deployment and its usage";
  EXPECT_EQ(reload_.sign_ins(), sign_ins);
}

TEST_F(EndToEndReload, CollectorsComeAndGo) {
  const Exposition before = reload_.start({});
  const double calls = reload_.calls();
  const std::string all_but_usage =
      "  collectors: [customer_deployment, partner_deployment, partner_usage]\n";
  reload_.reload({.insights = all_but_usage});
  const Exposition without = stage().scrape_until([&](const Exposition& e) {
    return e.find("licenses_active").empty() &&
           e.find("partner_center_collector_success", {of_collector("customer_usage")}).empty();
  });
  EXPECT_THAT(stage().get("/metrics").body, Not(HasSubstr("collector=\"customer_usage\"")));
  EXPECT_EQ(without.find("licenses_sold"), before.find("licenses_sold"));
  EXPECT_EQ(without.value("partner_center_up"), 1);
  EXPECT_EQ(reload_.calls(), calls);

  reload_.reload({});
  stage().scrape_until([&](const Exposition& e) {
    return insights_of_partner(e, "contoso") == insights_of_partner(before, "contoso");
  });
  EXPECT_EQ(reload_.calls(),
            calls + static_cast<double>(customers_in(before, "licenses_sold").size()));
}

TEST_F(EndToEndReload, TheSourceChangesWithoutAGap) {
  const Exposition before = reload_.start({});
  reload_.reload({.source = "commercial"});
  stage().scrape_until([&](const Exposition& e) {
    EXPECT_EQ(e.find("licenses_sold").size(), before.find("licenses_sold").size());
    return all_read_from(e, "commercial") && e.value("partner_center_up") == 1;
  });
}

TEST_F(EndToEndReload, TheTokenFileMayMove) {
  reload_.start({});
  const double sign_ins = reload_.sign_ins();
  std::filesystem::rename(stage().folder() / "contoso.token", stage().folder() / "moved.token");
  reload_.reload({.accounts = {{.more = "    refresh_token_file: moved.token\n"}}});
  const Exposition after = stage().scrape();
  EXPECT_EQ(after.value("partner_center_up"), 1);
  EXPECT_EQ(reload_.sign_ins(), sign_ins);
  EXPECT_TRUE(says("accounts[contoso].refresh_token_file: from"));
  EXPECT_FALSE(std::filesystem::exists(stage().folder() / "contoso.token"));
}

TEST_F(EndToEndReload, AChangedSecretIsSaidAndNotShown) {
  stage().write_file("contoso.secret", "MARKER-first\n", 0600);
  const Config config{.accounts = {{.more = "    client_secret_file: contoso.secret\n"}}};
  reload_.start(config);
  stage().write_file("contoso.secret", "MARKER-second\n", 0600);
  reload_.reload(config);
  EXPECT_TRUE(says("accounts[contoso].client_secret_file: the file changed"));
  EXPECT_THAT(stage().exporter().output(), Not(HasSubstr("MARKER")));
}

TEST_F(EndToEndReload, IsForPostsOfThisSite) {
  reload_.start({});
  const int port = stage().exporter_port();
  EXPECT_EQ(stage().get("/-/reload").status, 405);
  EXPECT_EQ(stage().get("/-/reload").headers["allow"], "POST, PUT");
  EXPECT_EQ(ask(port, {.method = "PUT", .path = "/-/reload"}).status, 200);
  EXPECT_EQ(ask(port, {.method = "POST", .path = "/-/reload", .body = "x=1"}).status, 200);
  EXPECT_EQ(reload_.post("Origin: https://elsewhere.example\r\n").status, 403);
  EXPECT_EQ(reload_.post("Origin: null\r\n").status, 403);
  EXPECT_EQ(reload_.post("Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(reload_.post("Sec-Fetch-Site: same-origin\r\n").status, 200);
  EXPECT_EQ(ask(port, {.method = "POST", .path = "/metrics"}).status, 405);
}

}  // namespace
}  // namespace pce
