// Rows that come out as the same series, and the order of rows (reliability.md D10, D14).
#include <gmock/gmock.h>

#include "tests/insights/insight_text.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

Fields row_of(const DataSet& data_set, const Fields& changes) {
  Fields row = good_row(data_set);
  for (const auto& [key, json] : changes) set(row, key, json);
  return row;
}

struct MergeCase {
  std::string name, collector;
  std::vector<Fields> rows;  // what differs from a good row
  std::string values;        // of the one record
};
class Merge : public testing::TestWithParam<MergeCase> {};
TEST_P(Merge, FoldsRowsOfEqualLabelsInAnyOrder) {
  const DataSet& data_set = *find_data_set(GetParam().collector);
  std::vector<Fields> rows;
  for (const Fields& changes : GetParam().rows) rows.push_back(row_of(data_set, changes));
  std::ranges::sort(rows);
  do {
    LabelPool labels;
    const auto decoded = decode(data_set, body(rows), labels);
    ASSERT_TRUE(decoded);
    ASSERT_EQ(decoded->records.size(), 1u);
    EXPECT_EQ(decoded->rows, rows.size());
    EXPECT_EQ(decoded->rows_merged, rows.size() - 1);
    const std::string line = shown(data_set, decoded->records)[0];
    EXPECT_EQ(line.substr(line.find("| ") + 2), GetParam().values);
  } while (std::ranges::next_permutation(rows).found);
}

