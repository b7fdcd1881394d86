#include "exporter/settings/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace pce {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> fixtures(const std::string& ending) {
  std::vector<fs::path> out;
  for (const auto& entry :
       fs::directory_iterator(std::string(PCE_SOURCE_DIR) + "/tests/fixtures/settings")) {
    if (entry.path().filename().string().ends_with(ending)) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

// NAME.bad.yml is refused with exactly the message in NAME.bad.txt. UPDATE_GOLDEN=1 writes the
// messages anew.
TEST(Settings, RefusesEachBrokenFixtureWithItsWholeMessage) {
  const auto files = fixtures(".bad.yml");
  ASSERT_GE(files.size(), 30U);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename().string());
    const auto settings = parse_settings(content(file), file.filename().string(), "/etc/exporter");
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().kind, ErrorKind::kSettings);
    auto expected = file;
    expected.replace_extension(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      std::ofstream(expected, std::ios::binary) << settings.error().message << '\n';
    }
    EXPECT_EQ(settings.error().message + "\n", content(expected));
  }
}

TEST(Settings, AcceptsEachGoodFixture) {
  const auto files = fixtures(".ok.yml");
  ASSERT_GE(files.size(), 4U);
  for (const fs::path& file : files) {
    const auto settings = parse_settings(content(file), file.filename().string(), "/etc/exporter");
    EXPECT_TRUE(settings) << settings.error().message;
  }
}

const std::string kAccount = R"(accounts:
  - name: contoso
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: contoso.token
)";

Result<Settings> parse(const std::string& text) {
  return parse_settings(text, "f", "/etc/exporter");
}

