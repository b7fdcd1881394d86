// Every documented example, asked as printed and compared with what was printed: the keys, their
// casing and order of magnitude of each value, and the values themselves where the documents' own
// customer has them. The shapes are in tests/fixtures/simulator; "section" names one of
// partner-center-api.md.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"
#include "tests/simulator/test/shape.h"

namespace simulator {
namespace {

using nlohmann::json;

json fixture(const std::string& name) {
  const std::string path =
      std::string(PCE_SOURCE_DIR).append("/tests/fixtures/simulator/").append(name).append(".json");
  std::ifstream file(path);
  json shape = json::parse(file, nullptr, false);
  EXPECT_FALSE(shape.is_discarded()) << path;
  return shape;
}

struct SeedDocument {
  std::string name, path, request_id, fixture;
};
class SeedExamples : public testing::TestWithParam<SeedDocument> {};
TEST_P(SeedExamples, AreAnsweredAsPrinted) {
  Bench bench;
  const std::string correlation = "ae3b8c36-348b-46bc-9a60-398f973153ff";
  const Response answer = bench.get(GetParam().path, {{"Accept", "application/json"},
                                                      {"MS-RequestId", GetParam().request_id},
                                                      {"MS-CorrelationId", correlation},
                                                      {"X-Locale", "en-US"},
                                                      {"Host", "api.partnercenter.microsoft.com"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(difference(json::parse(answer.body), fixture(GetParam().fixture)), "");
  EXPECT_EQ(find_field(answer.headers, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(find_field(answer.headers, "MS-CorrelationId"), correlation);
  EXPECT_EQ(find_field(answer.headers, "MS-RequestId"), GetParam().request_id);
  const std::string vector = find_field(answer.headers, "MS-CV").value_or("");
  ASSERT_EQ(vector.size(), 18U);
  EXPECT_EQ(base64_decode(vector.substr(0, 16)).value_or("").size(), 12U);
  EXPECT_TRUE(vector.ends_with(".0"));
  const std::string server = find_field(answer.headers, "MS-ServerId").value_or("");
  EXPECT_EQ(difference(server, "digits"), "");
}
INSTANTIATE_TEST_SUITE_P(
    , SeedExamples,
    testing::Values(
        SeedDocument{"CustomerDeploymentInDutch", kDeployment,
                     "b01b8759-4dbe-4605-adb7-e5839a796c33", "seed_customer_deployment"},
        SeedDocument{"CustomerDeploymentInSwedish", kDeployment,
                     "b01b8759-4dbe-4605-adb7-e5839a796c33", "seed_customer_deployment"},
        SeedDocument{"CustomerDeploymentInFrench", kDeployment,
                     "b01b8759-4dbe-4605-adb7-e5839a796c33", "seed_customer_deployment"},
        SeedDocument{"CustomerDeploymentInChinese", kDeployment,
                     "b01b8759-4dbe-4605-adb7-e5839a796c33", "seed_customer_deployment"},
        SeedDocument{"PartnerUsageInDutch", "/v1/analytics/licenses/usage",
                     "6b588e9b-1d02-471a-bce2-79374497c24e", "seed_partner_usage"}),
    [](const auto& tested) { return tested.param.name; });

// The machine translations print the path in mixed case; a client that copied it is not refused.
TEST(SeedExamplesInTranslation, MixedCasePathIsTheSameResource) {
  Bench bench;
  const std::string path =
      "/v1/Customers/" + std::string(kSeedCustomerId) + "/Analytics/licenses/Deployment";
  EXPECT_EQ(bench.json(path), bench.json(kDeployment));
}

struct Example {
  std::string name, target, fixture;
  json settings = json::object();
};
class Examples : public testing::TestWithParam<Example> {};
TEST_P(Examples, HaveTheDocumentedShape) {
  Bench bench({.customers = 60, .products = {}});
  bench.command("settings", GetParam().settings);
  EXPECT_EQ(difference(bench.json(GetParam().target), fixture(GetParam().fixture)), "");
}
const std::string kA1 = "/v1/analytics/licenses/deployment", kA2 = "/v1/analytics/licenses/usage";
INSTANTIATE_TEST_SUITE_P(
    Section15, Examples,
    testing::Values(
        Example{"PartnerDeployment", kA1, "partner_deployment"},
        Example{"PartnerDeploymentAsCaptured",
                kA1,
                "partner_deployment_captured",
                {{"variant",
                  {{"floats", true},
                   {"dates", "zulu"},
                   {"two_decimals", true},
                   {"shuffled_keys", true}}}}},
        Example{"PartnerUsage", kA2, "partner_usage"},
        Example{"PartnerUsageComputed", kA2, "partner_usage", {{"partner_usage", "computed"}}},
        Example{"CustomerDeployment", kDeployment, "customer_deployment"},
        Example{"CustomerUsage", kUsage, "customer_usage"}),
    [](const auto& tested) { return tested.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Section24, Examples,
    testing::Values(
        Example{"Deployment", kB1, "commercial_deployment"},
        Example{"Usage", kB2, "commercial_usage"},
        Example{"UsageAsPrinted",
                kB2,
                "commercial_usage_printed",
                {{"variant", {{"singular_active", true}}}}},
        Example{"FirstPage", kB1 + "?top=10", "commercial_deployment_first_page"},
        Example{"DocumentedFilter",
                kB1 + "?filter=" + url_encode("serviceCode eq 'O365' and channel eq 'Reseller'"),
                "commercial_deployment"},
        Example{"DocumentedUsageFilter",
                kB2 + "?filter=" + url_encode("(workloadCode eq 'SFB') or (channel eq 'Reseller')"),
                "commercial_usage"},
        Example{"DeploymentGrouped", kB1 + "?groupby=serviceCode,channel",
                "commercial_deployment_grouped"},
        Example{"UsageGrouped", kB2 + "?groupby=serviceCode,workloadName,channel",
                "commercial_usage_grouped"}),
    [](const auto& tested) { return tested.param.name; });
INSTANTIATE_TEST_SUITE_P(Section42, Examples,
                         testing::Values(Example{"Customers",
                                                 "/v1/customers?size=1",
                                                 "customers_first_page",
                                                 {{"customers_link", "unversioned"}}}),
                         [](const auto& tested) { return tested.param.name; });

TEST(ExamplesOfCustomers, OnlyPageHasNoNextLinkAndNoToken) {
  Bench bench({.customers = 0, .products = {}});
  EXPECT_EQ(difference(bench.json("/v1/customers"), fixture("customers_only_page")), "");
}

struct Refusal {
  std::string name, fixture;
  json fault;
};
class ErrorExamples : public testing::TestWithParam<Refusal> {};
TEST_P(ErrorExamples, HaveTheDocumentedShape) {
  Bench bench;
  bench.command("faults",
                {{"match", {{"operation", "customer_usage"}}}, {"fault", GetParam().fault}});
  EXPECT_EQ(difference(json::parse(bench.get(kUsage).body), fixture(GetParam().fixture)), "");
}
INSTANTIATE_TEST_SUITE_P(
    Section81, ErrorExamples,
    testing::Values(
        Refusal{"E1", "service_fault", {{"status", 403}, {"code", "20002"}}},
        Refusal{"E1AsObserved", "service_fault_numeric", {{"status", 403}, {"code", 20002}}},
        Refusal{"E2", "gateway_fault", {{"status", 429}, {"retry_after", 57}}}),
    [](const auto& tested) { return tested.param.name; });

TEST(ErrorExamplesOfTheService, UnknownCustomerIsRefusedInShapeE1) {
  Bench bench;
  const Response answer =
      bench.get("/v1/customers/00000000-0000-4000-8000-000000000000/analytics/licenses/usage");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(difference(json::parse(answer.body), fixture("service_fault")), "");
}

TEST(ErrorExamplesOfTheGateway, MessageIsPrintedByteForByte) {
  Bench bench;
  bench.command("faults", {{"match", {{"operation", "customer_usage"}}},
                           {"fault", {{"status", 429}, {"retry_after", 57}}}});
  const Response answer = bench.get(kUsage);
  EXPECT_EQ(answer.body.size(), 84U);
  EXPECT_EQ(find_field(answer.headers, "Retry-After"), "57");
}

TEST(ErrorExamplesOfTheService, E3HasNoBodyAndSaysWhyInAHeader) {
  Bench bench;
  bench.command("faults", {{"match", {{"operation", "customer_usage"}}},
                           {"fault", {{"status", 401}, {"shape", "E3"}}}});
  const Response answer = bench.get(kUsage);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(find_field(answer.headers, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
}

TEST(TokenExamples, RevokedRefreshTokenIsRefusedInShapeE4) {
  Bench bench;
  bench.command("tokens", {{"revoke", "refresh"}});
  EXPECT_EQ(
      difference(json::parse(bench.token(Bench::refresh_form()).body), fixture("token_fault")), "");
}

TEST(TokenExamples, Version1HasEveryDocumentedMemberAndItsNumbersAreTexts) {
  Bench bench;
  const Response answer = bench.token(
      "grant_type=refresh_token&client_id=app&refresh_token=r&resource=" + url_encode(kResource),
      "oauth2/token");
  EXPECT_EQ(difference(json::parse(answer.body), fixture("token_v1")), "");
}

// The comparison itself has to be able to fail.
TEST(Shapes, DifferenceNamesThePlace) {
  const json shape = {{"a", {{{"b", "integer"}}}}, {"c", "= x"}};
  EXPECT_EQ(difference({{"a", {{{"b", 1}}, {{"b", 2}}}}, {"c", "x"}}, shape), "");
  EXPECT_EQ(difference({{"a", {{{"b", 1}}, {{"b", 2.0}}}}, {"c", "x"}}, shape),
            ".a[1].b: wanted \"integer\", found 2.0");
  EXPECT_EQ(difference({{"a", {{{"b", 1}}}}}, shape), ".c: missing");
  EXPECT_EQ(difference({{"a", {{{"B", 1}}}}, {"c", "x"}}, shape),
            ".a[0].B: there is no such key in the documents");
  EXPECT_NE(difference({{"a", json::array()}, {"c", "x"}}, shape), "");
  EXPECT_NE(difference(0, 0.0), "");
  EXPECT_NE(difference("2018-10-14T00:00:00Z", "date without offset"), "");
}

}  // namespace
}  // namespace simulator
