// Everything at once: faults come and go while several scrape, and what is shown stays whole.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "tests/end_to_end/runs.h"
#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

// Never both generations without rows of one customer: that would be believed.
constexpr std::array kFaults{
    R"({"fault": {"status": 503, "shape": "E2"}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.5, "fault": {"status": 500, "shape": "html"}})",
    R"({"match": {"path_contains": "commercial"}, "fault": {"status": 403, "code": 2032}})",
    R"({"match": {"path_contains": "commercial"}, "fault": {"status": 404, "code": "1000"}})",
    R"({"match": {"path_contains": "commercial"}, "fault": {"variant": {"empty_items": true}}})",
    R"({"match": {"path_contains": "commercial"}, "fault": {"variant": {"drop_rows": 7}}})",
    R"({"match": {"path_contains": "/customers/"}, "share": 0.3, "fault": {"status": 403, "code": 20002}})",
    R"({"match": {"path_contains": "/customers/"}, "share": 0.3, "fault": {"variant": {"empty_items": true}}})",
    R"({"match": {"operation": "customers"}, "fault": {"status": 200, "body": "{\"totalCount\":0,\"items\":[]}"}})",
    R"({"match": {"operation": "customers"}, "fault": {"half_body": true}})",
    R"({"match": {"path_contains": "/analytics/"}, "fault": {"variant": {"empty_items": true}}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.5, "fault": {"variant": {"wrong_types": true}}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.5, "fault": {"truncate": true}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.5, "fault": {"close": true}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.3, "fault": {"reprocess": true}})",
    R"({"match": {"path_contains": "/analytics/"}, "share": 0.5, "fault": {"delay": "30ms", "variant": {"bom": true, "shuffled_keys": true}}})",
    R"({"match": {"path_contains": "/analytics/"}, "times": 1, "fault": {"status": 429, "retry_after": 1}})"};
constexpr int kFaultsInAll = 20;
constexpr int kScrapers = 3;
constexpr std::size_t kCustomers = 31;

// One of several scrapers. Customers, who all have licences, are there in every scrape, each
// of one run and never of an earlier one than before.
void scrape_until_done(const Stage& stage, const std::atomic<bool>& done,
                       std::atomic<int>& scrapes) {
  std::map<std::string, int> newest;
  while (!done) {
    const WebAnswer answer = stage.get("/metrics");
    ASSERT_EQ(answer.status, 200);
    ASSERT_THAT(parse_exposition(answer.body).complaints, testing::IsEmpty());
    const Runs runs = runs_in(answer.body);
    ASSERT_THAT(runs.mixed, testing::IsEmpty());
    for (const auto& [key, run] : newest)
      ASSERT_TRUE(runs.run_of.contains(key)) << key << " is missing";
    ASSERT_EQ(runs.run_of.size(), 2 * kCustomers);
    for (const auto& [key, run] : runs.run_of) {
      ASSERT_GE(run, newest[key]) << key;
      newest[key] = run;
    }
    ++scrapes;
  }
}

TEST(EndToEndStorm, LeavesEveryScrapeWhole) {
  Stage stage;
  stage.start_simulator({"--customers=" + std::to_string(kCustomers - 1), "--products=4"});
  stage.simulate("/_sim/estate", R"({"generation_in_rows": true})");
  stage.start_exporter({.interval = "200ms", .stale_after = "1h", .insights = "  reexamine: 1s\n"});
  stage.scrape_until(is_up);

  std::atomic<bool> done = false;
  std::atomic<int> scrapes = 0;
  std::vector<std::thread> scrapers;
  for (int i = 0; i < kScrapers; ++i)
    scrapers.emplace_back([&] { scrape_until_done(stage, done, scrapes); });
  std::mt19937 random(20'261'121);
  for (int i = 0; i < kFaultsInAll && !testing::Test::HasFailure(); ++i) {
    stage.add_fault(kFaults[random() % kFaults.size()]);
    if (random() % 2 == 0) stage.add_fault(kFaults[random() % kFaults.size()]);
    const double calls = stage.simulator_counted("total");
    const int seen = scrapes;
    // As long as it takes until some calls were judged and everybody has looked.
    eventually(
        [&] { return stage.simulator_counted("total") > calls + 8 && scrapes > seen + kScrapers; },
        std::chrono::milliseconds(700));
    stage.clear_faults();
    stage.simulate("/_sim/estate", R"({"reprocess_days": 1})");
  }
  const auto run = static_cast<int>([&] {
    const std::string estate = ask(stage.simulator_port(), {.path = "/_sim/estate"}).body;
    return std::atof(estate.c_str() + estate.find(':', estate.find("\"generation\"")) + 1);
  }());
  EXPECT_GE(run, kFaultsInAll);
  EXPECT_TRUE(eventually([&] {
    const Runs runs = runs_in(stage.get("/metrics").body);
    return std::ranges::all_of(runs.run_of, [&](const auto& e) { return e.second == run; });
  })) << stage.exporter().output();
  done = true;
  for (std::thread& scraper : scrapers) scraper.join();
  EXPECT_GT(scrapes, 0);
  stage.scrape_until(is_up);
}

}  // namespace
}  // namespace pce
