// Customers, relationships, seats, refusals.
#include "tests/simulator/service.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

std::vector<std::string> read_all(Bench& bench, std::string target) {
  std::vector<std::string> ids;
  Fields headers;
  for (int page = 0; page < 100; ++page) {
    const json body = bench.json(target, headers);
    EXPECT_EQ(body["totalCount"], body["items"].size());
    for (const json& item : body["items"]) {
      EXPECT_EQ(item["id"], item["companyProfile"]["tenantId"]);
      ids.push_back(item["id"]);
    }
    if (!body["links"].contains("next")) return ids;
    const json next = body["links"]["next"];
    headers.clear();
    for (const json& header : next["headers"]) headers.emplace_back(header["key"], header["value"]);
    target = next["uri"];
    if (!target.starts_with("/v1")) target = "/v1" + target;
  }
  ADD_FAILURE() << "the pages never end";
  return ids;
}

TEST(Customers, PagesTogetherAreEveryoneOnce) {
  Bench bench({.customers = 1234, .products = {}});
  for (const char* target : {"/v1/customers", "/v1/customers?size=500", "/v1//customers?size=77",
                             "/v1/customers/?size=100000", "/v1/customers?size=0"}) {
    const auto ids = read_all(bench, target);
    EXPECT_EQ(ids.size(), 1235U) << target;
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1235U) << target;
  }
  EXPECT_EQ(bench.json("/v1/customers?size=9999")["items"].size(), 500U);
}

TEST(Customers, LinksComeInBothSpellings) {
  Bench bench;
  EXPECT_THAT(bench.json("/v1/customers?size=5")["links"]["next"]["uri"].get<std::string>(),
              testing::StartsWith("/v1/customers?size=5&seekOperation=Next"));
  bench.command("settings", {{"customers_link", "unversioned"}});
  EXPECT_EQ(bench.json("/v1/customers?size=5")["links"]["next"]["uri"],
            "/customers?size=5&seekOperation=Next");
  EXPECT_EQ(read_all(bench, "/v1/customers?size=5").size(), 26U);
}

TEST(Customers, ContinuationNeedsNeitherSizeNorFilter) {
  Bench bench;
  const std::string filter =
      url_encode(R"({"Field":"CompanyName","Value":"adventure","Operator":"starts_with"})");
  const json first = bench.json("/v1/customers?size=1&filter=" + filter);
  ASSERT_EQ(first["items"].size(), 1U);
  const json second = bench.json("/v1/customers?seekOperation=Next",
                                 {{"MS-ContinuationToken", first["continuationToken"]}});
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["companyProfile"]["companyName"], "Adventure Works");
  EXPECT_NE(second["items"][0]["id"], first["items"][0]["id"]);
  EXPECT_FALSE(second["links"].contains("next"));
}

TEST(Customers, RemovalBetweenPagesLosesNobodyElse) {
  Bench bench;
  const json first = bench.json("/v1/customers?size=10");
  bench.command("estate", {{"remove", {first["items"][2]["id"]}}});
  const json rest = bench.json("/v1/customers?seekOperation=Next",
                               {{"MS-ContinuationToken", first["continuationToken"]}});
  EXPECT_EQ(rest["items"].size(), 10U);
  EXPECT_EQ(rest["items"][0]["id"], Estate(EstateShape{}).customer(10).id);
}

