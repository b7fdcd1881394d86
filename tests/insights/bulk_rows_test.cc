// Rows of the commercial insights: whose they are and what they say (partner-center-api.md 2.4, 7).
#include <gmock/gmock.h>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const char* const kFabrikam = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
const std::string kContoso = "\"7C1E5B0A-9D3F-4C55-8F0E-2F6B1D0A4E11\"";

TEST(BulkRows, OfTheDocumentsAreReadAsTheyAreMeant) {
  LabelPool labels;
  const auto deployed = decode_pages(
      deployment(), {R"({"Value":[{"processedDateTime":"2018-10-14T00:00:00","serviceCode":"o365",
           "serviceName":"Microsoft Office 365","channel":"reseller",
           "customerTenantId":"7C1E5B0A-9D3F-4C55-8F0E-2F6B1D0A4E11",
           "customerName":"FABRIKAM TRIAL CO","productId":"0B9D3A52-6C1C-4E4F-A1F7-93F0C1E0D7AA",
           "productName":"OFFICE 365 ENTERPRISE E3","licensesDeployed":40,"licensesSold":50}],
           "@nextLink":null,"TotalCount":1})"},
      labels);
  EXPECT_THAT(shown(deployment(), deployed),
              ElementsAre("7c1e5b0a-9d3f-4c55-8f0e-2f6b1d0a4e11 \"FABRIKAM TRIAL CO\" rows=1 "
                          "merged=0 repeated=0",
                          "  channel=reseller product=OFFICE 365 ENTERPRISE E3 service_code=o365 | "
                          "licenses_sold=50 licenses_deployed=40 deployment_percent=80",
                          "  processed o365 1539475200000", "in all rows=1"));
  const auto used = decode_bulk(usage(), {commercial_row(usage())}, labels);
  EXPECT_THAT(shown(usage(), used),
              ElementsAre("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 \"FABRIKAM TRIAL CO\" rows=1 "
                          "merged=0 repeated=0",
                          "  channel=reseller product=OFFICE 365 ENTERPRISE E3 service_code=o365 "
                          "workload=SharePoint | licenses_active=30 licenses_qualified=40 "
                          "usage_percent=75",
                          "  processed o365 1539475200000", "in all rows=1"));
}

TEST(BulkRows, GroupedOverTheWholePartnerBelongToEverybody) {
  LabelPool labels;
  const auto deployed =
      decode_bulk(partner_wide_deployment(),
                  {commercial_row(partner_wide_deployment()),
                   with(commercial_row(partner_wide_deployment()), "serviceCode", "\"crm\"")},
                  labels);
  EXPECT_THAT(shown(partner_wide_deployment(), deployed),
              ElementsAre("everybody \"\" rows=2 merged=0 repeated=0",
                          "  channel=reseller service_code=crm | partner_licenses_sold=40 "
                          "partner_deployment_percent=75",
                          "  channel=reseller service_code=o365 | partner_licenses_sold=40 "
                          "partner_deployment_percent=75",
                          "in all rows=2"));
  const auto used =
      decode_bulk(partner_wide_usage(), {commercial_row(partner_wide_usage())}, labels);
  EXPECT_THAT(shown(partner_wide_usage(), used),
              ElementsAre("everybody \"\" rows=1 merged=0 repeated=0",
                          "  channel=reseller service_code=o365 workload=SharePoint | "
                          "partner_usage_percent=75",
                          "in all rows=1"));
}

TEST(BulkRows, OfNobodyAreNoCustomerAndOfThePartnerStillOneAnswer) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    LabelPool labels;
    const auto none = decode_pages(data_set, {R"({"value":[]})"}, labels);
    EXPECT_EQ(none.customers.size(), data_set.scope == Scope::kPartner ? 1u : 0u);
    const auto no_pages = decode_pages(data_set, {}, labels);
    EXPECT_EQ(no_pages.customers.size(), data_set.scope == Scope::kPartner ? 1u : 0u);
  }
}

