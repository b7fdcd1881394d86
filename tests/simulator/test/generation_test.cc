// Numbers that tell which processing run they are from.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

// The runs the rows of an answer are from, told by each pair of numbers and by each percent.
std::set<int> runs_in(const json& rows) {
  std::set<int> runs;
  for (const json& row : rows) {
    for (const auto& [part, whole] : {std::pair{"licensesDeployed", "licensesSold"},
                                      std::pair{"licensesActive", "licensesQualified"}}) {
      if (!row.contains(part)) continue;
      EXPECT_EQ(row[whole], row[part].get<int>() + 1000) << row;
      runs.insert(row[part].get<int>());
    }
    for (const char* percent : {"deploymentPercent", "usagePercent", "proratedDeploymentPercent",
                                "proratedLicensesUsagePercent"}) {
      if (!row.contains(percent)) continue;
      // 100 g / (1000 + g) = p
      const double p = row[percent];
      runs.insert(static_cast<int>(std::lround(1000 * p / (100 - p))));
    }
  }
  return runs;
}

const std::vector<std::string> kEverything{kDeployment,
                                           kUsage,
                                           kB1,
                                           kB2,
                                           "/v1/analytics/licenses/deployment",
                                           "/v1/analytics/licenses/usage"};

struct Stamped : testing::Test {
  Stamped() { bench.command("estate", {{"generation_in_rows", true}}); }
  void reprocess(int days = 1) { bench.command("estate", {{"reprocess_days", days}}); }
  Bench bench;
};

TEST_F(Stamped, EveryRowOfEveryAnswerTellsItsRun) {
  for (const int run : {0, 1, 2, 3}) {
    for (const std::string& target : kEverything)
      EXPECT_EQ(runs_in(bench.rows(target)), std::set{run}) << target;
    const json skus =
        bench.rows("/v1/customers/" + std::string(kSeedCustomerId) + "/subscribedskus");
    EXPECT_EQ(skus[0]["consumedUnits"], run);
    reprocess();
  }
}

TEST_F(Stamped, RunBetweenPagesShows) {
  bench.command("faults", {{"match", {{"operation", "commercial_usage"}, {"page", 2}}},
                           {"times", 1},
                           {"fault", {{"reprocess", true}}}});
  EXPECT_EQ(runs_in(bench.rows(kB2 + "?top=50")), std::set{0});
  EXPECT_EQ(runs_in(bench.rows(kB2 + "?top=50&skip=50")), std::set{1});
  EXPECT_EQ(runs_in(bench.rows(kB2 + "?top=50")), std::set{1});
}

TEST_F(Stamped, OlderRunsKeepTheirNumbers) {
  reprocess();
  reprocess();
  const auto on = [&](const std::string& day) {
    return runs_in(bench.rows(kB1 + "?processedDateTime=" + day +
                              "&filter=" + url_encode("serviceCode eq 'o365'")));
  };
  EXPECT_EQ(on("2017-03-16"), std::set{2});
  EXPECT_EQ(on("2017-03-15"), std::set{1});
  EXPECT_EQ(on("2017-03-14"), std::set{0});
  EXPECT_EQ(on("2017-03-01"), std::set{0});
}

// The dates alone do not always tell.
TEST_F(Stamped, RunMayKeepTheDatesOfTheFormerOne) {
  const json before = bench.rows(kB1 + "?top=1");
  reprocess(0);
  const json after = bench.rows(kB1 + "?top=1");
  EXPECT_EQ(after[0]["processedDateTime"], before[0]["processedDateTime"]);
  EXPECT_EQ(runs_in(after), std::set{1});
}

TEST_F(Stamped, CountStartsAgainAfterReset) {
  reprocess();
  EXPECT_EQ(json::parse(control(Bench::request("/_sim/estate"), bench.world).body)["generation"],
            1);
  bench.command("reset", nullptr);
  const json estate = json::parse(control(Bench::request("/_sim/estate"), bench.world).body);
  EXPECT_EQ(estate["generation"], 0);
  EXPECT_EQ(estate["generation_in_rows"], false);
}

TEST(Unstamped, RunsMoveTheDatesOnly) {
  Bench bench;
  const json before = bench.rows(kB1);
  bench.command("estate", {{"reprocess_days", 1}});
  json after = bench.rows(kB1);
  EXPECT_NE(after, before);
  for (std::size_t i = 0; i < after.size(); ++i)
    after[i]["processedDateTime"] = before[i]["processedDateTime"];
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace simulator
