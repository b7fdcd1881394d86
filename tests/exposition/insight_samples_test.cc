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
  using Slices = std::vector<std::shared_ptr<const Slice>>;

  static std::shared_ptr<const SliceRun> run_of(Slices slices) {
    auto run = std::make_shared<SliceRun>();
    run->slices = std::move(slices);
    return run;
  }
  // The samples of one metric, of a run between two empty ones.
  static std::string lines(const std::string& metric, Slices slices,
                           const Encoder& encoder = text_encoder()) {
    const std::vector<std::shared_ptr<const SliceRun>> runs{nullptr, run_of(std::move(slices)),
                                                            nullptr};
    TextBuffer text;
    for (const Family& family : insight_families("")) {
      if (family.name == metric) InsightSamples(family, encoder).append(text, runs);
    }
    return std::string(text.view());
  }
  std::shared_ptr<const Slice> slice(const std::string& customer, std::vector<Record> records) {
    return slice_of(*find_data_set("customer_deployment"), labels_, kId, customer,
                    std::move(records));
  }
  Record record(Number sold, Number deployed, Number percent,
                const std::string& product = "Office 365 E3") {
    return record_of(labels_, {"reseller", product, "o365"}, {sold, deployed, percent});
  }
  // "licenses_sold{…} value\n" of such a record.
  static std::string sold_line(const std::string& customer, const std::string& product, int value) {
    return "licenses_sold{channel=\"reseller\",customer=\"" + customer + "\",customer_id=\"" + kId +
           "\",partner=\"contoso\",product=\"" + product + "\",service_code=\"o365\"} " +
           std::to_string(value) + "\n";
  }

  LabelPool labels_;
};

TEST_F(InsightSamplesTest, HaveSortedLabelsAndEscapedValues) {
  EXPECT_EQ(lines("licenses_sold", {slice("A. Datum \"EU\" \\ Ops",
                                          {record(Number::whole(25), Number(), Number())})}),
            sold_line("A. Datum \\\"EU\\\" \\\\ Ops", "Office 365 E3", 25));
}

TEST_F(InsightSamplesTest, AreNotThereForAnUnknownNumber) {
  const Slices slices{slice("A", {record(Number::whole(0), Number::whole(0), Number())})};
  EXPECT_EQ(lines("deployment_percent", slices), "");
  EXPECT_EQ(lines("licenses_sold", slices), sold_line("A", "Office 365 E3", 0));
}

TEST_F(InsightSamplesTest, SpellSeatsWholeAndAPercentAsTheFormatWants) {
  const Slices slices{
      slice("A", {record(Number::whole(100'000'000), Number::whole(80), Number::real(80))})};
  EXPECT_THAT(lines("licenses_sold", slices), testing::EndsWith("} 100000000\n"));
  EXPECT_THAT(lines("deployment_percent", slices), testing::EndsWith("} 80\n"));
  EXPECT_THAT(lines("licenses_sold", slices, openmetrics_encoder()),
              testing::EndsWith("} 100000000\n"));
  EXPECT_THAT(lines("deployment_percent", slices, openmetrics_encoder()),
              testing::EndsWith("} 80.0\n"));
}

// More different products than are remembered, twice, and a customer without any between.
TEST_F(InsightSamplesTest, HaveTheirOwnLabelsHoweverManyThereAre) {
  constexpr int kProducts = 5000;
  std::vector<Record> records;
  for (int i = 0; i < kProducts; ++i) {
    records.push_back(record(Number::whole(i), Number(), Number(), "Product " + std::to_string(i)));
  }
  std::string expected;
  for (const char* customer : {"A", "B"}) {
    for (int i = 0; i < kProducts; ++i)
      expected += sold_line(customer, "Product " + std::to_string(i), i);
  }
  EXPECT_EQ(lines("licenses_sold", {slice("A", records), slice("", {}), slice("B", records)}),
            expected);
}

TEST_F(InsightSamplesTest, AreThoseOfTheirFamilyWhicheverOneWasWrittenBefore) {
  const std::vector<std::shared_ptr<const SliceRun>> runs{
      run_of({slice("A", {record(Number::whole(25), Number::whole(5), Number::real(20))})})};
  std::vector<InsightSamples> families;
  for (const Family& family : insight_families(""))
    if (family.data_set == find_data_set("customer_deployment"))
      families.emplace_back(family, text_encoder());
  ASSERT_THAT(families, testing::SizeIs(3));
  RowTexts texts;
  for (const InsightSamples* family : {&families[0], &families[1], &families[1], &families[0]}) {
    TextBuffer alone, after_another;
    family->append(alone, runs);
    family->append(after_another, runs, texts);
    EXPECT_EQ(after_another.view(), alone.view());
  }
}

TEST_F(InsightSamplesTest, MayBeginAndEndWithLabelsOfTheSlice) {
  EXPECT_EQ(lines("partner_center_customer_info",
                  {slice_of(customer_info(), labels_, kId, "A",
                            {customer_info_record("a.example", "reseller", "", labels_)})},
                  openmetrics_encoder()),
            "partner_center_customer_info{customer=\"A\",customer_id=\"" + std::string(kId) +
                "\",domain=\"a.example\",partner=\"contoso\",relationship=\"reseller\","
                "reseller=\"\"} 1\n");
}

}  // namespace
}  // namespace pce