TEST(Settings, NeedOneAccountOnly) {
  const auto settings = parse(kAccount);
  ASSERT_TRUE(settings) << settings.error().message;
  ASSERT_EQ(settings->accounts.size(), 1U);
  const AccountSettings& account = settings->accounts.front();
  EXPECT_EQ(account.name, "contoso");
  EXPECT_EQ(account.tenant_id.text(), "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(account.client_id, "66666666-7777-8888-9999-000000000000");
  EXPECT_EQ(account.credential.client_secret_file, std::nullopt);
  EXPECT_EQ(account.refresh_token_file, "/etc/exporter/contoso.token");
  EXPECT_EQ(settings->collectors,
            std::vector<std::string>(collector_names().begin(), collector_names().end()));
}

TEST(Settings, TakeEveryValueFromTheFile) {
  const auto settings = parse(R"(
accounts:
  - {name: "Contoso, Ltd.", cloud: china, tenant_id: AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE,
     client_id: FFFFFFFF-0000-1111-2222-333333333333, client_secret_file: ../run/a.secret, refresh_token_file: /var/lib/a.token}
  - name: second
    cloud: custom
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: b.token
    endpoints: {api: "http://127.0.0.1:1/", login: "https://Login.Example/", resource: "https://resource.example"}
insights:
  source: commercial
  collectors: [partner_usage, customer_usage]
  interval: 1h30m
  stale_after: 1d
  guard: {min_rows_percent: 80, confirmations: 5, over: 2h}
  reexamine: 45m
  processed_date: 2026-11-20
customers: {include: ["Contoso*", 4711], exclude: ["*test"], resellers: true}
targets:
  deployment_percent: 80
  usage_percent: 40
  spare_licenses: 0
  sold_drop_percent: 35
  owner: licence desk
  ignored_products: [POWER BI (FREE), 'Two: words']
  customers:
    - {match: ["Contoso*", 4711], deployment_percent: 95, usage_percent: 0, spare_licenses: 3, owner: ada}
    - {match: ["*"], owner: bob}
limits: {requests_per_minute: 60, concurrency: 16, series: 1000}
metrics: {prefix: partner_center_, customer_label: name}
)");
  ASSERT_TRUE(settings) << settings.error().message;
  ASSERT_EQ(settings->accounts.size(), 2U);
  const AccountSettings& first = settings->accounts[0];
  EXPECT_EQ(first.name, "Contoso, Ltd.");
  EXPECT_EQ(first.cloud, Cloud::kChina);
  EXPECT_EQ(first.tenant_id.text(), "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  EXPECT_EQ(first.client_id, "ffffffff-0000-1111-2222-333333333333");
  EXPECT_EQ(first.credential.client_secret_file, "/etc/run/a.secret");
  EXPECT_EQ(first.refresh_token_file, "/var/lib/a.token");
  const AccountSettings& second = settings->accounts[1];
  EXPECT_EQ(second.cloud, Cloud::kCustom);
  EXPECT_EQ(second.endpoints.api, "http://127.0.0.1:1");
  EXPECT_EQ(second.endpoints.login, "https://login.example");
  EXPECT_EQ(second.endpoints.resource, "https://resource.example");
  EXPECT_EQ(settings->source, InsightSource::kCommercial);
  EXPECT_THAT(settings->collectors, ElementsAre("partner_usage", "customer_usage"));
  EXPECT_EQ(settings->interval, std::chrono::minutes(90));
  EXPECT_EQ(settings->stale_after, std::chrono::hours(24));
  EXPECT_EQ(settings->guard.min_rows_percent, 80);
  EXPECT_EQ(settings->guard.confirmations, 5);
  EXPECT_EQ(settings->guard.over, std::chrono::hours(2));
  EXPECT_EQ(settings->reexamine, std::chrono::minutes(45));
  EXPECT_EQ(settings->processed_date, "2026-11-20");
  EXPECT_THAT(settings->customers_include, ElementsAre(Field(&CustomerPattern::text, "Contoso*"),
                                                       Field(&CustomerPattern::text, "4711")));
  EXPECT_THAT(settings->customers_exclude, ElementsAre(Field(&CustomerPattern::text, "*test")));
  EXPECT_TRUE(settings->resellers);
  const TargetSettings& targets = settings->targets;
  EXPECT_EQ(targets.deployment_percent, 80);
  EXPECT_EQ(targets.usage_percent, 40);
  EXPECT_EQ(targets.spare_licenses, 0);
  EXPECT_EQ(targets.sold_drop_percent, 35);
  EXPECT_EQ(targets.owner, "licence desk");
  EXPECT_THAT(targets.ignored_products, ElementsAre("POWER BI (FREE)", "Two: words"));
  ASSERT_EQ(targets.customers.size(), 2U);
  EXPECT_THAT(targets.customers[0].match, ElementsAre(Field(&CustomerPattern::text, "Contoso*"),
                                                      Field(&CustomerPattern::text, "4711")));
  EXPECT_EQ(targets.customers[0].deployment_percent, 95);
  EXPECT_EQ(targets.customers[0].usage_percent, 0);
  EXPECT_EQ(targets.customers[0].spare_licenses, 3);
  EXPECT_EQ(targets.customers[0].owner, "ada");
  EXPECT_EQ(targets.customers[1].deployment_percent, std::nullopt);
  EXPECT_EQ(targets.customers[1].owner, "bob");
  EXPECT_EQ(settings->limits.requests_per_minute, 60);
  EXPECT_EQ(settings->limits.concurrency, 16);
  EXPECT_EQ(settings->limits.series, 1000);
  EXPECT_EQ(settings->metrics.prefix, "partner_center_");
}

TEST(Settings, KnowTheLineOfEachCustomerNamed) {
  const auto settings = parse(kAccount +
                              "customers:\n"
                              "  include: [a, b]\n"
                              "  exclude:\n"
                              "    # nobody knows who this is\n"
                              "    - c\n"
                              "    - \"d*\"\n");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_THAT(settings->customers_include,
              ElementsAre(CustomerPattern("a", 7), CustomerPattern("b", 7)));
  EXPECT_THAT(settings->customers_exclude,
              ElementsAre(CustomerPattern("c", 10), CustomerPattern("d*", 11)));
}

TEST(Settings, TakeTenThousandCustomersAndNoMore) {
  std::string list;
  for (int i = 0; i < 10'000; ++i) list += "    - Customer " + std::to_string(i) + "\n";
  const std::string text = kAccount + "customers:\n  exclude:\n" + list;
  const auto settings = parse(text);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->customers_exclude.size(), 10'000U);
  const auto more = parse(text + "    - one more\n");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message,
            "f:8:5: customers.exclude: found 10001 entries, wanted at most 10000");
}

TEST(Settings, TakeACustomersNameAsLongAsAnybodysMay) {
  const std::string longest(512, 'x');
  EXPECT_TRUE(parse(kAccount + "customers: {include: [" + longest + "]}\n"));
  EXPECT_FALSE(parse(kAccount + "customers: {include: [x" + longest + "]}\n"));
}

struct CloudRow {
  const char* cloud;
  const char* api;
  const char* login;
};

TEST(Settings, KnowTheAddressesOfEachCloud) {
  const std::vector<CloudRow> table{
      {.cloud = "global",
       .api = "https://api.partnercenter.microsoft.com",
       .login = "https://login.microsoftonline.com"},
      {.cloud = "us_government",
       .api = "https://api.partnercenter.microsoft.com",
       .login = "https://login.microsoftonline.us"},
      {.cloud = "china",
       .api = "https://partner.partnercenterapi.microsoftonline.cn",
       .login = "https://login.partner.microsoftonline.cn"},
  };
  for (const CloudRow& row : table) {
    SCOPED_TRACE(row.cloud);
    const auto settings = parse(kAccount + "    cloud: " + row.cloud + "\n");
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->accounts[0].endpoints.api, row.api);
    EXPECT_EQ(settings->accounts[0].endpoints.login, row.login);
    EXPECT_EQ(settings->accounts[0].endpoints.resource, row.api);
  }
}

TEST(Settings, AskForPartnerCenterTokensByDefaultInACustomCloud) {
  const auto settings = parse(kAccount +
                              "    cloud: custom\n    endpoints: {api: \"http://[::1]:1\", login: "
                              "\"http://localhost:2\"}\n");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->accounts[0].endpoints.resource, "https://api.partnercenter.microsoft.com");
}