// What the other generation says of the same facts.
Fields classic_row(const DataSet& data_set, const Fields& commercial) {
  Fields row = good_row(data_set);
  for (const auto& [key, json] : commercial) {
    if (key == "serviceCode") set(row, "serviceName", json);
    if (std::ranges::find(row, key, &Fields::value_type::first) != row.end() &&
        key != "serviceName") {
      set(row, key, json);
    }
  }
  for (const FieldFact& fact : field_facts(data_set)) {
    if (fact.kind == FieldKind::kPercent) set(row, fact.key, "75.0");
  }
  return row;
}

TEST(BulkRows, GiveTheRecordsTheClassicAnswerGives) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    std::vector<Fields> commercial, classic;
    for (const char* service : {"\"O365\"", "\"crm\"", "\"o365\""}) {
      commercial.push_back(with(commercial_row(data_set), "serviceCode", service));
      classic.push_back(classic_row(data_set, commercial.back()));
    }
    LabelPool labels;
    const auto bulk = decode_bulk(data_set, commercial, labels);
    const auto single = decode(data_set, body(classic), labels);
    ASSERT_TRUE(single);
    ASSERT_EQ(bulk.customers.size(), 1u);
    const Decoded& decoded = bulk.customers[0].decoded;
    EXPECT_EQ(decoded.rows_merged, 1u);
    EXPECT_EQ(decoded.rows_merged, single->rows_merged);
    EXPECT_EQ(decoded.customer_name, single->customer_name);
    ASSERT_EQ(decoded.records.size(), single->records.size());
    for (std::size_t i = 0; i < decoded.records.size(); ++i) {
      EXPECT_EQ(decoded.records[i].labels, single->records[i].labels);
      EXPECT_EQ(decoded.records[i].values, single->records[i].values)
          << shown(data_set, decoded.records)[i] << "\n"
          << shown(data_set, single->records)[i];
    }
  }
}

TEST(BulkRows, OfOneCustomerMayBeAnywhereAndSpeltInAnyCase) {
  LabelPool labels;
  const Fields row = commercial_row(deployment());
  Fields lower = with(row, "productName", "\"B\"");
  remove(lower, "customerTenantId");
  lower.insert(lower.begin(), {"CUSTOMERTENANTID", quoted(kFabrikam)});
  const auto all = decode_pages(
      deployment(),
      {page_of({with(row, "productName", "\"C\""), with(row, "customerTenantId", kContoso)}),
       page_of({lower}),
       page_of({with(row, "customerTenantId", kContoso), row,
                with(row, "customerName", "\"FABRIKAM\"")})},
      labels);
  ASSERT_EQ(all.customers.size(), 2u);
  EXPECT_EQ(all.customers[0].customer->text(), kFabrikam);
  EXPECT_EQ(all.customers[0].decoded.rows, 4u);
  EXPECT_EQ(all.customers[0].decoded.rows_merged, 1u);
  EXPECT_EQ(all.customers[0].decoded.customer_name, "FABRIKAM");
  EXPECT_EQ(all.customers[0].decoded.records.size(), 3u);
  EXPECT_EQ(all.customers[1].decoded.rows_merged, 1u);
  EXPECT_EQ(all.rows, 6u);
}

TEST(BulkRows, OfTwoProductIdsWithOneNameAreMergedAndCounted) {
  LabelPool labels;
  Fields second = with(commercial_row(deployment()), "productId", "\"another\"");
  set(second, "licensesDeployed", "0");
  const auto all = decode_bulk(deployment(), {commercial_row(deployment()), second}, labels);
  ASSERT_EQ(all.customers.size(), 1u);
  EXPECT_EQ(all.customers[0].decoded.rows_merged, 1u);
  EXPECT_THAT(shown(deployment(), all.customers[0].decoded.records),
              ElementsAre("channel=reseller product=OFFICE 365 ENTERPRISE E3 service_code=o365 | "
                          "licenses_sold=80 licenses_deployed=30 deployment_percent=37.5"));
}

