// Every field of every insight: missing, null, of another type, spelled otherwise (reliability.md
// D03, D04).
#include <map>

#include <gmock/gmock.h>

#include "tests/insights/insight_text.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class FieldTable : public EveryDataSet {};

// A row that is always fine, in a channel of its own.
Fields neighbour(const DataSet& data_set) {
  return with(good_row(data_set), "channel", "\"direct\"");
}

struct Intruder {
  const char* name;
  std::string json;
};
std::vector<Intruder> intruders(const Fields& row) {
  return {{"null", "null"},
          {"true", "true"},
          {"whole", "7"},
          {"fraction", "2.5"},
          {"text", "\"seven\""},
          {"empty_text", "\"\""},
          {"number_text", "\"12\""},
          {"array", "[]"},
          {"object", "{}"},
          {"row", object(row)},
          {"rows", "[" + object(row) + "]"}};
}

// The reason for which a row with this intruder in this field is rejected; empty: it is not.
std::string expected_reason(FieldKind kind, const std::string& intruder) {
  const bool number = intruder == "whole" || intruder == "fraction";
  const bool text = intruder == "text" || intruder == "empty_text" || intruder == "number_text";
  switch (kind) {
    case FieldKind::kIgnored:
      return "";
    case FieldKind::kName:
      if (intruder == "null" || intruder == "empty_text") return "missing";
      return text ? "" : "type";
    case FieldKind::kDefaulted:
    case FieldKind::kSecondName:
      return text || intruder == "null" ? "" : "type";
    case FieldKind::kCount:
      if (intruder == "fraction") return "range";
      return intruder == "whole" || intruder == "number_text" || intruder == "null" ? "" : "type";
    case FieldKind::kPercent:
      return number || intruder == "number_text" || intruder == "null" ? "" : "type";
  }
  return "";
}

TEST_P(FieldTable, EveryFieldOfEveryTypeRefusesItsOwnRowOnly) {
  std::vector<FieldFact> facts = field_facts(data_set());
  facts.push_back({"serviceCode", FieldKind::kDefaulted, ""});
  const bool has_workload = std::string_view(data_set().collector).ends_with("usage");
  if (has_workload) facts.push_back({"workloadCode", FieldKind::kSecondName, ""});
  for (const FieldFact& fact : facts) {
    for (const Intruder& intruder : intruders(good_row(data_set()))) {
      SCOPED_TRACE(fact.key + " = " + intruder.name);
      const Fields changed = with(good_row(data_set()), fact.key, intruder.json);
      const auto decoded = decode_body(body({changed, neighbour(data_set())}));
      ASSERT_TRUE(decoded) << decoded.error().message;
      EXPECT_EQ(decoded->rows, 2u);
      const std::string reason = expected_reason(fact.kind, intruder.name);
      if (reason.empty()) {
        EXPECT_THAT(decoded->rows_rejected, IsEmpty());
        EXPECT_EQ(decoded->records.size(), 2u);
      } else {
        EXPECT_THAT(decoded->rows_rejected, ElementsAre(Pair(reason, 1u)));
        ASSERT_EQ(decoded->records.size(), 1u);
        EXPECT_EQ(decoded->records[0].labels[0].escaped(), "direct");
      }
    }
  }
}

TEST_P(FieldTable, EveryElementThatIsNoObjectRefusesItselfOnly) {
  for (const char* element : {"null", "true", "7", "2.5", "\"x\"", "[]", "[{}]"}) {
    const auto decoded = decode_body(R"({"items":[)" + std::string(element) + "," +
                                     object(good_row(data_set())) + "]}");
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->rows, 2u);
    EXPECT_EQ(decoded->records.size(), 1u);
    EXPECT_THAT(decoded->rows_rejected, ElementsAre(Pair("type", 1u)));
  }
}

