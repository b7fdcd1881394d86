// What goes with the documents the project starts from; conformance_test.cc compares the printed
// answers.
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

TEST(SeedDocuments, CustomerUsageMatchesTheProducts) {
  Bench bench;
  const json body = bench.json(kUsage);
  ASSERT_EQ(body["items"].size(), 5U);
  for (const json& row : body["items"]) {
    EXPECT_EQ(row["customerName"], "DT DEMO CSP CUSTOMER 005");
    EXPECT_EQ(row["licensesActive"], 0);
    EXPECT_EQ(row["usagePercent"], 0.0);
    EXPECT_EQ(row["processedDateTime"], "2017-03-09T00:00:00+00:00");
    EXPECT_EQ(row["attributes"]["objectType"], "CustomerLicensesUsageInsights");
  }
  EXPECT_EQ(body["items"][0]["licensesQualified"], 1);
  EXPECT_EQ(body["items"][3]["licensesQualified"], 5);
}

TEST(SeedDocuments, MissingIdsAreMade) {
  Bench bench;
  const Response answer = bench.get(kDeployment);
  EXPECT_TRUE(is_guid(find_field(answer.headers, "MS-RequestId").value_or("")));
  EXPECT_TRUE(is_guid(find_field(answer.headers, "MS-CorrelationId").value_or("")));
}

}  // namespace
}  // namespace simulator