struct ValueCase {
  std::string name;
  Fields changes;
  std::string expected;  // the end of the record's line, or "rejected: " and the reason
};
class BulkValues : public testing::TestWithParam<ValueCase> {};
TEST_P(BulkValues, AreReadExactlyOrNotAtAll) {
  LabelPool labels;
  Fields row = commercial_row(usage());
  for (const auto& [key, json] : GetParam().changes) {
    if (json.empty()) {
      remove(row, key);
    } else {
      set(row, key, json);
    }
  }
  const auto all = decode_bulk(usage(), {row}, labels);
  ASSERT_EQ(all.customers.size(), 1u);
  const Decoded& decoded = all.customers[0].decoded;
  EXPECT_EQ(decoded.rows, 1u);
  const std::string line = decoded.records.empty() ? "rejected:" + shown(decoded.rows_rejected)
                                                   : shown(usage(), decoded.records)[0];
  EXPECT_THAT(line, testing::HasSubstr(GetParam().expected));
}
INSTANTIATE_TEST_SUITE_P(
    Table, BulkValues,
    testing::Values(
        ValueCase{"floats",
                  {{"licensesActive", "30.0"}, {"licensesQualified", "4e1"}},
                  "licenses_active=30 licenses_qualified=40 usage_percent=75"},
        ValueCase{"texts",
                  {{"licensesActive", "\"50\""}, {"licensesQualified", "\"40.0\""}},
                  "licenses_active=50 licenses_qualified=40 usage_percent=125"},
        ValueCase{"none_qualified",
                  {{"licensesQualified", "0"}},
                  "licenses_active=30 licenses_qualified=0 usage_percent=-"},
        ValueCase{"qualified_unknown",
                  {{"licensesQualified", "null"}},
                  "licenses_active=30 licenses_qualified=- usage_percent=-"},
        ValueCase{"active_missing",
                  {{"licensesActive", ""}},
                  "licenses_active=- licenses_qualified=40 usage_percent=-"},
        ValueCase{"singular",
                  {{"licensesActive", ""}, {"licenseActive", "10"}},
                  "licenses_active=10 licenses_qualified=40 usage_percent=25"},
        ValueCase{"plural_before_singular", {{"licenseActive", "10"}}, "licenses_active=30 "},
        ValueCase{"negative", {{"licensesActive", "-1"}}, "rejected: range=1"},
        ValueCase{"fraction", {{"licensesActive", "0.5"}}, "rejected: range=1"},
        ValueCase{"word", {{"licensesActive", "\"many\""}}, "rejected: type=1"},
        ValueCase{"no_product", {{"productName", "\"\""}}, "rejected: missing=1"},
        ValueCase{"product_of_another_type", {{"productName", "7"}}, "rejected: type=1"},
        ValueCase{"code_for_a_workload", {{"workloadName", "null"}}, "workload=SPO "},
        ValueCase{
            "no_workload", {{"workloadName", "null"}, {"workloadCode", ""}}, "rejected: missing=1"},
        ValueCase{"code_of_the_service", {{"serviceCode", "\"CRM\""}}, "service_code=crm "},
        ValueCase{
            "name_for_a_service", {{"serviceCode", ""}}, "service_code=microsoft office 365 "},
        ValueCase{
            "no_service", {{"serviceCode", "null"}, {"serviceName", ""}}, "service_code=unknown "},
        ValueCase{"no_channel", {{"channel", ""}}, "channel=unknown "}),
    [](const auto& row) { return row.param.name; });

