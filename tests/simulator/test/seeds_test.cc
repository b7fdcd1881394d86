// The documents the project starts from, row by row.
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

json deployment_row(const char* product, int sold) {
  return {{"customerName", "DT DEMO CSP CUSTOMER 005"},
          {"productName", product},
          {"licensesDeployed", 0},
          {"deploymentPercent", 0.0},
          {"licensesSold", sold},
          {"processedDateTime", "2017-03-14T03:25:16.36+00:00"},
          {"serviceName", "o365"},
          {"channel", "reseller"},
          {"attributes", {{"objectType", "CustomerLicensesDeploymentInsights"}}}};
}

json usage_row(const char* service, const char* workload, const char* date) {
  return {{"proratedLicensesUsagePercent", 0.0},
          {"workloadName", workload},
          {"processedDateTime", date},
          {"serviceName", service},
          {"channel", "reseller"},
          {"attributes", {{"objectType", "PartnerLicensesUsageInsights"}}}};
}

json collection(json rows) {
  const auto count = rows.size();
  return {{"totalCount", count},
          {"items", std::move(rows)},
          {"attributes", {{"objectType", "Collection"}}}};
}

TEST(SeedDocuments, CustomerDeploymentIsExactlyThePrintedBody) {
  Bench bench;
  EXPECT_EQ(bench.json(kDeployment),
            collection({deployment_row("OFFICE 365 BUSINESS ESSENTIALS", 1),
                        deployment_row("EXCHANGE ONLINE (PLAN 1)", 5),
                        deployment_row("EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE", 2)}));
}

TEST(SeedDocuments, PartnerUsageIsExactlyThePrintedBody) {
  Bench bench;
  const char* crm = "2017-03-10T00:00:00+00:00";
  const char* o365 = "2017-03-09T00:00:00+00:00";
  EXPECT_EQ(bench.json("/v1/analytics/licenses/usage"),
            collection({usage_row("crm", "Microsoft Dynamics CRM", crm),
                        usage_row("crm", "SharePoint", crm), usage_row("o365", "Exchange", o365),
                        usage_row("o365", "SharePoint", o365),
                        usage_row("o365", "Skype For Business", o365)}));
}

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

TEST(SeedDocuments, AnswersCarryTheDocumentedHeadersAndEchoTheIds) {
  Bench bench;
  const Response answer =
      bench.get(kDeployment, {{"MS-RequestId", "b01b8759-4dbe-4605-adb7-e5839a796c33"},
                              {"ms-correlationid", "ae3b8c36-348b-46bc-9a60-398f973153ff"}});
  EXPECT_EQ(find_field(answer.headers, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(find_field(answer.headers, "MS-RequestId"), "b01b8759-4dbe-4605-adb7-e5839a796c33");
  EXPECT_EQ(find_field(answer.headers, "MS-CorrelationId"), "ae3b8c36-348b-46bc-9a60-398f973153ff");
  EXPECT_TRUE(find_field(answer.headers, "MS-ServerId"));
  const auto vector = find_field(answer.headers, "MS-CV");
  ASSERT_TRUE(vector);
  EXPECT_EQ(vector->size(), 18U);
  EXPECT_TRUE(vector->ends_with(".0"));
}

TEST(SeedDocuments, MissingIdsAreMade) {
  Bench bench;
  const Response answer = bench.get(kDeployment);
  EXPECT_TRUE(is_guid(find_field(answer.headers, "MS-RequestId").value_or("")));
  EXPECT_TRUE(is_guid(find_field(answer.headers, "MS-CorrelationId").value_or("")));
}

}  // namespace
}  // namespace simulator