// What a row without these fields, missing or null, must give.
void expect_without(const DataSet& data_set, const std::vector<FieldFact>& gone,
                    const Decoded& decoded) {
  ASSERT_EQ(decoded.rows, 1u);
  const bool names_gone =
      std::ranges::any_of(gone, [](const FieldFact& f) { return f.kind == FieldKind::kName; });
  if (names_gone) {
    EXPECT_THAT(decoded.records, IsEmpty());
    EXPECT_THAT(decoded.rows_rejected, ElementsAre(Pair("missing", 1u)));
    return;
  }
  ASSERT_EQ(decoded.records.size(), 1u);
  EXPECT_THAT(decoded.rows_rejected, IsEmpty());
  for (const FieldFact& fact : field_facts(data_set)) {
    const bool is_gone = std::ranges::find(gone, fact.key, &FieldFact::key) != gone.end();
    if (fact.kind == FieldKind::kCount || fact.kind == FieldKind::kPercent) {
      EXPECT_EQ(decoded.records[0].values[metric_of(data_set, fact.key)].known(), !is_gone)
          << fact.key;
    }
    if (fact.kind == FieldKind::kDefaulted) {
      const std::string line = shown(data_set, decoded.records)[0];
      const std::string label = fact.key == "channel" ? "channel=unknown" : "service_code=unknown";
      EXPECT_EQ(line.find(label) != std::string::npos, is_gone) << line;
    }
  }
  const bool date_gone =
      std::ranges::find(gone, "processedDateTime", &FieldFact::key) != gone.end();
  EXPECT_EQ(decoded.processed.empty(), date_gone);
}

TEST_P(FieldTable, EachFieldAndEachPairMayBeMissingOrNull) {
  const auto facts = field_facts(data_set());
  std::size_t combinations = 0;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (std::size_t j = i; j < facts.size(); ++j) {  // j == i: one field
      for (const bool null : {false, true}) {
        SCOPED_TRACE(facts[i].key + ", " + facts[j].key + (null ? " null" : " missing"));
        Fields row = good_row(data_set());
        for (const auto& key : {facts[i].key, facts[j].key}) {
          if (null) {
            set(row, key, "null");
          } else {
            remove(row, key);
          }
        }
        const auto decoded = decode_body(body({row}));
        ASSERT_TRUE(decoded) << decoded.error().message;
        expect_without(data_set(), {facts[i], facts[j]}, *decoded);
        ++combinations;
      }
    }
  }
  EXPECT_EQ(combinations, facts.size() * (facts.size() + 1));
}

TEST_P(FieldTable, KeysAreReadInAnyCase) {
  const auto expected = decode_body(body({good_row(data_set())}));
  ASSERT_TRUE(expected);
  for (auto change : {&::toupper, &::tolower}) {
    Fields row = good_row(data_set());
    for (auto& [key, value] : row) std::ranges::transform(key, key.begin(), change);
    const auto decoded = decode_body(body({row}));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(shown(data_set(), decoded->records), shown(data_set(), expected->records));
  }
}

TEST_P(FieldTable, OfARepeatedFieldTheLastCountsAndItIsSaid) {
  Fields row = good_row(data_set());
  row.insert(row.begin(), {"channel", "\"indirect\""});
  row.insert(row.begin(), {"CHANNEL", "3"});
  const auto decoded = decode_body(body({row}));
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->records.size(), 1u);
  EXPECT_EQ(decoded->records[0].labels[0].escaped(), "reseller");
  EXPECT_EQ(decoded->fields_repeated, 2u);
}

INSTANTIATE_TEST_SUITE_P(Catalog, FieldTable, testing::ValuesIn(all_data_sets()), name_of_data_set);

const DataSet& usage() { return *find_data_set("customer_usage"); }
const DataSet& deployment() { return *find_data_set("customer_deployment"); }

std::string only_line(const DataSet& data_set, const Fields& row) {
  LabelPool labels;
  const auto decoded = decode(data_set, body({row}), labels);
  if (!decoded) return decoded.error().message;
  if (decoded->records.empty()) return "rejected: " + decoded->rows_rejected.begin()->first;
  return shown(data_set, decoded->records)[0];
}

TEST(Labels, ServiceCodeStandsBeforeServiceNameAndBothAreLowerCased) {
  Fields row = good_row(deployment());
  set(row, "serviceName", "\"Microsoft 365 Ä\"");
  EXPECT_THAT(only_line(deployment(), row), testing::HasSubstr("service_code=microsoft 365 Ä "));
  set(row, "serviceCode", "\"O365\"");
  EXPECT_THAT(only_line(deployment(), row), testing::HasSubstr("service_code=o365 "));
  set(row, "serviceCode", "\"\"");
  EXPECT_THAT(only_line(deployment(), row), testing::HasSubstr("service_code=microsoft 365 Ä "));
  set(row, "channel", "\"Reseller\"");
  EXPECT_THAT(only_line(deployment(), row), testing::HasSubstr("channel=reseller "));
}