struct BadListing {
  std::string name, target;
};
class CustomersRefuses : public testing::TestWithParam<BadListing> {};
TEST_P(CustomersRefuses, With400) {
  Bench bench;
  EXPECT_EQ(bench.get("/v1/customers?" + GetParam().target).status, 400);
}
INSTANTIATE_TEST_SUITE_P(
    , CustomersRefuses,
    testing::Values(BadListing{"Size", "size=x"}, BadListing{"NegativeSize", "size=-1"},
                    BadListing{"NextWithoutToken", "seekOperation=Next"},
                    BadListing{"FilterText", "filter=x"},
                    BadListing{"Operator",
                               "filter=%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22a%22%2C%"
                               "22Operator%22%3A%22equals%22%7D"},
                    BadListing{"Field",
                               "filter=%7B%22Field%22%3A%22Colour%22%2C%22Value%22%3A%22a%22%2C%"
                               "22Operator%22%3A%22starts_with%22%7D"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Customers, BadTokenIsRefused) {
  Bench bench;
  EXPECT_EQ(bench.get("/v1/customers", {{"MS-ContinuationToken", "AQAAAA=="}}).status, 400);
}

TEST(Customers, NamesComeThroughUnharmed) {
  Bench bench;
  const Estate estate(EstateShape{});
  const json body = bench.json("/v1/customers");
  for (std::size_t i = 0; i < estate.numbers(); ++i) {
    EXPECT_EQ(body["items"][i]["companyProfile"]["companyName"], estate.customer(i).name);
    const auto id = body["items"][i]["id"].get<std::string>();
    EXPECT_EQ(bench.json("/v1/customers/" + id +
                         "/analytics/licenses/deployment")["items"][0]["customerName"],
              upper(estate.customer(i).name));
  }
}

TEST(Customers, OneByIdHasMoreThanTheList) {
  Bench bench;
  const json body = bench.json("/v1/customers/" + upper(kSeedCustomerId));
  EXPECT_EQ(body["id"], kSeedCustomerId);
  EXPECT_TRUE(body.contains("billingProfile"));
  EXPECT_EQ(body["allowDelegatedAccess"], true);
}

TEST(Resellers, TheirCustomersAreFoundByFilter) {
  Bench bench;
  const json list =
      bench.json("/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf");
  ASSERT_EQ(list["items"].size(), 3U);
  std::size_t sum = 0, none = 0;
  for (const json& reseller : list["items"]) {
    const json filter{
        {"Field", "IndirectReseller"}, {"Value", reseller["id"]}, {"Operator", "starts_with"}};
    for (const json& customer :
         bench.rows("/v1/customers?size=0&filter=" + url_encode(filter.dump()))) {
      ++sum;
      const json theirs =
          bench.json("/v1/customers/" + customer["id"].get<std::string>() + "/relationships");
      EXPECT_EQ(theirs["items"][0]["id"], reseller["id"]);
    }
  }
  for (std::size_t i = 0; i < 26; ++i)
    none += bench.world.estate.get()->customer(i).reseller < 0 ? 1 : 0;
  EXPECT_EQ(sum + none, 26U);
  EXPECT_GT(none, 0U);
  EXPECT_EQ(bench.get("/v1/relationships").status, 400);
}

TEST(Seats, MatchTheInsights) {
  Bench bench;
  const std::string customer = "/v1/customers/" + std::string(kSeedCustomerId);
  const json skus = bench.json(customer + "/subscribedskus");
  EXPECT_EQ(skus["items"][1]["totalUnits"], 5);
  EXPECT_EQ(skus["items"][1]["productSku"]["name"], "EXCHANGE ONLINE (PLAN 1)");
  const json subscriptions = bench.json(customer + "/subscriptions");
  EXPECT_EQ(subscriptions["items"][1]["quantity"], 5);
  EXPECT_EQ(subscriptions["totalCount"], 3);
}

struct Refused {
  std::string name, target, method;
  int status;
};
class ServiceRefuses : public testing::TestWithParam<Refused> {};
TEST_P(ServiceRefuses, AsDocumented) {
  Bench bench;
  Request ask = Bench::request(GetParam().target, {{"Authorization", bench.bearer()}});
  ask.method = GetParam().method;
  EXPECT_EQ(bench.service.handle(ask).status, GetParam().status);
}
INSTANTIATE_TEST_SUITE_P(, ServiceRefuses,
                         testing::Values(Refused{"UnknownPath", "/v1/invoices", "GET", 404},
                                         Refused{"Root", "/", "GET", 404},
                                         Refused{"DoublyPrefixed", "/v1//v1/customers", "GET", 404},
                                         Refused{"BadCustomerId",
                                                 "/v1/customers/x/analytics/licenses/usage", "GET",
                                                 400},
                                         Refused{"Post", "/v1/customers", "POST", 405}),
                         [](const auto& tested) { return tested.param.name; });

TEST(Service, UnknownCustomersAreRefusedInEitherWay) {
  Bench bench;
  const std::string path =
      "/v1/customers/00000000-0000-4000-8000-000000000000/analytics/licenses/usage";
  EXPECT_EQ(bench.get(path).status, 403);
  EXPECT_EQ(json::parse(bench.get(path).body)["code"], "20002");
  bench.command("settings", {{"unknown_customer", "60003"}});
  EXPECT_EQ(bench.get(path).status, 404);
  EXPECT_EQ(json::parse(bench.get(path).body)["code"], "60003");
}

TEST(Service, LogSaysWhoAskedWhatWithoutTheToken) {
  Bench bench;
  const std::string bearer = bench.bearer();
  bench.service.handle(
      Bench::request(kDeployment + "?x=1", {{"Authorization", bearer}, {"User-Agent", "me"}}));
  const std::string text = control(Bench::request("/_sim/log"), bench.world).body;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr(bearer.substr(7))));
  const json log = json::parse(text);
  EXPECT_EQ(log["counters"]["by_operation"]["customer_deployment"], 1);
  EXPECT_EQ(log["counters"]["by_operation"]["token_v2"], 1);
  const json call = log["calls"].back();
  EXPECT_EQ(call["operation"], "customer_deployment");
  EXPECT_EQ(call["customer"], kSeedCustomerId);
  EXPECT_EQ(call["token"]["kind"], "app+user");
  EXPECT_EQ(call["token"]["tenant"], kTenant);
  EXPECT_EQ(call["headers"]["User-Agent"], "me");
  EXPECT_EQ(call["status"], 200);
}

}  // namespace
}  // namespace simulator