struct PrefixRow {
  const char* yaml;
  bool good;
};

TEST(Settings, TakeAPrefixThatKeepsMetricNamesValid) {
  const std::vector<PrefixRow> table{
      {.yaml = "\"\"", .good = true},       {.yaml = "partner_center_", .good = true},
      {.yaml = "csp_", .good = true},       {.yaml = "_x9_", .good = true},
      {.yaml = "processes_", .good = true}, {.yaml = "csp", .good = false},
      {.yaml = "9csp_", .good = false},     {.yaml = "c-sp_", .good = false},
      {.yaml = "\"c:sp_\"", .good = false}, {.yaml = "_", .good = false},
      {.yaml = "process_", .good = false},  {.yaml = "scrape_", .good = false},
      {.yaml = "[]", .good = false},        {.yaml = "partner_center_exporter_", .good = false},
      {.yaml = "", .good = false},          {.yaml = "\"csp_\\n\"", .good = false},
  };
  for (const PrefixRow& row : table) {
    EXPECT_EQ(parse(kAccount + "metrics:\n  prefix: " + row.yaml + "\n").has_value(), row.good)
        << row.yaml;
  }
}

TEST(Settings, TellAtMostTwentyMistakes) {
  std::string text = kAccount;
  for (int i = 0; i < 25; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto settings = parse(text);
  ASSERT_FALSE(settings);
  EXPECT_EQ(std::ranges::count(settings.error().message, '\n'), 20);
  EXPECT_THAT(settings.error().message, HasSubstr("f:6:1: key0: unknown key"));
  EXPECT_THAT(settings.error().message, testing::EndsWith("\nf: and 5 more"));
}

}  // namespace
}  // namespace pce
