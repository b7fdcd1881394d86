// The example configuration is a promise: it loads, shows every key, and stands at the defaults.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "exporter/settings/settings.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

std::string example_text() {
  std::ifstream in(std::string(PCE_SOURCE_DIR) + "/config/partner_center.example.yml");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ExampleConfiguration, LoadsWithItsDefaults) {
  const TemporaryFolder folder;
  folder.write("contoso.secret", "example\n");
  folder.write("contoso.token", "example\n");
  const auto settings = load_settings(folder.write("partner_center.yml", example_text(), 0644));
  ASSERT_TRUE(settings) << settings.error().message;

  const Settings defaults;
  EXPECT_EQ(settings->source, defaults.source);
  EXPECT_EQ(settings->collectors, defaults.collectors);
  EXPECT_EQ(settings->interval, defaults.interval);
  EXPECT_EQ(settings->stale_after, defaults.stale_after);
  EXPECT_EQ(settings->guard.min_rows_percent, defaults.guard.min_rows_percent);
  EXPECT_EQ(settings->guard.confirmations, defaults.guard.confirmations);
  EXPECT_EQ(settings->guard.over, defaults.guard.over);
  EXPECT_EQ(settings->reexamine, defaults.reexamine);
  EXPECT_EQ(settings->processed_date, defaults.processed_date);
  EXPECT_EQ(settings->resellers, defaults.resellers);
  EXPECT_EQ(settings->customers_include, defaults.customers_include);
  EXPECT_EQ(settings->customers_exclude, defaults.customers_exclude);
  EXPECT_EQ(settings->targets.deployment_percent, defaults.targets.deployment_percent);
  EXPECT_EQ(settings->targets.usage_percent, defaults.targets.usage_percent);
  EXPECT_EQ(settings->targets.spare_licenses, defaults.targets.spare_licenses);
  EXPECT_EQ(settings->targets.sold_drop_percent, defaults.targets.sold_drop_percent);
  EXPECT_EQ(settings->targets.owner, defaults.targets.owner);
  EXPECT_EQ(settings->targets.ignored_products, defaults.targets.ignored_products);
  EXPECT_TRUE(settings->targets.customers.empty());
  EXPECT_EQ(settings->limits.requests_per_minute, defaults.limits.requests_per_minute);
  EXPECT_EQ(settings->limits.concurrency, defaults.limits.concurrency);
  EXPECT_EQ(settings->limits.series, defaults.limits.series);
  EXPECT_EQ(settings->metrics.prefix, defaults.metrics.prefix);
  EXPECT_EQ(settings->metrics.customer_label, defaults.metrics.customer_label);

  ASSERT_EQ(settings->accounts.size(), 1U);
  const AccountSettings& account = settings->accounts.front();
  EXPECT_EQ(account.name, "contoso");
  EXPECT_EQ(account.cloud, Cloud::kGlobal);
  EXPECT_EQ(account.credential.client_secret_file, folder.path() / "contoso.secret");
  EXPECT_EQ(account.refresh_token_file, folder.path() / "contoso.token");
}

TEST(ExampleConfiguration, ShowsEveryKey) {
  const std::string text = example_text();
  for (const char* key : {"accounts",
                          "name",
                          "cloud",
                          "tenant_id",
                          "client_id",
                          "client_secret_file",
                          "client_certificate_file",
                          "client_key_file",
                          "client_certificate_password_file",
                          "federated_token_file",
                          "refresh_token_file",
                          "endpoints",
                          "api",
                          "login",
                          "resource",
                          "proxy",
                          "proxy_credentials_file",
                          "ca_file",
                          "insights",
                          "source",
                          "collectors",
                          "interval",
                          "stale_after",
                          "guard",
                          "min_rows_percent",
                          "confirmations",
                          "over",
                          "reexamine",
                          "processed_date",
                          "customers",
                          "include",
                          "exclude",
                          "resellers",
                          "targets",
                          "deployment_percent",
                          "usage_percent",
                          "spare_licenses",
                          "sold_drop_percent",
                          "owner",
                          "ignored_products",
                          "match",
                          "limits",
                          "requests_per_minute",
                          "concurrency",
                          "series",
                          "metrics",
                          "prefix",
                          "customer_label",
                          "customer_key_file"}) {
    EXPECT_THAT(text, testing::ContainsRegex("[ \n]" + std::string(key) + ":")) << key;
  }
}

// Every commented key is known, too: of all proofs at once the reader complains because they are
// too many, not because it knows none of the name.
TEST(ExampleConfiguration, HidesNoUnknownKeyInAComment) {
  std::string text = example_text();
  for (const char* key :
       {"client_certificate_file", "client_key_file", "client_certificate_password_file",
        "federated_token_file", "endpoints", "  api", "  login", "  resource", "proxy",
        "proxy_credentials_file", "ca_file", "customer_key_file"}) {
    const std::string commented = "# " + std::string(key) + ":";
    const std::size_t at = text.find(commented);
    ASSERT_NE(at, std::string::npos) << key;
    text.erase(at, 2);
  }
  const std::string global = "\n    cloud: global\n";
  text.replace(text.find(global), global.size(), "\n    cloud: custom\n");
  const auto settings = parse_settings(text, "f", ".");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().message, testing::Not(testing::HasSubstr("unknown key")));
  EXPECT_EQ(std::ranges::count(settings.error().message, '\n'), 1) << settings.error().message;
}

}  // namespace
}  // namespace pce
