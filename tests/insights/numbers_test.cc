// Numbers as foreign data may write them (reliability.md D05, D17).
#include <gmock/gmock.h>

#include "tests/insights/insight_text.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct NumberCase {
  std::string name, json;
  std::string as_count, as_percent;  // the value, "-" for none, or the reason of the rejection
};

class Numbers : public testing::TestWithParam<NumberCase> {
 protected:
  static std::string outcome(const DataSet& data_set, const std::string& key) {
    LabelPool labels;
    const auto decoded =
        decode(data_set, body({with(good_row(data_set), key, GetParam().json)}), labels);
    if (!decoded) return decoded.error().message;
    if (decoded->records.empty()) return decoded->rows_rejected.begin()->first;
    return shown(decoded->records[0].values[metric_of(data_set, key)]);
  }
};

TEST_P(Numbers, AreReadExactlyOrNotAtAll) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    for (const FieldFact& fact : field_facts(data_set)) {
      SCOPED_TRACE(std::string(data_set.collector) + " " + fact.key);
      if (fact.kind == FieldKind::kCount) {
        EXPECT_EQ(outcome(data_set, fact.key), GetParam().as_count);
      } else if (fact.kind == FieldKind::kPercent) {
        EXPECT_EQ(outcome(data_set, fact.key), GetParam().as_percent);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Numbers,
    testing::Values(
        NumberCase{"whole", "206", "206", "206"}, NumberCase{"integral", "206.0", "206", "206"},
        NumberCase{"exponent", "2.06e2", "206", "206"}, NumberCase{"text", "\"206\"", "206", "206"},
        NumberCase{"integral_text", "\"206.0\"", "206", "206"}, NumberCase{"zero", "0", "0", "0"},
        NumberCase{"negative_zero", "-0.0", "0", "0"},
        NumberCase{"negative_zero_text", "\"-0\"", "0", "0"},
        NumberCase{"minus_one", "-1", "range", "range"},
        NumberCase{"minus_five", "-5.0", "range", "range"},
        NumberCase{"negative_text", "\"-1\"", "range", "range"},
        NumberCase{"fraction", "3.5", "range", "3.5"},
        NumberCase{"over_a_hundred", "100.0001", "range", "100.0001"},
        NumberCase{"far_over_a_hundred", "250", "250", "250"},
        NumberCase{"largest", "9007199254740992", "9007199254740992", "9007199254740992"},
        NumberCase{"largest_plus_one", "9007199254740993", "range", "9007199254740992"},
        NumberCase{"largest_plus_one_text", "\"9007199254740993\"", "range", "9007199254740992"},
        NumberCase{"largest_as_a_double", "9007199254740993.0", "range", "9007199254740992"},
        NumberCase{"two_to_63", "9223372036854775808", "range", "9223372036854775808"},
        NumberCase{"two_to_64", "18446744073709551616", "range", "18446744073709551616"},
        NumberCase{"minus_two_to_63", "-9223372036854775808", "range", "range"},
        NumberCase{"huge", "1e308", "range", "1e+308"},
        NumberCase{"beyond_a_double_in_text", "\"1e400\"", "range", "range"},
        NumberCase{"nan_text", "\"NaN\"", "range", "range"},
        NumberCase{"infinite_text", "\"Infinity\"", "range", "range"},
        NumberCase{"empty_text", "\"\"", "type", "type"},
        NumberCase{"word", "\"many\"", "type", "type"},
        NumberCase{"padded", "\" 5\"", "type", "type"},
        NumberCase{"thousands", "\"1,200\"", "type", "type"},
        NumberCase{"decimal_comma", "\"2,43\"", "type", "type"},
        NumberCase{"percent_sign", "\"75%\"", "type", "type"},
        NumberCase{"null", "null", "-", "-"}),
    [](const auto& row) { return row.param.name; });

TEST(NumbersOutsideOfJson, RefuseTheWholeAnswer) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    for (const FieldFact& fact : field_facts(data_set)) {
      for (const char* json :
           {"NaN", "Infinity", "-Infinity", "1e400", "007", "+1", ".5", "0x10"}) {
        LabelPool labels;
        const auto decoded =
            decode(data_set, body({with(good_row(data_set), fact.key, json)}), labels);
        ASSERT_FALSE(decoded) << fact.key << " = " << json;
        EXPECT_EQ(decoded.error().kind, ErrorKind::kMalformed);
        EXPECT_THAT(decoded.error().message, testing::HasSubstr("in row 0"));
      }
    }
  }
}

struct PercentCase {
  std::string name, collector, whole_key, whole, percent_key, percent, expected;
};
class Percent : public testing::TestWithParam<PercentCase> {};
TEST_P(Percent, IsShownAsSentWhereThereIsSomethingToTakeItOf) {
  const auto& c = GetParam();
  const DataSet& data_set = *find_data_set(c.collector);
  LabelPool labels;
  Fields row = with(good_row(data_set), c.whole_key, c.whole);
  set(row, c.percent_key, c.percent);
  const auto decoded = decode(data_set, body({row}), labels);
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->records.size(), 1u);
  EXPECT_EQ(shown(decoded->records[0].values[metric_of(data_set, c.percent_key)]), c.expected);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Percent,
    testing::Values(PercentCase{"nothing_sold", "customer_deployment", "licensesSold", "0",
                                "deploymentPercent", "0.0", "-"},
                    PercentCase{"nothing_sold_yet_a_percent", "customer_deployment", "licensesSold",
                                "0", "deploymentPercent", "100.0", "-"},
                    PercentCase{"nothing_sold_null", "customer_deployment", "licensesSold", "0",
                                "deploymentPercent", "null", "-"},
                    PercentCase{"sold_unknown", "customer_deployment", "licensesSold", "null",
                                "deploymentPercent", "12.5", "12.5"},
                    PercentCase{"not_recomputed", "customer_deployment", "licensesSold", "5",
                                "deploymentPercent", "61.7", "61.7"},
                    PercentCase{"not_filled_in", "customer_deployment", "licensesSold", "5",
                                "deploymentPercent", "null", "-"},
                    PercentCase{"none_qualified", "customer_usage", "licensesQualified", "0.0",
                                "usagePercent", "0.0", "-"},
                    PercentCase{"not_clamped", "customer_usage", "licensesQualified", "4",
                                "usagePercent", "137.5", "137.5"},
                    PercentCase{"partner_nothing_sold", "partner_deployment", "licensesSold",
                                "\"0\"", "proratedDeploymentPercent", "7", "-"},
                    PercentCase{"partner_as_sent", "partner_deployment", "licensesSold", "4464",
                                "proratedDeploymentPercent", "1.0", "1"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
