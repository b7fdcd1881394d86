#include "exporter/settings/settings_change.h"

#include <functional>

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kTenant = "11111111-2222-3333-4444-555555555555";

AccountSettings account(const std::string& name) {
  return {.name = name,
          .tenant_id = *TenantId::parse(kTenant),
          .client_id = "66666666-7777-8888-9999-000000000000",
          .credential = {.client_secret_file = "/etc/" + name + ".secret"},
          .refresh_token_file = "/var/" + name + ".token",
          .endpoints = {.api = "https://api", .login = "https://login", .resource = "https://api"}};
}

std::vector<std::string> changes(const std::function<void(Settings&)>& change,
                                 Settings before = {.accounts = {account("contoso")}}) {
  Settings after = before;
  change(after);
  return changes_between(before, after);
}

TEST(SettingsChange, NothingChangedSaysNothing) {
  EXPECT_THAT(changes([](Settings&) {}), IsEmpty());
}

TEST(SettingsChange, WhereAnEntryStandsInTheFileIsNoChange) {
  const Settings before{.customers_include = {CustomerPattern("Fabrikam", 12)}};
  EXPECT_THAT(
      changes([](Settings& after) { after.customers_include = {CustomerPattern("Fabrikam", 14)}; },
              before),
      IsEmpty());
}

TEST(SettingsChange, AValueSaysFromWhatToWhat) {
  EXPECT_THAT(
      changes([](Settings& after) {
        after.interval = std::chrono::minutes(90);
        after.source = InsightSource::kClassic;
        after.limits.concurrency = 8;
        after.resellers = true;
      }),
      ElementsAre("insights.source: from auto to classic", "insights.interval: from 6h to 1h30m",
                  "customers.resellers: from false to true", "limits.concurrency: from 4 to 8"));
}

TEST(SettingsChange, AnOptionalValueComesAndGoes) {
  Settings before{.accounts = {account("contoso")}};
  before.targets.owner = "ada";
  EXPECT_THAT(changes(
                  [](Settings& after) {
                    after.targets.owner = "";
                    after.accounts[0].network.proxy = "http://proxy:3128";
                  },
                  before),
              ElementsAre("targets.owner: not set any more, was \"ada\"",
                          "accounts[contoso].proxy: set to \"http://proxy:3128\""));
}

TEST(SettingsChange, AListSaysWhatCameAndWhatWent) {
  const Settings before{.collectors = {"customer_deployment", "customer_usage"},
                        .customers_exclude = {"Fabrikam", "Northwind*"}};
  EXPECT_THAT(changes(
                  [](Settings& after) {
                    after.collectors = {"customer_deployment", "partner_usage"};
                    after.customers_exclude = {"Northwind*", "Wingtip"};
                  },
                  before),
              ElementsAre("insights.collectors: added partner_usage; removed customer_usage",
                          "customers.exclude: added \"Wingtip\"; removed \"Fabrikam\""));
}

TEST(SettingsChange, ALongListIsCounted) {
  EXPECT_THAT(changes([](Settings& after) {
                for (int i = 0; i < 6; ++i)
                  after.customers_include.emplace_back("customer " + std::to_string(i));
              }),
              ElementsAre("customers.include: added 6 entries"));
}

TEST(SettingsChange, CustomersAreNotNamedWhereTheirNamesAreHidden) {
  Settings before{.customers_exclude = {"Fabrikam"}};
  before.metrics.customer_label = CustomerLabel::kHash;
  const auto lines = changes(
      [](Settings& after) {
        after.customers_exclude = {"Northwind"};
        after.targets.customers = {{.match = {"Wingtip"}, .owner = "ada"}};
        after.metrics.customer_label = CustomerLabel::kName;
      },
      before);
  EXPECT_THAT(lines, ElementsAre("customers.exclude: added 1 entry; removed 1 entry",
                                 "metrics.customer_label: from hash to name",
                                 "targets.customers: added 1 entry"));
}

