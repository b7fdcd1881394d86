#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// The body of the documented customer's deployment, or of another target, in a variant.
std::string body_in(const json& variant, const std::string& target = kDeployment) {
  Bench bench;
  bench.command("settings", {{"variant", variant}});
  return bench.get(target).body;
}

struct Spelt {
  std::string name;
  json variant;
  std::string target, has, has_not;
};
class Variants : public testing::TestWithParam<Spelt> {};
TEST_P(Variants, ShowOnTheWire) {
  const auto& p = GetParam();
  const std::string usual = body_in(json::object(), p.target);
  const std::string body = body_in(p.variant, p.target);
  EXPECT_NE(body, usual);
  EXPECT_THAT(body, HasSubstr(p.has));
  EXPECT_THAT(usual, testing::Not(HasSubstr(p.has)));
  if (!p.has_not.empty()) {
    EXPECT_THAT(usual, HasSubstr(p.has_not));
    EXPECT_THAT(body, testing::Not(HasSubstr(p.has_not)));
  }
  EXPECT_FALSE(json::parse(body, nullptr, false).is_discarded()) << body;
}
INSTANTIATE_TEST_SUITE_P(
    , Variants,
    testing::Values(
        Spelt{"Bom", {{"bom", true}}, kDeployment, "\xEF\xBB\xBF{", ""},
        Spelt{"Floats", {{"floats", true}}, kDeployment, "\"licensesSold\":5.0", ""},
        Spelt{"NumericStrings",
              {{"numeric_strings", true}},
              kDeployment,
              "\"licensesSold\":\"5\"",
              ""},
        Spelt{"NullNumbers",
              {{"null_numbers", true}},
              kDeployment,
              "\"licensesSold\":null",
              "\"licensesSold\":5"},
        Spelt{"WrongTypes", {{"wrong_types", true}}, kDeployment, "\"licensesSold\":\"many\"", ""},
        Spelt{"MissingNumbers",
              {{"missing_numbers", true}},
              kDeployment,
              "\"productName\":\"EXCHANGE ONLINE (PLAN 1)\",\"processed",
              "licensesSold"},
        Spelt{"MissingOptional",
              {{"missing_optional", true}},
              kDeployment,
              "[{\"productName\"",
              "attributes"},
        Spelt{"UnknownKeys", {{"unknown_keys", true}}, kDeployment, "licensesForecast", ""},
        Spelt{"ShuffledKeys", {{"shuffled_keys", true}}, kDeployment, "{\"items\":", ""},
        Spelt{"LowerCaseKeys",
              {{"lower_case_keys", true}},
              kDeployment,
              "\"licensessold\"",
              "\"licensesSold\""},
        Spelt{"AnnouncementKeys",
              {{"announcement_keys", true}},
              "/v1/analytics/licenses/usage",
              "ProratedLicenseUsagePercent",
              "proratedLicensesUsagePercent"},
        Spelt{"AnnouncementKeysOfCustomer",
              {{"announcement_keys", true}},
              kUsage,
              "\"UsagePercent\"",
              "\"usagePercent\""},
        Spelt{"ClassicCodes", {{"classic_codes", true}}, kUsage, "\"workloadCode\":\"EXO\"", ""},
        Spelt{"ClassicIdUpper",
              {{"classic_codes", true}, {"upper_case_ids", true}},
              kUsage,
              "\"customerId\":\"4D3CF487",
              ""},
        Spelt{"Over100", {{"over_100", true}}, kDeployment, "\"deploymentPercent\":320.0", ""},
        Spelt{"ZeroSold",
              {{"zero_sold", true}},
              kDeployment,
              "\"licensesSold\":0",
              "\"licensesSold\":5"},
        Spelt{"NullPercentOfZero",
              {{"zero_sold", true}, {"null_percent_of_zero", true}},
              kDeployment,
              "\"deploymentPercent\":null",
              ""},
        Spelt{"EmptyItems", {{"empty_items", true}}, kDeployment, "\"items\":[]", "licensesSold"},
        Spelt{"EmptyValue", {{"empty_items", true}}, kB1, "\"Value\":[]", "licensesSold"},
        Spelt{"EmptyCustomers",
              {{"empty_items", true}},
              "/v1/customers",
              "\"items\":[]",
              "companyName"},
        Spelt{"UpperCaseCustomers",
              {{"upper_case_ids", true}},
              "/v1/customers",
              "\"id\":\"4D3CF487",
              ""},
        Spelt{"LowerCaseCommercial",
              {{"upper_case_ids", false}},
              kB1,
              "\"customerTenantId\":\"4d3cf487",
              "\"customerTenantId\":\"4D3CF487"},
        Spelt{"SingularActive",
              {{"singular_active", true}},
              kB2,
              "\"licenseActive\"",
              "\"licensesActive\""},
        Spelt{"Zulu", {{"dates", "zulu"}}, kDeployment, "03:25:16.36Z", "+00:00"},
        Spelt{"SevenDigits",
              {{"dates", "offset_fraction"}},
              kDeployment,
              "03:25:16.3600000+00:00",
              ""},
        Spelt{"NoOffset", {{"dates", "no_offset"}}, kDeployment, "03:25:16.36\"", "+00:00"},
        Spelt{"SentinelNone", {{"dates", "sentinel_none"}}, kB1, "0001-01-01T00:00:00", ""},
        Spelt{"SentinelFar", {{"dates", "sentinel_far"}}, kB1, "9999-12-14T00:00:00Z", ""},
        Spelt{"Garbage", {{"dates", "garbage"}}, kDeployment, "early", ""}),
    [](const auto& tested) { return tested.param.name; });

