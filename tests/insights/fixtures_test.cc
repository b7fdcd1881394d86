// The documented examples, and the same examples in every spelling Partner Center is known for.
#include <gmock/gmock.h>

#include "tests/insights/insight_text.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Documented {
  std::string collector, name;
  std::vector<std::string> records, processed;
  std::string customer_name;
};

const Documented kDocumented[] = {
    {"customer_deployment",
     "documented",
     {"channel=reseller product=EXCHANGE ONLINE (PLAN 1) service_code=o365 | licenses_sold=5 "
      "licenses_deployed=0 deployment_percent=0",
      "channel=reseller product=EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE service_code=o365 | "
      "licenses_sold=2 licenses_deployed=0 deployment_percent=0",
      "channel=reseller product=OFFICE 365 BUSINESS ESSENTIALS service_code=o365 | licenses_sold=1 "
      "licenses_deployed=0 deployment_percent=0"},
     {"o365 1489461916360"},
     "DT DEMO CSP CUSTOMER 005"},
    {"customer_deployment",
     "other_values",
     {"channel=reseller product=EXCHANGE ONLINE (PLAN 1) service_code=o365 | licenses_sold=5 "
      "licenses_deployed=4 deployment_percent=80"},
     {"o365 1489461916360"},
     "FABRIKAM TRIAL CO"},
    {"customer_usage",
     "documented",
     {"channel=reseller product=OFFICE 365 BUSINESS ESSENTIALS service_code=o365 workload=Exchange "
      "| "
      "licenses_active=3 licenses_qualified=4 usage_percent=75"},
     {"o365 1489017600000"},
     "FABRIKAM TRIAL CO"},
    {"partner_deployment",
     "documented",
     {"channel=reseller service_code=crm | partner_licenses_sold=206 "
      "partner_deployment_percent=2.43",
      "channel=reseller service_code=o365 | partner_licenses_sold=1200 "
      "partner_deployment_percent=61.5"},
     {"crm 1507507200000", "o365 1489461916360"},
     ""},
    {"partner_usage",
     "documented",
     {"channel=reseller service_code=crm workload=Microsoft Dynamics CRM | partner_usage_percent=0",
      "channel=reseller service_code=crm workload=SharePoint | partner_usage_percent=0",
      "channel=reseller service_code=o365 workload=Exchange | partner_usage_percent=0",
      "channel=reseller service_code=o365 workload=SharePoint | partner_usage_percent=0",
      "channel=reseller service_code=o365 workload=Skype For Business | partner_usage_percent=0"},
     {"crm 1489104000000", "o365 1489017600000"},
     ""},
    {"partner_usage",
     "other_values",
     {"channel=reseller service_code=crm workload=Microsoft Dynamics CRM | partner_usage_percent=0",
      "channel=reseller service_code=crm workload=SharePoint | partner_usage_percent=1.75",
      "channel=reseller service_code=o365 workload=SharePoint | partner_usage_percent=23.14"},
     {"crm 1489104000000", "o365 1489017600000"},
     ""}};

TEST(Fixtures, DocumentedExamplesGiveTheirPrintedValues) {
  for (const Documented& expected : kDocumented) {
    SCOPED_TRACE(expected.collector + "/" + expected.name);
    const DataSet& data_set = *find_data_set(expected.collector);
    LabelPool labels;
    const auto decoded = decode(data_set, fixture(data_set, expected.name), labels);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(shown(data_set, decoded->records), expected.records);
    EXPECT_EQ(shown(decoded->processed), expected.processed);
    EXPECT_EQ(decoded->customer_name, expected.customer_name);
    EXPECT_EQ(decoded->rows, expected.records.size());
    EXPECT_EQ(decoded->rows_merged, 0u);
    EXPECT_EQ(decoded->fields_repeated, 0u);
    EXPECT_THAT(decoded->rows_rejected, IsEmpty());
  }
}

// Files that are not merely another spelling of documented.json; the tests below say what they are.
const std::vector<std::string> kOfTheirOwn{
    "documented",   "other_values", "missing_numbers",
    "null_numbers", "missing_date", "sentinel_dates",
    "empty",        "null_items",   "missing_service_and_channel"};

class Fixtures : public EveryDataSet {};

TEST_P(Fixtures, EverySpellingGivesTheDocumentedRecords) {
  const auto documented = decode_body(fixture(data_set(), "documented"));
  ASSERT_TRUE(documented);
  std::size_t spellings = 0;
  for (const auto& file : std::filesystem::directory_iterator(fixture_folder(data_set()))) {
    const std::string name = file.path().stem();
    if (std::ranges::find(kOfTheirOwn, name) != kOfTheirOwn.end()) continue;
    SCOPED_TRACE(name);
    ++spellings;
    const auto decoded = decode_body(read_file(file.path()));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(shown(data_set(), decoded->records), shown(data_set(), documented->records));
    EXPECT_EQ(shown(decoded->processed), shown(documented->processed));
    EXPECT_EQ(decoded->customer_name, documented->customer_name);
    EXPECT_THAT(decoded->rows_rejected, IsEmpty());
  }
  EXPECT_GE(spellings, 11u);
}

TEST_P(Fixtures, MissingAndNullNumbersGiveNoSamplesAndNeverZero) {
  for (const char* name : {"missing_numbers", "null_numbers"}) {
    const auto decoded = decode_body(fixture(data_set(), name));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_FALSE(decoded->records.empty());
    EXPECT_EQ(decoded->records.size(), decoded->rows);
    for (const Record& record : decoded->records) {
      for (const Number& value : record.values) EXPECT_FALSE(value.known());
    }
  }
}

TEST_P(Fixtures, RowsWithoutServiceAndChannelAreOfAnUnknownOne) {
  const auto decoded = decode_body(fixture(data_set(), "missing_service_and_channel"));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_THAT(decoded->rows_rejected, IsEmpty());
  for (const std::string& line : shown(data_set(), decoded->records)) {
    EXPECT_THAT(line, testing::HasSubstr("channel=unknown"));
    EXPECT_THAT(line, testing::HasSubstr("service_code=unknown"));
  }
}

TEST_P(Fixtures, RowsWithoutAReadableDateAreKeptAndDateNothing) {
  const auto documented = decode_body(fixture(data_set(), "documented"));
  ASSERT_TRUE(documented);
  for (const char* name : {"missing_date", "sentinel_dates"}) {
    const auto decoded = decode_body(fixture(data_set(), name));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(shown(data_set(), decoded->records), shown(data_set(), documented->records));
    EXPECT_THAT(decoded->processed, IsEmpty());
  }
}

TEST_P(Fixtures, AnswersWithoutRowsAreNoError) {
  for (const char* name : {"empty", "null_items"}) {
    const auto decoded = decode_body(fixture(data_set(), name));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_THAT(decoded->records, IsEmpty());
    EXPECT_EQ(decoded->rows, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, Fixtures, testing::ValuesIn(all_data_sets()), name_of_data_set);

}  // namespace
}  // namespace pce
