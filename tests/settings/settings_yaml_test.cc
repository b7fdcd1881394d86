#include "exporter/settings/settings_yaml.h"

#include "tests/support/files.h"

namespace pce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

Settings read(const std::string& text) {
  auto settings = parse_settings(text, "test.yml", "/etc/exporter");
  EXPECT_TRUE(settings) << settings.error().message << "\n" << text;
  return settings ? *std::move(settings) : Settings();
}

TEST(SettingsYaml, SaysOfEachGoodFileWhatTheFileSays) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(source_dir() / "tests/fixtures/settings")) {
    if (!entry.path().string().ends_with(".ok.yml")) continue;
    SCOPED_TRACE(entry.path());
    ++files;
    const std::string once = settings_yaml(read(read_file(entry.path())));
    EXPECT_EQ(settings_yaml(read(once)), once);
  }
  EXPECT_GE(files, 4);
}

const std::string kAccount = R"(accounts:
  - name: "a: \"b\" # \u00e9\\"
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    client_secret_file: a.secret
    refresh_token_file: a.token
)";

TEST(SettingsYaml, KeepsWhatIsHardToSay) {
  const std::string text = kAccount + R"yaml(
insights: {interval: 1h30m, stale_after: 2d, processed_date: "", guard: {over: 0s}}
customers: {include: ["*(test)", "true", "12"], exclude: ["- x: y"], resellers: true}
targets:
  owner: ada
  ignored_products: ["Free: product"]
  customers: [{match: ["Contoso*"], spare_licenses: 3, owner: "b"}]
limits: {series: 7}
metrics: {prefix: x_}
)yaml";
  const Settings before = read(text);
  const Settings after = read(settings_yaml(before));
  EXPECT_EQ(after.accounts.at(0).name, "a: \"b\" # é\\");
  EXPECT_EQ(after.accounts.at(0).credential.client_secret_file, "/etc/exporter/a.secret");
  EXPECT_EQ(after.interval, std::chrono::minutes(90));
  EXPECT_EQ(after.stale_after, std::chrono::hours(48));
  EXPECT_EQ(after.guard.over.count(), 0);
  ASSERT_EQ(after.customers_include.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(after.customers_include[i].text, before.customers_include[i].text);
  EXPECT_EQ(after.customers_exclude.at(0).text, "- x: y");
  EXPECT_TRUE(after.resellers);
  EXPECT_EQ(after.targets.owner, "ada");
  EXPECT_EQ(after.targets.ignored_products.at(0), "Free: product");
  EXPECT_EQ(after.targets.customers.at(0).match.at(0).text, "Contoso*");
  EXPECT_EQ(after.targets.customers.at(0).spare_licenses, 3);
  EXPECT_EQ(after.targets.customers.at(0).owner, "b");
  EXPECT_FALSE(after.targets.customers.at(0).usage_percent);
  EXPECT_EQ(after.limits.series, 7);
  EXPECT_EQ(after.metrics.prefix, "x_");
}

TEST(SettingsYaml, ShowsNoMoreOfCustomersThanLabelsDo) {
  Settings settings = read(kAccount + R"(
customers: {include: ["Contoso*", 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04], exclude: [Fabrikam]}
targets: {customers: [{match: [Relecloud], owner: ada}]}
)");
  EXPECT_THAT(settings_yaml(settings), HasSubstr("Contoso"));
  const std::string id = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
  for (const CustomerLabel label : {CustomerLabel::kId, CustomerLabel::kHash}) {
    settings.metrics.customer_label = label;
    const std::string text = settings_yaml(settings);
    for (const char* name : {"Contoso", "Fabrikam", "Relecloud"})
      EXPECT_THAT(text, Not(HasSubstr(name)));
    EXPECT_EQ(text.find(id) != std::string::npos, label == CustomerLabel::kId);
    EXPECT_THAT(text, HasSubstr("entries not shown, as they may tell who the customers are: 1"));
  }
}

}  // namespace
}  // namespace pce
