// What partner-center-api.md section 13 asks of a simulator, as far as no other file here has it.
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Slashes : public testing::TestWithParam<std::string> {};
TEST_P(Slashes, RepeatedOnesAreTolerated) {
  Bench bench;
  std::string doubled;
  for (const char c : GetParam()) doubled.append(c == '/' ? "//" : std::string(1, c));
  EXPECT_EQ(bench.json(doubled), bench.json(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(
    EveryPath, Slashes,
    testing::Values("/v1/customers/" + std::string(kSeedCustomerId),
                    "/v1/customers/" + std::string(kSeedCustomerId) + "/subscribedskus",
                    "/v1/customers/" + std::string(kSeedCustomerId) + "/subscriptions", kDeployment,
                    kUsage, kB1, kB2, "/v1/analytics/licenses/deployment",
                    "/v1/analytics/licenses/usage"));

struct Search {
  std::string field, value;
  std::size_t found;
};
class CustomerSearch : public testing::TestWithParam<Search> {};
TEST_P(CustomerSearch, FindsByBeginningInAnyCase) {
  Bench bench;
  const json filter{
      {"Field", GetParam().field}, {"Value", GetParam().value}, {"Operator", "starts_with"}};
  const json found = bench.rows("/v1/customers?size=0&filter=" + url_encode(filter.dump()));
  EXPECT_EQ(found.size(), GetParam().found) << found;
}
INSTANTIATE_TEST_SUITE_P(
    , CustomerSearch,
    testing::Values(Search{"CompanyName", "ADVENTURE w", 2}, Search{"CompanyName", "dventure", 0},
                    Search{"CompanyName", "müll", 2}, Search{"Domain", "DTdemo", 1},
                    Search{"IndirectReseller", "9A1E0C55-3F0B-4C8E-8D27-5B7C0F6D1A01", 5},
                    Search{"IndirectCloudSolutionProvider", "9a1e0c55-3f0b-4c8e-8d27-5b7c0f6d1a01",
                           5}),
    [](const auto& tested) { return tested.param.field + std::to_string(tested.index); });

TEST(LicenseGroups, SeatsAreAllOfTheFirst) {
  Bench bench;
  const std::string path = "/v1/customers/" + std::string(kSeedCustomerId) + "/subscribedskus";
  EXPECT_EQ(bench.rows(path + "?licenseGroupIds=Group1&licenseGroupIds=Group2").size(), 3U);
  EXPECT_EQ(bench.rows(path + "?licenseGroupIds=Group2").size(), 0U);
}

TEST(Tokens, ShortLivesEndSoon) {
  Bench bench;
  bench.command("settings", {{"token_lifetime", "90s"}});
  EXPECT_EQ(json::parse(bench.token(Bench::refresh_form()).body)["expires_in"], 90);
  EXPECT_EQ(bench.get("/v1/customers").status, 200);
  bench.command("clock", {{"advance", "91s"}});
  const Response answer = bench.get("/v1/customers");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(json::parse(answer.body)["code"], "400");
}

TEST(Tokens, RotationCanBeTurnedOff) {
  Bench bench;
  EXPECT_TRUE(json::parse(bench.token(Bench::refresh_form()).body).contains("refresh_token"));
  bench.command("settings", {{"rotate_refresh_tokens", false}});
  EXPECT_FALSE(json::parse(bench.token(Bench::refresh_form()).body).contains("refresh_token"));
}

TEST(Tokens, MissingOneHasACodeOfItsOwn) {
  Bench bench;
  const Response answer = bench.service.handle(Bench::request(kDeployment));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(json::parse(answer.body)["code"], "800001");
}

TEST(Headers, CorrelationVectorIsEchoedOrMade) {
  Bench bench;
  EXPECT_EQ(find_field(bench.get(kUsage, {{"MS-CV", "abc.1"}}).headers, "MS-CV"), "abc.1");
  EXPECT_NE(find_field(bench.get(kUsage).headers, "MS-CV"),
            find_field(bench.get(kUsage).headers, "MS-CV"));
}

TEST(Headers, ErrorsCarryTheIdsToo) {
  Bench bench;
  const Response answer = bench.get("/v1/nowhere", {{"MS-RequestId", "r"}});
  EXPECT_EQ(find_field(answer.headers, "MS-RequestId"), "r");
  EXPECT_TRUE(find_field(answer.headers, "MS-CorrelationId"));
}

struct GatewayFailure {
  int status;
  std::string shape, body;
};
class GatewayFailures : public testing::TestWithParam<GatewayFailure> {};
TEST_P(GatewayFailures, ComeInEveryShape) {
  Bench bench;
  const auto& p = GetParam();
  bench.command("faults", {{"match", {{"path_contains", "analytics"}}},
                           {"fault", {{"status", p.status}, {"shape", p.shape}}}});
  const Response answer = bench.get(kB2);
  EXPECT_EQ(answer.status, p.status);
  EXPECT_THAT(answer.body, HasSubstr(p.body));
  EXPECT_EQ(answer.body.empty(), p.body.empty());
}
INSTANTIATE_TEST_SUITE_P(
    , GatewayFailures, testing::ValuesIn([] {
      std::vector<GatewayFailure> all;
      for (const int status : {500, 502, 503, 504}) {
        all.push_back({status, "E1", "\"code\":\"800003\""});
        all.push_back({status, "E2", fmt::format("\"statusCode\": {}", status)});
        all.push_back({status, "html", fmt::format("<title>{}</title>", status)});
        all.push_back({status, "empty", ""});
      }
      return all;
    }()),
    [](const auto& tested) {
      return fmt::format("{}{}", tested.param.shape, tested.param.status);
    });

TEST(Delivery, SlowAnswersTakeAsLongAsAsked) {
  Bench bench;
  bench.bearer();
  bench.command("faults",
                {{"match", {{"operation", "customer_usage"}}}, {"fault", {{"delay", "30ms"}}}});
  bench.get(kUsage);
  EXPECT_GE(bench.world.log.describe(1, "")["calls"][0]["took_ms"].get<double>(), 30.0);
}

TEST(Delivery, HalfABodyIsWholeToTheTransport) {
  Bench bench;
  const std::string whole = bench.get(kUsage).body;
  bench.command("faults", {{"fault", {{"half_body", true}}}});
  const Response answer = bench.get(kUsage);
  EXPECT_EQ(answer.body, whole.substr(0, whole.size() / 2));
  EXPECT_FALSE(answer.cut_after);
  EXPECT_TRUE(json::parse(answer.body, nullptr, false).is_discarded());
}

TEST(BadQuestions, CodeIsAGuessThatCanBeChanged) {
  Bench bench;
  bench.command("settings", {{"bad_question", "800002"}});
  const Response answer = bench.get(kB1 + "?top=0");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(json::parse(answer.body)["code"], "800002");
}

TEST(BadQuestions, DeploymentKnowsNoWorkloads) {
  Bench bench;
  const std::string filter = "?filter=" + url_encode("workloadCode eq 'SFB'");
  EXPECT_EQ(bench.get(kB1 + filter).status, 400);
  EXPECT_EQ(bench.get(kB2 + filter).status, 200);
  EXPECT_EQ(bench.get(kB1 + "?groupby=workloadName").status, 400);
}

TEST(ShuffledKeys, EnvelopesAndCustomersSayTheSame) {
  for (const std::string& target : {kB1, kB2 + "?top=2", std::string("/v1/customers?size=2")}) {
    Bench usual, shuffled;
    shuffled.command("settings", {{"variant", {{"shuffled_keys", true}}}});
    const std::string body = shuffled.get(target).body;
    EXPECT_EQ(json::parse(body), usual.json(target));
    EXPECT_NE(body.substr(0, 10), usual.get(target).body.substr(0, 10));
  }
}

TEST(MissingOptional, LastPageSaysNothingOfALink) {
  Bench bench;
  bench.command("settings", {{"variant", {{"missing_optional", true}}}});
  EXPECT_EQ(bench.json(kB1).size(), 1U);
  EXPECT_TRUE(bench.json(kB1 + "?top=1").contains("@nextLink"));
}

TEST(Percents, AreWholePrecisionOrTwoDecimals) {
  Bench bench;
  const json rows = {{{"customer", kSeedCustomerId},
                      {"product", "OFFICE 365 BUSINESS ESSENTIALS"},
                      {"sold", 206},
                      {"deployed", 5}}};
  bench.command("estate", {{"rows", rows}});
  EXPECT_EQ(bench.rows(kDeployment)[0]["deploymentPercent"], 100.0 * 5 / 206);
  bench.command("settings", {{"variant", {{"two_decimals", true}}}});
  EXPECT_EQ(bench.rows(kDeployment)[0]["deploymentPercent"], 2.43);
}

TEST(Percents, NothingSoldIsZeroOrNull) {
  Bench bench;
  bench.command("settings", {{"variant", {{"zero_sold", true}}}});
  EXPECT_EQ(bench.rows(kUsage)[0]["usagePercent"], 0.0);
  EXPECT_EQ(bench.rows(kDeployment)[0]["deploymentPercent"], 0.0);
  bench.command("settings", {{"variant", {{"zero_sold", true}, {"null_percent_of_zero", true}}}});
  EXPECT_TRUE(bench.rows(kUsage)[0]["usagePercent"].is_null());
}

TEST(DataRules, SuitesHaveARowPerWorkloadAndCrmHasSharePointToo) {
  Bench bench({.customers = 100, .products = {}});
  std::map<std::string, std::set<std::string>> workloads;
  for (const json& row : bench.rows(kB2)) {
    workloads[row["productName"]].insert(row["workloadName"]);
    workloads[row["serviceCode"]].insert(row["workloadName"]);
  }
  using Names = std::set<std::string>;
  EXPECT_EQ(workloads["OFFICE 365 ENTERPRISE E3"],
            (Names{"Exchange", "SharePoint", "Skype For Business"}));
  EXPECT_EQ(workloads["EXCHANGE ONLINE (PLAN 1)"], (Names{"Exchange"}));
  EXPECT_EQ(workloads["crm"], (Names{"Microsoft Dynamics CRM", "SharePoint"}));
}

TEST(DataRules, DatesDifferByServiceAndByDataset) {
  Bench bench({.customers = 100, .products = {}});
  std::map<std::string, std::set<std::string>> dates;
  for (const json& row : bench.rows(kB1))
    dates["deployment " + row["serviceCode"].get<std::string>()].insert(row["processedDateTime"]);
  for (const json& row : bench.rows(kB2))
    dates["usage " + row["serviceCode"].get<std::string>()].insert(row["processedDateTime"]);
  ASSERT_EQ(dates.size(), 4U);
  for (const auto& [what, days] : dates) EXPECT_EQ(days.size(), 1U) << what;
  EXPECT_NE(dates["deployment o365"], dates["deployment crm"]);
  EXPECT_NE(dates["usage o365"], dates["usage crm"]);
  EXPECT_NE(dates["deployment o365"], dates["usage o365"]);
}

}  // namespace
}  // namespace simulator