INSTANTIATE_TEST_SUITE_P(
    CustomerDeployment, Merge,
    testing::Values(
        MergeCase{
            "counts_add_up",
            "customer_deployment",
            {{{"licensesSold", "5"}, {"licensesDeployed", "4"}, {"deploymentPercent", "80"}},
             {{"licensesSold", "15"}, {"licensesDeployed", "1"}, {"deploymentPercent", "6.67"}}},
            "licenses_sold=20 licenses_deployed=5 deployment_percent=25"},
        MergeCase{"unknown_makes_the_sum_unknown",
                  "customer_deployment",
                  {{{"licensesSold", "5"}, {"licensesDeployed", "4"}},
                   {{"licensesSold", "null"}, {"licensesDeployed", "1"}}},
                  "licenses_sold=- licenses_deployed=5 deployment_percent=-"},
        MergeCase{"nothing_sold_in_all",
                  "customer_deployment",
                  {{{"licensesSold", "0"}, {"licensesDeployed", "0"}},
                   {{"licensesSold", "0"}, {"licensesDeployed", "0"}, {"deploymentPercent", "9"}}},
                  "licenses_sold=0 licenses_deployed=0 deployment_percent=-"},
        MergeCase{"percents_beyond_a_hundred",
                  "customer_deployment",
                  {{{"licensesSold", "1"}, {"licensesDeployed", "3"}},
                   {{"licensesSold", "1"}, {"licensesDeployed", "2"}}},
                  "licenses_sold=2 licenses_deployed=5 deployment_percent=250"},
        MergeCase{"labels_that_differ_in_case_only_where_case_does_not_count",
                  "customer_deployment",
                  {{{"channel", "\"Reseller\""}, {"serviceName", "\"O365\""}}, {}, {}},
                  "licenses_sold=15 licenses_deployed=12 deployment_percent=80"},
        MergeCase{"sums_beyond_belief",
                  "customer_deployment",
                  {{{"licensesSold", "9007199254740992"}}, {{"licensesSold", "1"}}, {}},
                  "licenses_sold=- licenses_deployed=12 deployment_percent=-"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    CustomerUsage, Merge,
    testing::Values(
        MergeCase{"counts_add_up",
                  "customer_usage",
                  {{{"licensesActive", "3"}, {"licensesQualified", "4"}},
                   {{"licensesActive", "0"}, {"licensesQualified", "4"}, {"usagePercent", "0"}}},
                  "licenses_active=3 licenses_qualified=8 usage_percent=37.5"},
        MergeCase{"name_and_code_of_one_workload",
                  "customer_usage",
                  {{{"workloadName", "\"EXO\""}},
                   {{"workloadName", "null"}, {"workloadCode", "\"EXO\""}}},
                  "licenses_active=6 licenses_qualified=8 usage_percent=75"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    PartnerDeployment, Merge,
    testing::Values(MergeCase{"percents_weigh_what_was_sold",
                              "partner_deployment",
                              {{{"licensesSold", "100"}, {"proratedDeploymentPercent", "10"}},
                               {{"licensesSold", "300"}, {"proratedDeploymentPercent", "50"}}},
                              "partner_licenses_sold=400 partner_deployment_percent=40"},
                    MergeCase{"nothing_sold_weighs_nothing",
                              "partner_deployment",
                              {{{"licensesSold", "0"}, {"proratedDeploymentPercent", "99"}},
                               {{"licensesSold", "8"}, {"proratedDeploymentPercent", "50"}}},
                              "partner_licenses_sold=8 partner_deployment_percent=50"},
                    MergeCase{"one_percent_unknown",
                              "partner_deployment",
                              {{{"licensesSold", "8"}, {"proratedDeploymentPercent", "null"}},
                               {{"licensesSold", "8"}, {"proratedDeploymentPercent", "50"}}},
                              "partner_licenses_sold=16 partner_deployment_percent=-"},
                    MergeCase{"one_count_unknown",
                              "partner_deployment",
                              {{{"licensesSold", "null"}, {"proratedDeploymentPercent", "10"}},
                               {{"licensesSold", "8"}, {"proratedDeploymentPercent", "50"}}},
                              "partner_licenses_sold=- partner_deployment_percent=-"},
                    MergeCase{"percents_too_large_to_weigh",
                              "partner_deployment",
                              {{{"licensesSold", "8"}, {"proratedDeploymentPercent", "1e308"}},
                               {{"licensesSold", "8"}, {"proratedDeploymentPercent", "50"}}},
                              "partner_licenses_sold=16 partner_deployment_percent=-"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    PartnerUsage, Merge,
    testing::Values(MergeCase{"the_row_processed_last_speaks",
                              "partner_usage",
                              {{{"processedDateTime", "\"2017-03-10T00:00:00Z\""},
                                {"proratedLicensesUsagePercent", "90"}},
                               {{"processedDateTime", "\"2017-03-11T00:00:00\""},
                                {"proratedLicensesUsagePercent", "10"}},
                               {{"processedDateTime", "\"2017-03-11T00:00:00+01:00\""},
                                {"proratedLicensesUsagePercent", "50"}}},
                              "partner_usage_percent=10"},
                    MergeCase{
                        "a_row_without_a_date_is_the_oldest",
                        "partner_usage",
                        {{{"processedDateTime", "null"}, {"proratedLicensesUsagePercent", "90"}},
                         {{"processedDateTime", "\"2001-03-11T00:00:00\""},
                          {"proratedLicensesUsagePercent", "10"}}},
                        "partner_usage_percent=10"},
                    MergeCase{"unknown_is_shown_as_unknown",
                              "partner_usage",
                              {{{"processedDateTime", "\"2017-03-10T00:00:00Z\""},
                                {"proratedLicensesUsagePercent", "90"}},
                               {{"processedDateTime", "\"2017-03-11T00:00:00Z\""},
                                {"proratedLicensesUsagePercent", "null"}}},
                              "partner_usage_percent=-"},
                    MergeCase{"at_the_same_instant_the_larger_speaks",
                              "partner_usage",
                              {{{"proratedLicensesUsagePercent", "90"}},
                               {{"proratedLicensesUsagePercent", "10"}}},
                              "partner_usage_percent=90"}),
    [](const auto& row) { return row.param.name; });

TEST(Merging, LeavesTheOneSharePointOfEachServiceAlone) {
  const DataSet& data_set = *find_data_set("partner_usage");
  LabelPool labels;
  const auto decoded = decode(data_set, fixture(data_set, "documented"), labels);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->records.size(), 5u);
  EXPECT_EQ(decoded->rows_merged, 0u);
}

TEST(Merging, FoldsNamesThatBecomeTheSameLabel) {
  const DataSet& data_set = *find_data_set("customer_deployment");
  LabelPool labels;
  const std::string longest(LabelPool::kBytesMax, 'x');
  const auto decoded = decode(data_set,
                              body({row_of(data_set, {{"productName", "\"a\\tb\""}}),
                                    row_of(data_set, {{"productName", "\"a b\""}}),
                                    row_of(data_set, {{"productName", "\"" + longest + "1\""}}),
                                    row_of(data_set, {{"productName", "\"" + longest + "2\""}})}),
                              labels);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->records.size(), 2u);
  EXPECT_EQ(decoded->rows_merged, 2u);
}

TEST(Merging, TakesTheNewestDateOfEachService) {
  const DataSet& data_set = *find_data_set("customer_usage");
  LabelPool labels;
  const auto decoded = decode(
      data_set,
      body({row_of(data_set, {{"processedDateTime", "\"2017-03-10T00:00:00Z\""}}),
            row_of(data_set, {{"processedDateTime", "\"2017-03-12T00:00:00Z\""}}),
            row_of(data_set, {{"processedDateTime", "\"0001-01-01T00:00:00\""}}),
            row_of(data_set,
                   {{"processedDateTime", "\"2017-03-11T00:00:00Z\""}, {"serviceName", "\"crm\""}}),
            row_of(data_set,
                   {{"processedDateTime", "\"2018-03-12T00:00:00Z\""}, {"productName", "null"}})}),
      labels);
  ASSERT_TRUE(decoded);
  EXPECT_THAT(shown(decoded->processed), ElementsAre("crm 1489190400000", "o365 1489276800000"));
}

class Order : public EveryDataSet {};
TEST_P(Order, OfRowsAndFieldsLeavesNoTrace) {
  auto chance = printed_chance();
  const auto facts = field_facts(data_set());
  std::vector<Fields> rows;
  const auto pick = [&](int n) { return std::to_string(chance() % static_cast<unsigned>(n)); };
  for (int i = 0; i < 40; ++i) {
    Fields row = good_row(data_set());
    for (const FieldFact& fact : facts) {
      if (fact.kind == FieldKind::kName) set(row, fact.key, "\"N" + pick(4) + "\"");
      if (fact.kind == FieldKind::kDefaulted) set(row, fact.key, "\"s" + pick(2) + "\"");
      if (fact.kind == FieldKind::kCount) set(row, fact.key, pick(50));
      if (fact.kind == FieldKind::kPercent) set(row, fact.key, pick(100) + "." + pick(97));
      if (fact.key == "processedDateTime")
        set(row, fact.key, "\"2017-03-0" + pick(9) + "T00:00:00Z\"");
      if (fact.key == "customerName") set(row, fact.key, "\"NAME " + pick(3) + "\"");
    }
    rows.push_back(std::move(row));
  }
  const auto first = decode_body(body(rows));
  ASSERT_TRUE(first);
  EXPECT_GT(first->rows_merged, 0u);
  EXPECT_GT(first->records.size(), 1u);
  for (int i = 0; i < 250; ++i) {
    std::ranges::shuffle(rows, chance);
    for (Fields& row : rows) std::ranges::shuffle(row, chance);
    const auto again = decode_body(body(rows));
    ASSERT_TRUE(again);
    ASSERT_THAT(shown(data_set(), again->records),
                ElementsAreArray(shown(data_set(), first->records)));
    ASSERT_EQ(shown(again->processed), shown(first->processed));
    ASSERT_EQ(again->customer_name, first->customer_name);
    ASSERT_EQ(again->rows_merged, first->rows_merged);
  }
}
INSTANTIATE_TEST_SUITE_P(Catalog, Order, testing::ValuesIn(all_data_sets()), name_of_data_set);

}  // namespace
}  // namespace pce
