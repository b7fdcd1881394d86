#include "exporter/exposition/insight_samples.h"

#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/exposition/text_encoder.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

constexpr const char* kId = "0112a436-b14e-4888-967b-ca4bb2cf1234";

class InsightSamplesTest : public testing::Test {
 protected:
  std::string lines(const std::string& metric, std::vector<Record> records,
                    const std::string& customer = "A. Datum",
                    const Encoder& encoder = text_encoder()) {
    const SliceRun run{.slices = {slice_of(*find_data_set("customer_deployment"), labels_, kId,
                                           customer, records)}};
    TextBuffer text;
    for (const Family& family : insight_families("")) {
      if (family.name == metric) InsightSamples(family, encoder).append(text, run);
    }
    return std::string(text.view());
  }
  Record record(Number sold, Number deployed, Number percent) {
    return record_of(labels_, {"reseller", "Office 365 E3", "o365"}, {sold, deployed, percent});
  }
  LabelPool labels_;
};

TEST_F(InsightSamplesTest, HaveSortedLabelsAndEscapedValues) {
  EXPECT_EQ(lines("licenses_sold", {record(Number::whole(25), Number(), Number())},
                  "A. Datum \"EU\" \\ Ops"),
            "licenses_sold{channel=\"reseller\",customer=\"A. Datum \\\"EU\\\" \\\\ "
            "Ops\",customer_id=\"" +
                std::string(kId) +
                "\",partner=\"contoso\",product=\"Office 365 E3\",service_code=\"o365\"} 25\n");
}

TEST_F(InsightSamplesTest, AreNotThereForAnUnknownNumber) {
  EXPECT_EQ(lines("deployment_percent", {record(Number::whole(0), Number::whole(0), Number())}),
            "");
  EXPECT_THAT(lines("licenses_sold", {record(Number::whole(0), Number(), Number())}),
              testing::EndsWith("} 0\n"));
}

TEST_F(InsightSamplesTest, SpellSeatsWholeAndAPercentAsTheFormatWants) {
  const std::vector<Record> records{
      record(Number::whole(100'000'000), Number::whole(80), Number::real(80))};
  EXPECT_THAT(lines("licenses_sold", records), testing::EndsWith("} 100000000\n"));
  EXPECT_THAT(lines("deployment_percent", records), testing::EndsWith("} 80\n"));
  EXPECT_THAT(lines("licenses_sold", records, "A", openmetrics_encoder()),
              testing::EndsWith("} 100000000\n"));
  EXPECT_THAT(lines("deployment_percent", records, "A", openmetrics_encoder()),
              testing::EndsWith("} 80.0\n"));
}

// More different products than are remembered, twice, and customers between them.
TEST_F(InsightSamplesTest, HaveTheirOwnLabelsHoweverManyThereAre) {
  std::vector<Record> records;
  for (int i = 0; i < 500; ++i) {
    records.push_back(record_of(labels_, {"reseller", "Product " + std::to_string(i), "o365"},
                                {Number::whole(i), Number(), Number()}));
  }
  const DataSet& data_set = *find_data_set("customer_deployment");
  const SliceRun run{.slices = {slice_of(data_set, labels_, kId, "A", records),
                                slice_of(data_set, labels_, kId, "", {}),
                                slice_of(data_set, labels_, kId, "B", records)}};
  std::string expected;
  for (const char* customer : {"A", "B"}) {
    for (int i = 0; i < 500; ++i) {
      expected += "licenses_sold{channel=\"reseller\",customer=\"" + std::string(customer) +
                  "\",customer_id=\"" + kId + "\",partner=\"contoso\",product=\"Product " +
                  std::to_string(i) + "\",service_code=\"o365\"} " + std::to_string(i) + "\n";
    }
  }
  for (const Family& family : insight_families("")) {
    if (family.name != "licenses_sold") continue;
    TextBuffer text;
    InsightSamples(family, text_encoder()).append(text, run);
    EXPECT_EQ(text.view(), expected);
  }
}

TEST_F(InsightSamplesTest, MayBeginAndEndWithLabelsOfTheSlice) {
  const SliceRun run{
      .slices = {slice_of(customer_info(), labels_, kId, "A",
                          {customer_info_record("a.example", "reseller", "", labels_)})}};
  for (const Family& family : insight_families("")) {
    if (family.data_set != &customer_info()) continue;
    TextBuffer text;
    InsightSamples(family, openmetrics_encoder()).append(text, run);
    EXPECT_EQ(text.view(), "partner_center_customer_info{customer=\"A\",customer_id=\"" +
                               std::string(kId) +
                               "\",domain=\"a.example\",partner=\"contoso\","
                               "relationship=\"reseller\",reseller=\"\"} 1\n");
  }
}

}  // namespace
}  // namespace pce