TEST(SettingsChange, AnAccountThatComesOrGoesIsOneLine) {
  const Settings before{.accounts = {account("contoso"), account("fabrikam")}};
  EXPECT_THAT(changes([](Settings& after) { after.accounts[1] = account("northwind"); }, before),
              ElementsAre("accounts[fabrikam]: removed", "accounts[northwind]: added"));
}

TEST(SettingsChange, TheOrderOfAccountsIsNoChange) {
  const Settings before{.accounts = {account("contoso"), account("fabrikam")}};
  EXPECT_THAT(
      changes([](Settings& after) { std::swap(after.accounts[0], after.accounts[1]); }, before),
      IsEmpty());
}

TEST(SettingsChange, AnAccountsKeysAreNamedWithIt) {
  EXPECT_THAT(changes([](Settings& after) {
                after.accounts[0].client_id = "77777777-7777-8888-9999-000000000000";
                after.accounts[0].credential = {.client_certificate_file = "/etc/contoso.pem"};
              }),
              ElementsAre("accounts[contoso].client_id: from 66666666-7777-8888-9999-000000000000 "
                          "to 77777777-7777-8888-9999-000000000000",
                          "accounts[contoso].client_secret_file: not set any more, was "
                          "/etc/contoso.secret",
                          "accounts[contoso].client_certificate_file: set to /etc/contoso.pem"));
}

// Each key that can be set is one that is noticed: a setting forgotten here would change in
// silence.
TEST(SettingsChange, NoticesEverySetting) {
  const std::vector<std::function<void(Settings&)>> settings{
      [](Settings& s) { s.accounts[0].cloud = Cloud::kChina; },
      [](Settings& s) { s.accounts[0].credential.client_secret_file = "/other"; },
      [](Settings& s) { s.accounts[0].credential.client_key_file = "/other"; },
      [](Settings& s) { s.accounts[0].credential.client_certificate_password_file = "/other"; },
      [](Settings& s) { s.accounts[0].credential.federated_token_file = "/other"; },
      [](Settings& s) { s.accounts[0].refresh_token_file = "/other"; },
      [](Settings& s) { s.accounts[0].endpoints.api = "https://other"; },
      [](Settings& s) { s.accounts[0].endpoints.login = "https://other"; },
      [](Settings& s) { s.accounts[0].endpoints.resource = "https://other"; },
      [](Settings& s) { s.accounts[0].network.proxy_credentials_file = "/other"; },
      [](Settings& s) { s.accounts[0].network.ca_file = "/other"; },
      [](Settings& s) { s.stale_after = std::chrono::hours(96); },
      [](Settings& s) { s.guard.min_rows_percent = 10; },
      [](Settings& s) { s.guard.confirmations = 10; },
      [](Settings& s) { s.guard.over = std::chrono::hours(1); },
      [](Settings& s) { s.reexamine = std::chrono::hours(1); },
      [](Settings& s) { s.processed_date = "2026-11-20"; },
      [](Settings& s) { s.targets.deployment_percent = 51; },
      [](Settings& s) { s.targets.usage_percent = 51; },
      [](Settings& s) { s.targets.spare_licenses = 51; },
      [](Settings& s) { s.targets.sold_drop_percent = 51; },
      [](Settings& s) { s.targets.ignored_products = {"Power BI"}; },
      [](Settings& s) { s.targets.customers = {{.match = {"a"}, .usage_percent = 1}}; },
      [](Settings& s) { s.limits.requests_per_minute = 1; },
      [](Settings& s) { s.limits.series = 1; },
      [](Settings& s) { s.metrics.prefix = "partner_center_"; },
  };
  for (std::size_t i = 0; i < settings.size(); ++i)
    EXPECT_EQ(changes(settings[i]).size(), 1U) << "number " << i;
}

TEST(SettingsChange, FilesThatAreReadAgainAreMarked) {
  std::vector<std::string> files;
  for (const SettingLine& line : setting_lines({.accounts = {account("contoso")}})) {
    if (line.kind == SettingLine::Kind::kFile) files.push_back(line.key + "=" + line.value);
  }
  EXPECT_THAT(files, ElementsAre("accounts[contoso].client_secret_file=/etc/contoso.secret"));
}

}  // namespace
}  // namespace pce
