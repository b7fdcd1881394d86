#include "tests/simulator/commercial.h"

#include <map>
#include <tuple>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

TEST(Commercial, RowsHaveTheDocumentedMembers) {
  Bench bench;
  const json deployment = bench.json(kB1 + "?top=1");
  EXPECT_EQ(deployment["TotalCount"], 91);
  ASSERT_EQ(deployment["Value"].size(), 1U);
  const json expected{{"processedDateTime", "2017-03-14T03:25:16.36"},
                      {"serviceCode", "o365"},
                      {"serviceName", "Microsoft Office 365"},
                      {"channel", "reseller"},
                      {"customerTenantId", "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04"},
                      {"customerName", "DT DEMO CSP CUSTOMER 005"},
                      {"productId", product_named("OFFICE 365 BUSINESS ESSENTIALS")->id},
                      {"productName", "OFFICE 365 BUSINESS ESSENTIALS"},
                      {"licensesDeployed", 0},
                      {"licensesSold", 1}};
  EXPECT_EQ(deployment["Value"][0], expected);
  const json usage = bench.json(kB2 + "?top=1&skip=1")["Value"][0];
  EXPECT_EQ(usage["workloadCode"], "SPO");
  EXPECT_EQ(usage["workloadName"], "SharePoint");
  EXPECT_EQ(usage["licensesActive"], 0);
  EXPECT_EQ(usage["licensesQualified"], 1);
  EXPECT_EQ(usage.size(), 12U);
}

TEST(Commercial, PagesTogetherAreEveryRowOnce) {
  Bench bench;
  const json whole = bench.json(kB2);
  json pages = json::array();
  for (int skip = 0; skip < 188; skip += 50) {
    const json page = bench.json(fmt::format("{}?top=50&skip={}", kB2, skip));
    EXPECT_EQ(page["TotalCount"], 188);
    EXPECT_EQ(page["@nextLink"].is_null(), skip == 150);
    pages.insert(pages.end(), page["Value"].begin(), page["Value"].end());
  }
  EXPECT_EQ(pages, whole["Value"]);
  EXPECT_TRUE(whole["@nextLink"].is_null());
  EXPECT_EQ(bench.json(kB2 + "?skip=1000")["Value"].size(), 0U);
}

TEST(Commercial, BothGenerationsTellTheSame) {
  Bench bench({.customers = 40, .products = {}});
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, double> classic, commercial;
  std::size_t rows = 0;
  for (const json& customer : bench.rows("/v1/customers")) {
    const auto id = customer["id"].get<std::string>();
    for (const json& row : bench.rows("/v1/customers/" + id + "/analytics/licenses/usage")) {
      classic[{id, row["productName"], row["workloadName"], row["channel"]}] = row["usagePercent"];
      ++rows;
    }
  }
  const json body = bench.json(kB2);
  for (const json& row : body["Value"]) {
    const double qualified = row["licensesQualified"];
    const double active = row["licensesActive"];
    commercial[{ascii_lower(row["customerTenantId"].get<std::string>()), row["productName"],
                row["workloadName"], row["channel"]}] =
        qualified == 0 ? 0 : 100.0 * active / qualified;
  }
  EXPECT_EQ(rows, body["TotalCount"]);
  EXPECT_EQ(classic.size(), rows);
  EXPECT_EQ(classic, commercial);
}

TEST(Commercial, GroupsAddUpToThePartnerFigures) {
  Bench bench;
  bench.command("settings", {{"partner_usage", "computed"}});
  std::map<std::pair<std::string, std::string>, double> sold, grouped;
  for (const json& row : bench.rows("/v1/analytics/licenses/deployment")) {
    sold[{row["serviceName"], row["channel"]}] = row["licensesSold"];
  }
  for (const json& row : bench.rows(kB1 + "?groupby=serviceCode,channel")) {
    EXPECT_EQ(row.size(), 4U);
    grouped[{row["serviceCode"], row["channel"]}] = row["licensesSold"];
  }
  EXPECT_EQ(sold, grouped);
  const json usage = bench.json("/v1/analytics/licenses/usage");
  EXPECT_EQ(usage["items"].size(),
            bench.json(kB2 + "?groupby=serviceCode,workloadName,channel")["TotalCount"]);
}

TEST(Commercial, FiltersByTenantInEitherCase) {
  Bench bench;
  const json body = bench.json(
      kB1 + "?filter=" + url_encode("customerTenantId eq '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04'"));
  EXPECT_EQ(body["TotalCount"], 3);
}