struct IdCase {
  std::string name, json, reason;
};
class BulkIds : public testing::TestWithParam<IdCase> {};
TEST_P(BulkIds, ThatAreNoneLeaveTheirRowWithoutACustomer) {
  LabelPool labels;
  Fields row = with(commercial_row(usage()), "customerTenantId", GetParam().json);
  if (GetParam().json.empty()) remove(row, "customerTenantId");
  const auto all = decode_bulk(usage(), {row, commercial_row(usage()), row}, labels);
  ASSERT_EQ(all.customers.size(), 1u);
  EXPECT_EQ(all.customers[0].decoded.rows, 1u);
  EXPECT_THAT(all.customers[0].decoded.rows_rejected, IsEmpty());
  EXPECT_THAT(all.rows_rejected, ElementsAre(Pair(GetParam().reason, 2u)));
  EXPECT_EQ(all.rows, 3u);
}
INSTANTIATE_TEST_SUITE_P(
    Table, BulkIds,
    testing::Values(IdCase{"missing", "", "missing"}, IdCase{"null", "null", "missing"},
                    IdCase{"empty", "\"\"", "missing"}, IdCase{"name", "\"contoso\"", "type"},
                    IdCase{"braces", "\"{4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04}\"", "type"},
                    IdCase{"number", "4", "type"}, IdCase{"array", "[]", "type"}),
    [](const auto& row) { return row.param.name; });

TEST(BulkRows, ThatAreRejectedCountUnderTheirCustomer) {
  LabelPool labels;
  Fields bad = with(commercial_row(usage()), "customerTenantId", kContoso);
  set(bad, "licensesActive", "{}");
  set(bad, "customerName", "\"A\"");
  const auto all = decode_bulk(usage(), {bad, commercial_row(usage())}, labels);
  ASSERT_EQ(all.customers.size(), 2u);
  EXPECT_THAT(all.customers[1].decoded.rows_rejected, ElementsAre(Pair("type", 1u)));
  EXPECT_THAT(all.customers[1].decoded.records, IsEmpty());
  EXPECT_THAT(all.customers[1].decoded.processed, IsEmpty());
  EXPECT_EQ(all.customers[1].decoded.customer_name, "");
  EXPECT_THAT(all.customers[0].decoded.rows_rejected, IsEmpty());
}

TEST(BulkRows, WithARepeatedFieldSayWhose) {
  LabelPool labels;
  Fields twice = with(commercial_row(usage()), "customerTenantId", kContoso);
  twice.emplace_back("CHANNEL", "\"direct\"");
  twice.emplace_back("licensesActive", "20");
  const auto all =
      decode_bulk(usage(), {commercial_row(usage()), twice, commercial_row(usage())}, labels);
  ASSERT_EQ(all.customers.size(), 2u);
  EXPECT_EQ(all.customers[0].decoded.fields_repeated, 0u);
  EXPECT_EQ(all.customers[1].decoded.fields_repeated, 2u);
  EXPECT_THAT(shown(usage(), all.customers[1].decoded.records)[0],
              testing::AllOf(testing::HasSubstr("channel=direct"),
                             testing::HasSubstr("licenses_active=20")));
}

TEST(BulkRows, ThatBecomeTheSameLabelAreMerged) {
  LabelPool labels;
  const std::string longest(LabelPool::kBytesMax, 'x');
  const auto named = [](const std::string& name) {
    return with(commercial_row(deployment()), "productName", quoted(name));
  };
  const auto all = decode_bulk(
      deployment(), {named("a\\tb"), named("a b"), named(longest + "1"), named(longest + "2")},
      labels);
  ASSERT_EQ(all.customers.size(), 1u);
  EXPECT_EQ(all.customers[0].decoded.records.size(), 2u);
  EXPECT_EQ(all.customers[0].decoded.rows_merged, 2u);
}

TEST(BulkRows, WithSumsBeyondBeliefAreUnknown) {
  LabelPool labels;
  const auto sold = [](const char* json) {
    return with(commercial_row(deployment()), "licensesSold", json);
  };
  const auto all = decode_bulk(
      deployment(), {sold("9007199254740992"), sold("9007199254740992"), sold("1")}, labels);
  EXPECT_THAT(shown(deployment(), all.customers.at(0).decoded.records)[0],
              testing::HasSubstr("licenses_sold=- licenses_deployed=90 deployment_percent=-"));
}

}  // namespace
}  // namespace pce
