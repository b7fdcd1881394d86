// Answers that lose something on the way: what a client has to notice, or cannot notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

json rule(json match, json variant) {
  return {{"match", std::move(match)}, {"fault", {{"variant", std::move(variant)}}}};
}

struct LostPage {
  std::string name;
  json match;
};
class LostPages : public testing::TestWithParam<LostPage> {};
TEST_P(LostPages, AreEmptyWhileTotalAndLinkStay) {
  Bench bench;
  const json whole = bench.json(kB2);
  bench.command("faults", rule(GetParam().match, {{"drop_rows", true}}));
  for (const int skip : {0, 50, 100, 150}) {
    const json page = bench.json(kB2 + "?top=50&skip=" + std::to_string(skip));
    const bool lost = skip == 100;
    EXPECT_EQ(page["Value"].size(), lost ? 0U : skip == 150 ? 38U : 50U) << skip;
    EXPECT_EQ(page["TotalCount"], 188);
    EXPECT_EQ(page["@nextLink"].is_null(), skip == 150);
    if (lost) continue;
    EXPECT_EQ(page["Value"][0], whole["Value"][skip]);
  }
}
INSTANTIATE_TEST_SUITE_P(
    , LostPages,
    testing::Values(LostPage{"BySkip", {{"operation", "commercial_usage"}, {"skip", 100}}},
                    LostPage{"ByPage", {{"operation", "commercial_usage"}, {"page", 3}}}),
    [](const auto& tested) { return tested.param.name; });

TEST(Losses, RowsAreTakenFromTheEndOfThePage) {
  Bench bench;
  const json whole = bench.rows(kB1 + "?top=50");
  bench.command("faults", rule({{"page", 1}}, {{"drop_rows", 7}}));
  const json page = bench.json(kB1 + "?top=50");
  EXPECT_EQ(page["Value"], json(whole.begin(), whole.begin() + 43));
  EXPECT_EQ(page["TotalCount"], 91);
}

TEST(Losses, LastPageCanLoseRowsLikeAnyOther) {
  Bench bench;
  bench.command("faults", rule({{"page", 1}}, {{"drop_rows", 1}}));
  const json only = bench.json(kB1);
  EXPECT_EQ(only["Value"].size(), 90U);
  EXPECT_EQ(only["TotalCount"], 91);
  EXPECT_TRUE(only["@nextLink"].is_null());
}

TEST(Losses, ClassicAnswersAndCustomersCanLoseRowsToo) {
  Bench bench;
  bench.command("settings", {{"variant", {{"drop_rows", 2}}}});
  const json deployment = bench.json(kDeployment);
  EXPECT_EQ(deployment["items"].size(), 1U);
  EXPECT_EQ(deployment["totalCount"], 3);
  const json customers = bench.json("/v1/customers?size=10");
  EXPECT_EQ(customers["items"].size(), 8U);
  EXPECT_EQ(customers["totalCount"], 10);
  EXPECT_TRUE(customers["links"].contains("next"));
}

TEST(Losses, CustomerPagesAreCountedThroughTheToken) {
  Bench bench;
  bench.command("faults", rule({{"operation", "customers"}, {"page", 3}}, {{"drop_rows", true}}));
  json page = bench.json("/v1/customers?size=5");
  for (const std::size_t rows : {5U, 5U, 0U, 5U, 5U, 1U}) {
    EXPECT_EQ(page["items"].size(), rows);
    if (!page.contains("continuationToken")) break;
    page = bench.json("/v1/customers?seekOperation=Next",
                      {{"MS-ContinuationToken", page["continuationToken"]}});
  }
  EXPECT_EQ(page["items"].size(), 1U);
}