TEST(Commercial, DatesChooseARun) {
  Bench bench;
  EXPECT_EQ(bench.json(kB1 + "?processedDateTime=2017-03-14")["TotalCount"].get<int>() > 0, true);
  const json older = bench.json(kB1 + "?processedDateTime=2017-03-01T00:00:00Z&top=1");
  EXPECT_EQ(older["Value"][0]["processedDateTime"], "2017-03-01T03:25:16.36");
  EXPECT_EQ(bench.json(kB1 + "?processedDateTime=2018-01-01")["TotalCount"], 0);
}

struct BadQuestion {
  std::string name, query;
};
class CommercialRefuses : public testing::TestWithParam<BadQuestion> {};
TEST_P(CommercialRefuses, With400) {
  Bench bench;
  const Response answer = bench.get(kB2 + "?" + GetParam().query);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(json::parse(answer.body)["code"], "3000");
}
INSTANTIATE_TEST_SUITE_P(, CommercialRefuses,
                         testing::Values(BadQuestion{"TopTooLarge", "top=10001"},
                                         BadQuestion{"TopZero", "top=0"},
                                         BadQuestion{"TopText", "top=many"},
                                         BadQuestion{"SkipNegative", "skip=-1"},
                                         BadQuestion{"Filter", "filter=nonsense"},
                                         BadQuestion{"Group", "groupby=serviceCode,colour"},
                                         BadQuestion{"Date", "processedDateTime=yesterday"}),
                         [](const auto& tested) { return tested.param.name; });

struct LinkForm {
  std::string name, path, link;
};
class CommercialLinks : public testing::TestWithParam<LinkForm> {};
TEST_P(CommercialLinks, AreSpeltAsSet) {
  Bench bench;
  bench.command("settings", {{"next_link", GetParam().name}});
  const json body =
      bench.json(GetParam().path + "?top=10&skip=10&filter=" + url_encode("channel ne 'x y&z'"),
                 {{"Host", "127.0.0.1:10366"}});
  EXPECT_EQ(body["@nextLink"].is_null() ? "" : body["@nextLink"].get<std::string>(),
            GetParam().link);
}
const std::string kEncoded = "&filter=channel%20ne%20%27x%20y%26z%27";
INSTANTIATE_TEST_SUITE_P(
    , CommercialLinks,
    testing::Values(
        LinkForm{"null", kB1, ""},
        LinkForm{"absolute", kB1, "http://127.0.0.1:10366" + kB1 + "?top=10&skip=20" + kEncoded},
        LinkForm{"root_relative", kB1, kB1 + "?top=10&skip=20" + kEncoded},
        LinkForm{"last_segment", kB1, "license?top=10&skip=20&filter=channel ne %27x y%26z%27"},
        LinkForm{"repeat", kB1, "http://127.0.0.1:10366" + kB1 + "?top=10&skip=10" + kEncoded},
        LinkForm{"other_host", kB1,
                 "https://api.elsewhere.example" + kB1 + "?top=10&skip=20" + kEncoded}),
    [](const auto& tested) { return tested.param.name; });

TEST(Commercial, EachPrefixAndSlashCanBeTakenAway) {
  Bench bench;
  const std::string plain = "/v1/analytics/commercial/usage/license";
  for (const std::string& path : {kB2, kB2 + "/", plain, plain + "/"})
    EXPECT_EQ(bench.get(path).status, 200) << path;
  bench.command("settings", {{"commercial_prefix", "plain"}, {"commercial_slash", "with"}});
  EXPECT_EQ(bench.get(plain + "/").status, 200);
  EXPECT_EQ(bench.get(plain).status, 404);
  EXPECT_EQ(bench.get(kB2 + "/").status, 404);
  bench.command("settings", {{"commercial_prefix", "none"}});
  EXPECT_EQ(bench.get(plain + "/").status, 404);
}

TEST(Commercial, ProcessedDateMovesBetweenPagesWhenAsked) {
  Bench bench;
  bench.command("faults", {{"match", {{"operation", "commercial_deployment"}, {"continued", true}}},
                           {"times", 1},
                           {"fault", {{"reprocess", true}}}});
  EXPECT_EQ(bench.json(kB1 + "?top=10")["Value"][0]["processedDateTime"], "2017-03-14T03:25:16.36");
  EXPECT_THAT(bench.json(kB1 + "?top=1&skip=1")["Value"][0]["processedDateTime"].get<std::string>(),
              testing::StartsWith("2017-03-15"));
  EXPECT_EQ(bench.json(kB1 + "?top=10")["Value"][0]["processedDateTime"], "2017-03-15T03:25:16.36");
}

}  // namespace
}  // namespace simulator
