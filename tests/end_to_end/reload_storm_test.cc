// The configuration changes all the time, every other time for one that is no good, while several
// scrape: nobody ever sees a hole, and nothing piles up.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/end_to_end/reload_stage.h"

namespace pce {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr int kReloads = 100;
#else
constexpr int kReloads = 1000;
#endif
constexpr int kScrapers = 2;
constexpr std::size_t kConnectionsKept = 4;  // one for each call at once, for the next one

using Config = ReloadStage::Config;

const ReloadStage::Account kSecond{.name = "second", .tenant = kOtherTenant};

const ReloadStage::Account kSecondOfAnotherTenant{
    .name = "second", .tenant = kFirstTenant, .more = "    refresh_token_file: another.token\n"};

// All leave the customers of contoso what they are.
std::vector<Config> good_ones() {
  return {{},
          {.interval = "2h"},
          {.accounts = {{}, kSecond}},
          {.accounts = {kSecond, {}}, .requests_per_minute = 1000},
          {.more = "targets: {owner: ada, ignored_products: [A, B]}\n"},
          {.insights = "  collectors: [customer_deployment, customer_usage]\n"},
          {.source = "auto", .more = "customers: {exclude: [nobody]}\n"},
          {.accounts = {kSecondOfAnotherTenant, {}}}};
}

const std::vector<std::string> kBrokenOnes{
    "", "accounts: [", "accounts: []\n", "insights: {interval: soon}\n",
    "accounts:\n  - name: contoso\n    tenant_id: nonsense\n"};

std::size_t entries_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

struct Held {
  std::size_t threads, descriptors;
};
Held held_by(const Program& program) {
  const auto proc = std::filesystem::path("/proc") / std::to_string(program.pid());
  return {entries_in(proc / "task"), entries_in(proc / "fd")};
}

// What must be in every scrape: the licences of contoso's customers, and what we say of ourselves.
std::vector<std::string> always_there(const Exposition& first) {
  std::vector<std::string> series;
  for (const auto& [name, value] : first.samples) {
    if (name.find(of_partner("contoso")) == std::string::npos) continue;
    if (name.starts_with("licenses_") || name.starts_with("deployment_percent") ||
        name.starts_with("usage_percent") || name.starts_with("partner_center_customer_info") ||
        name.starts_with("partner_center_up") || name.starts_with("partner_center_token_state"))
      series.push_back(name);
  }
  return series;
}

void scrape_until_done(const Stage& stage, const std::vector<std::string>& wanted,
                       const std::atomic<bool>& done, std::atomic<int>& scrapes) {
  while (!done) {
    const WebAnswer answer = stage.get("/metrics");
    ASSERT_EQ(answer.status, 200);
    const Exposition shown = parse_exposition(answer.body);
    ASSERT_THAT(shown.complaints, testing::IsEmpty());
    for (const std::string& series : wanted)
      ASSERT_TRUE(shown.samples.contains(series)) << series << " is missing";
    ++scrapes;
  }
}

TEST(EndToEndReloadStorm, LeavesNoHoleAndNothingBehind) {
  ReloadStage reload({"--customers=20", "--products=3"});
  reload.stage().write_file("another.token", "a-made-up-word\n", 0600);
  const auto wanted = always_there(reload.start({}));
  ASSERT_GT(wanted.size(), 100U);
  Stage& stage = reload.stage();
  const Held early = held_by(stage.exporter());
  std::atomic<bool> done = false;
  std::atomic<int> scrapes = 0;
  std::vector<std::thread> scrapers;
  for (int i = 0; i < kScrapers; ++i)
    scrapers.emplace_back([&] { scrape_until_done(stage, wanted, done, scrapes); });

  const auto good = good_ones();
  for (int i = 0; i < kReloads && !testing::Test::HasFailure(); ++i) {
    const bool is_good = i % 2 == 0;
    const auto n = static_cast<std::size_t>(i / 2);
    if (is_good) {
      reload.write(good[n % good.size()]);
    } else {
      reload.write_text(kBrokenOnes[n % kBrokenOnes.size()]);
    }
    if (i % 10 == 9) {
      stage.exporter().signal(SIGHUP);
      continue;
    }
    const WebAnswer answer = reload.post();
    EXPECT_EQ(answer.status, is_good ? 200 : 500) << "reload " << i << ": " << answer.body;
  }
  done = true;
  for (std::thread& scraper : scrapers) scraper.join();
  EXPECT_GT(scrapes, kReloads / 20);
  reload.reload({});
  Held late{};
  EXPECT_TRUE(eventually([&] {
    late = held_by(stage.exporter());
    return late.threads <= early.threads &&
           late.descriptors <= early.descriptors + kConnectionsKept;
  })) << late.threads
      << " threads, there were " << early.threads << "; " << late.descriptors
      << " descriptors, there were " << early.descriptors;
  stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_config_last_reload_successful") == 1 &&
           e.find("partner_center_up", {of_partner("second")}).empty() &&
           insights_of_partner(e, "second").empty();
  });
  stage.exporter().signal(SIGTERM);
  EXPECT_EQ(stage.exporter().wait(), 0);
  RecordProperty("scrapes", scrapes);
}

}  // namespace
}  // namespace pce
