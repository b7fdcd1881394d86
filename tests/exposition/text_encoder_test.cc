#include "exporter/exposition/text_encoder.h"

#include <cmath>
#include <limits>

#include "exporter/insights/catalog.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

constexpr const char* kId = "0112a436-b14e-4888-967b-ca4bb2cf1234";

class TextEncoder : public testing::Test {
 protected:
  std::string encoded(const std::string& metric, const Snapshot& snapshot) {
    std::string text;
    for (const Family& family : insight_families("")) {
      if (family.name == metric) append_family(text, family, snapshot);
    }
    return text;
  }
  std::shared_ptr<const Snapshot> with(std::vector<Record> records,
                                       const std::string& customer = "A. Datum") {
    return Snapshot::after(
        Snapshot(),
        {slice_of(*find_data_set("customer_deployment"), labels_, kId, customer, records)}, {});
  }
  LabelPool labels_;
};

TEST_F(TextEncoder, WritesHeadAndSamplesWithSortedLabels) {
  const auto snapshot = with({record_of(labels_, {"reseller", "Office 365 E3", "o365"},
                                        {Number::whole(25), Number::whole(20), Number::real(80)})},
                             "A. Datum \"EU\" \\ Ops");
  const std::string text = encoded("licenses_sold", *snapshot);
  EXPECT_THAT(text, testing::StartsWith("# HELP licenses_sold "));
  EXPECT_THAT(text, testing::HasSubstr("\n# TYPE licenses_sold gauge\n"));
  EXPECT_THAT(text,
              testing::EndsWith(
                  "\nlicenses_sold{channel=\"reseller\",customer=\"A. Datum \\\"EU\\\" \\\\ "
                  "Ops\",customer_id=\"" +
                  std::string(kId) +
                  "\",partner=\"contoso\",product=\"Office 365 E3\",service_code=\"o365\"} 25\n"));
  EXPECT_THAT(encoded("deployment_percent", *snapshot), testing::EndsWith("} 80\n"));
}

TEST_F(TextEncoder, WritesNoSampleForAnUnknownNumber) {
  const auto snapshot = with({record_of(labels_, {"reseller", "P", "o365"},
                                        {Number::whole(0), Number::whole(0), Number()})});
  EXPECT_EQ(encoded("deployment_percent", *snapshot), "");
  EXPECT_THAT(encoded("licenses_sold", *snapshot), testing::EndsWith("} 0\n"));
}

TEST_F(TextEncoder, WritesNothingForAFamilyWithoutSamples) {
  EXPECT_EQ(encoded("licenses_sold", Snapshot()), "");
}

struct Spelling {
  double number;
  std::string text;
};

TEST(Number, IsTheShortestTextThatReadsBackEqual) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [number, text] :
       {Spelling{0, "0"}, Spelling{99.99, "99.99"}, Spelling{0.1 + 0.2, "0.30000000000000004"},
        Spelling{1e21, "1e+21"}, Spelling{-2.5, "-2.5"}, Spelling{std::nan(""), "NaN"},
        Spelling{infinity, "+Inf"}, Spelling{-infinity, "-Inf"}}) {
    std::string out;
    append_number(out, number);
    EXPECT_EQ(out, text);
  }
}

TEST(Number, OfSeatsIsWrittenWhole) {
  std::string out;
  append_number(out, Number::whole(100'000'000));
  EXPECT_EQ(out, "100000000");
}

}  // namespace
}  // namespace pce