TEST(Labels, ProductKeepsItsCaseAndItsSpaces) {
  const Fields row = with(good_row(deployment()), "productName", "\"  Office \\\"365\\\" E3 \"");
  EXPECT_THAT(only_line(deployment(), row),
              testing::HasSubstr("product=  Office \\\"365\\\" E3  service"));
}

TEST(Labels, WorkloadCodeStandsInForAMissingName) {
  Fields row = with(good_row(usage()), "workloadCode", "\"EXO\"");
  EXPECT_THAT(only_line(usage(), row), testing::HasSubstr("workload=Exchange "));
  for (const char* nothing : {"null", "\"\""}) {
    EXPECT_THAT(only_line(usage(), with(row, "workloadName", nothing)),
                testing::HasSubstr("workload=EXO "));
  }
  remove(row, "workloadName");
  EXPECT_THAT(only_line(usage(), row), testing::HasSubstr("workload=EXO "));
  remove(row, "workloadCode");
  EXPECT_EQ(only_line(usage(), row), "rejected: missing");
}

TEST(Counts, PluralSpellingStandsBeforeTheSingularOne) {
  Fields row = with(good_row(usage()), "licenseActive", "9");
  EXPECT_THAT(only_line(usage(), row), testing::HasSubstr("licenses_active=3 "));
  EXPECT_THAT(only_line(usage(), with(row, "licensesActive", "null")),
              testing::HasSubstr("licenses_active=9 "));
  remove(row, "licensesActive");
  EXPECT_THAT(only_line(usage(), row), testing::HasSubstr("licenses_active=9 "));
}

struct IdCase {
  std::string name, json;
  std::string outcome;  // reason, or empty where the row is kept
};
class CustomerId : public testing::TestWithParam<IdCase> {};
TEST_P(CustomerId, MustBeOursWhereItIsGiven) {
  for (const char* key : {"customerId", "CustomerTenantId"}) {
    for (const DataSet* data_set : {&usage(), &deployment()}) {
      LabelPool labels;
      const Fields row = with(good_row(*data_set), key, GetParam().json);
      const auto decoded = decode(*data_set, body({row, neighbour(*data_set)}), labels);
      ASSERT_TRUE(decoded);
      EXPECT_EQ(decoded->records.size(), GetParam().outcome.empty() ? 2u : 1u);
      if (!GetParam().outcome.empty()) {
        EXPECT_THAT(decoded->rows_rejected, ElementsAre(Pair(GetParam().outcome, 1u)));
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(
    Table, CustomerId,
    testing::Values(IdCase{"ours", "\"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04\"", ""},
                    IdCase{"ours_in_capitals", "\"4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04\"", ""},
                    IdCase{"null", "null", ""}, IdCase{"empty", "\"\"", ""},
                    IdCase{"another", "\"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f05\"", "foreign"},
                    IdCase{"no_guid", "\"contoso\"", "foreign"}, IdCase{"number", "4", "type"},
                    IdCase{"object", "{}", "type"}),
    [](const auto& row) { return row.param.name; });

TEST(CustomerIds, OfPartnerWideRowsIsNobodysBusiness) {
  LabelPool labels;
  const DataSet& data_set = *find_data_set("partner_usage");
  const auto decoded =
      decode(data_set, body({with(good_row(data_set), "customerId", "\"contoso\"")}), labels);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->records.size(), 1u);
}

TEST(CustomerName, OfRejectedRowsIsNotBelieved) {
  LabelPool labels;
  Fields foreign = with(good_row(usage()), "customerName", "\"A STRANGER\"");
  set(foreign, "customerId", "\"00000000-0000-0000-0000-000000000001\"");
  const auto decoded = decode(usage(), body({foreign, good_row(usage())}), labels);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->customer_name, "FABRIKAM TRIAL CO");
}

}  // namespace
}  // namespace pce