TEST(VariantBodies, MixedDatesShowEverySpelling) {
  const std::string body = body_in({{"dates", "mixed"}}, kB1);
  for (const char* date : {"03:25:16.36+00:00", "03:25:16.3600000+00:00", "03:25:16.36Z",
                           "03:25:16.360Z", "03:25:16.36\"", "03:25:16.360\""}) {
    EXPECT_THAT(body, HasSubstr(date));
  }
}

TEST(VariantBodies, DuplicateRowsAreThereTwice) {
  const json rows = json::parse(body_in({{"duplicate_rows", true}}))["items"];
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0], rows[1]);
}

TEST(VariantBodies, ShuffledKeysSayTheSame) {
  EXPECT_EQ(json::parse(body_in({{"shuffled_keys", true}})), json::parse(body_in(json::object())));
  EXPECT_EQ(json::parse(body_in({{"shuffled_keys", true}}, kB2)),
            json::parse(body_in(json::object(), kB2)));
}

TEST(VariantBodies, ApplyToErrorBodiesToo) {
  Bench bench;
  bench.command("settings", {{"variant", {{"bom", true}}}});
  EXPECT_TRUE(bench.get("/v1/nowhere").body.starts_with("\xEF\xBB\xBF{"));
}

TEST(VariantBodies, GzipOnlyWhenAccepted) {
  Bench bench;
  bench.command("settings", {{"variant", {{"gzip", true}}}});
  EXPECT_FALSE(find_field(bench.get(kDeployment).headers, "Content-Encoding"));
  const Response packed = bench.get(kDeployment, {{"Accept-Encoding", "deflate, gzip"}});
  EXPECT_EQ(find_field(packed.headers, "Content-Encoding"), "gzip");
  EXPECT_TRUE(packed.body.starts_with("\x1f\x8b"));
}

TEST(VariantBodies, MisspeltOnesAreRefused) {
  Bench bench;
  EXPECT_THAT(bench.complaint("settings", {{"variant", {{"bomb", true}}}}),
              HasSubstr("variant.bomb"));
  EXPECT_THAT(bench.complaint("settings", {{"variant", {{"dates", "soon"}}}}), HasSubstr("soon"));
  EXPECT_THAT(bench.complaint("settings", {{"next_link", "maybe"}}), HasSubstr("last_segment"));
  EXPECT_THAT(bench.complaint("settings", {{"latency", 5}}), HasSubstr("duration"));
  EXPECT_THAT(bench.complaint("settings", {{"laziness", true}}), HasSubstr("laziness"));
}

}  // namespace
}  // namespace simulator