TEST(Losses, OneCustomerIsMissingFromBulkAnswersOnly) {
  Bench bench;
  const Customer lost = bench.world.estate.get()->customer(5);
  const json whole = bench.rows(kB1);
  const json sums = bench.rows(kB1 + "?groupby=channel");
  bench.command("settings", {{"variant", {{"without_customer", upper(lost.id)}}}});

  json expected = json::array();
  for (const json& row : whole) {
    if (row["customerTenantId"] != upper(lost.id)) expected.push_back(row);
  }
  ASSERT_EQ(expected.size(), whole.size() - lost.holdings.size());
  // Nothing in the answer gives the loss away: the total fits, and pages have no hole.
  const json now = bench.json(kB1);
  EXPECT_EQ(now["Value"], expected);
  EXPECT_EQ(now["TotalCount"], expected.size());
  json pages = json::array();
  for (std::size_t skip = 0; skip < expected.size(); skip += 10) {
    for (const json& row : bench.rows(kB1 + "?top=10&skip=" + std::to_string(skip)))
      pages.push_back(row);
  }
  EXPECT_EQ(pages, expected);
  EXPECT_NE(bench.rows(kB1 + "?groupby=channel"), sums);
  const std::string theirs = "?filter=" + url_encode("customerTenantId eq '" + lost.id + "'");
  EXPECT_EQ(bench.json(kB2 + theirs)["TotalCount"], 0);

  EXPECT_EQ(bench.rows("/v1/customers/" + lost.id + "/analytics/licenses/deployment").size(),
            lost.holdings.size());
  EXPECT_THAT(bench.json("/v1/customers").dump(), testing::HasSubstr(lost.id));
}

TEST(Losses, BulkAnswersAreSilentlyEmptyWhileClassicHasData) {
  Bench bench;
  for (const char* operation : {"commercial_deployment", "commercial_usage"})
    bench.command("faults", rule({{"operation", operation}}, {{"empty_items", true}}));
  for (const std::string& target : {kB1, kB2, kB1 + "?groupby=serviceCode,channel"}) {
    const json body = bench.json(target);
    EXPECT_EQ(body["Value"], json::array());
    EXPECT_EQ(body["TotalCount"], 0);
    EXPECT_TRUE(body["@nextLink"].is_null());
  }
  EXPECT_EQ(bench.json(kDeployment)["totalCount"], 3);
  EXPECT_EQ(bench.json(kUsage)["totalCount"], 5);
}

TEST(Losses, GroupedAndUngroupedReadsCanBeTold) {
  Bench bench;
  bench.command("faults", {{{"match", {{"grouped", true}}}, {"fault", {{"status", 500}}}},
                           {{
                                "match",
                                {{"grouped", false}},
                            },
                            {"fault", {{"status", 502}}}}});
  EXPECT_EQ(bench.get(kB1 + "?groupby=channel").status, 500);
  EXPECT_EQ(bench.get(kB1).status, 502);
  EXPECT_EQ(bench.get(kB1 + "?groupby=").status, 502);
  EXPECT_EQ(bench.get(kDeployment).status, 200);
}

TEST(Losses, PageAndSkipMatchPagedCallsOnly) {
  Bench bench;
  bench.command("faults", {{{"match", {{"page", 1}}}, {"fault", {{"status", 500}}}},
                           {{"match", {{"skip", 20000}}}, {"fault", {{"status", 502}}}}});
  EXPECT_EQ(bench.get(kB1).status, 500);
  EXPECT_EQ(bench.get("/v1/customers").status, 500);
  EXPECT_EQ(bench.get(kB1 + "?skip=10000").status, 200);
  EXPECT_EQ(bench.get(kB1 + "?skip=20000").status, 502);
  EXPECT_EQ(bench.get(kDeployment).status, 200);
}

struct Misspelt {
  std::string name;
  json rule;
  std::string complaint;
};
class LossesRefuse : public testing::TestWithParam<Misspelt> {};
TEST_P(LossesRefuse, MisspeltRules) {
  Bench bench;
  EXPECT_THAT(bench.complaint("faults", GetParam().rule), testing::HasSubstr(GetParam().complaint));
}
INSTANTIATE_TEST_SUITE_P(
    , LossesRefuse,
    testing::Values(
        Misspelt{"Rows", rule({{"page", 1}}, {{"drop_rows", -1}}), "variant.drop_rows"},
        Misspelt{"Customer", rule({{"page", 1}}, {{"without_customer", "Contoso"}}),
                 "variant.without_customer"},
        Misspelt{"PageZero", rule({{"page", 0}}, {{"drop_rows", true}}), "a number from 1"},
        Misspelt{"Skip", rule({{"skip", "x"}}, {{"drop_rows", true}}), "match.skip"},
        Misspelt{"Grouped", rule({{"grouped", 1}}, {{"drop_rows", true}}), "match.grouped"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace simulator
