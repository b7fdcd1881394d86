#include "exporter/settings/doubts.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

Settings settings_of(Cloud cloud) {
  Settings settings;
  settings.accounts.push_back(
      {.name = "contoso",
       .cloud = cloud,
       .tenant_id = *TenantId::parse("11111111-2222-3333-4444-555555555555"),
       .client_id = {},
       .refresh_token_file = "/dev/null",
       .endpoints = {}});
  return settings;
}

std::vector<std::string> paths(const Settings& settings) {
  std::vector<std::string> paths;
  for (const SettingDoubt& doubt : doubts_about(settings)) paths.push_back(doubt.path);
  return paths;
}

TEST(Doubts, AreNoneAboutTheDefaults) {
  EXPECT_THAT(paths(settings_of(Cloud::kGlobal)), testing::IsEmpty());
}

TEST(Doubts, AreAboutTokensNobodyHasSignedInFor) {
  Settings settings = settings_of(Cloud::kCustom);
  settings.accounts.push_back(settings.accounts[0]);
  settings.accounts[1].name = "fab rikam";
  settings.accounts[1].refresh_token_file = "/nowhere/fabrikam.token";
  ASSERT_THAT(paths(settings), testing::ElementsAre("accounts[1].refresh_token_file"));
  EXPECT_THAT(doubts_about(settings)[0].message,
              HasSubstr("sign in with partner_center_exporter login --account='fab rikam'"));
}

TEST(Doubts, AreAboutSamplesThatGoBeforeTheyAreRenewed) {
  Settings settings = settings_of(Cloud::kGlobal);
  settings.stale_after = settings.interval;
  ASSERT_THAT(paths(settings), testing::ElementsAre("insights.stale_after"));
  EXPECT_THAT(doubts_about(settings)[0].message, HasSubstr("just before it is read again"));
  EXPECT_THAT(doubts_about(settings)[0].message, HasSubstr("at least 12h"));
  settings.stale_after = hours(11);
  EXPECT_THAT(doubts_about(settings).at(0).message, HasSubstr("one failed reading"));
  settings.stale_after = hours(12);
  EXPECT_THAT(paths(settings), testing::IsEmpty());
}

TEST(Doubts, AreAboutAskingMicrosoftMoreOftenThanItChanges) {
  Settings settings = settings_of(Cloud::kUsGovernment);
  settings.interval = minutes(59);
  settings.limits.requests_per_minute = 501;
  EXPECT_THAT(paths(settings),
              testing::ElementsAre("insights.interval", "limits.requests_per_minute"));
  settings.interval = hours(1);
  settings.limits.requests_per_minute = 500;
  EXPECT_THAT(paths(settings), testing::IsEmpty());
}

TEST(Doubts, SpareWhoeverAsksSomebodyElse) {
  Settings settings = settings_of(Cloud::kCustom);
  settings.interval = minutes(1);
  settings.limits.requests_per_minute = 60'000;
  EXPECT_THAT(paths(settings), testing::IsEmpty());
}

}  // namespace
}  // namespace pce
