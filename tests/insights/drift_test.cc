// How answers differ from the documents.
#include <gmock/gmock.h>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class Drift : public EveryDataSet {
 protected:
  // Of the classic answer and of the commercial one.
  std::vector<std::string> classic(const std::vector<Fields>& rows) {
    const auto decoded = decode_body(body(rows));
    EXPECT_TRUE(decoded);
    return decoded ? shown(decoded->drift) : std::vector<std::string>{};
  }
  std::vector<std::string> bulk(const std::vector<Fields>& rows) {
    return shown(decode_bulk(data_set(), rows, labels_).drift);
  }
};

TEST_P(Drift, IsNoneInTheDocumentedExamples) {
  const auto documented = decode_body(fixture(data_set(), "documented"));
  ASSERT_TRUE(documented);
  EXPECT_THAT(shown(documented->drift), IsEmpty());
  EXPECT_THAT(classic({good_row(data_set())}), IsEmpty());
  EXPECT_THAT(bulk({commercial_row(data_set())}), IsEmpty());
}

TEST_P(Drift, NamesEachDocumentedFieldThatIsMissingOrNull) {
  for (const auto& [key, value] : good_row(data_set())) {
    Fields gone = good_row(data_set());
    remove(gone, key);
    EXPECT_THAT(classic({gone, gone}), ElementsAre(key + " missing 2 nothing"));
    EXPECT_THAT(classic({with(gone, key, "null")}), ElementsAre(key + " missing 1 null"));
  }
  for (const auto& [key, value] : commercial_row(data_set())) {
    Fields gone = commercial_row(data_set());
    remove(gone, key);
    EXPECT_THAT(bulk({gone, commercial_row(data_set())}), ElementsAre(key + " missing 1 nothing"));
    EXPECT_THAT(bulk({gone, with(gone, key, "null")}), ElementsAre(key + " missing 2 nothing"));
  }
}

TEST_P(Drift, KnowsTheFieldsOfTheDocumentsThatNobodyUses) {
  for (const Fields& extra :
       {Fields{{"attributes", R"({"etag":"x"})"}, {"links", "{}"}, {"ProductID", "7"}},
        Fields{{"workloadcode", "\"EXO\""}, {"LicensesSold", "3"}, {"licensesDeployed", "2"}}}) {
    Fields one = good_row(data_set());
    Fields other = commercial_row(data_set());
    for (const auto& [key, json] : extra) {
      if (std::string_view(key) == "attributes") remove(one, key);
      one.emplace_back(key, json);
      other.emplace_back(key, json);
    }
    EXPECT_THAT(classic({one}), IsEmpty());
    EXPECT_THAT(bulk({other}), IsEmpty());
  }
}

TEST_P(Drift, NamesUnknownFieldsAsSentWhereThatIsHarmless) {
  const std::string longest(64, 'n');
  Fields extra{{"seats", "1"},       {"Seats", "\"x\""},  {"@odata.type", "null"}, {longest, "[]"},
               {longest + "n", "1"}, {"two words", "{}"}, {"na\\u00efve", "true"}, {"", "1"},
               {"a\\nb", "1"}};
  Fields one = good_row(data_set());
  Fields other = commercial_row(data_set());
  one.insert(one.begin(), extra.begin(), extra.end());
  other.insert(other.end(), extra.begin(), extra.end());
  const auto expected = ElementsAre("@odata.type unknown 1 null", "Seats unknown 1 text",
                                    longest + " unknown 1 an array", "other unknown 5 a boolean",
                                    "seats unknown 1 a number");
  EXPECT_THAT(classic({one}), expected);
  EXPECT_THAT(bulk({other}), expected);
}

TEST_P(Drift, CountsUnknownKeysBesideTheRows) {
  const auto decoded = decode_body(
      R"({"totalCount":0,"items":[],"attributes":{},"links":{},"dataRedacted":true,"note":[1]})");
  ASSERT_TRUE(decoded);
  EXPECT_THAT(shown(decoded->drift),
              ElementsAre("dataRedacted unknown 1 a boolean", "note unknown 1 an array"));
  const auto all = decode_pages(
      data_set(),
      {R"({"Value":[],"@nextLink":"/b","TotalCount":"many","statusCode":200})",
       R"({"statusCode":200,"value":[],"nextLink":null,"@odata.nextLink":null,"totalcount":3})"},
      labels_);
  EXPECT_THAT(shown(all.drift),
              ElementsAre("TotalCount type 1 text", "statusCode unknown 2 a number"));
}

TEST_P(Drift, NamesFieldsOfATypeTheyCannotBeReadFrom) {
  for (const FieldFact& fact : field_facts(data_set())) {
    if (fact.key == "attributes") continue;
    const auto lines = classic({with(good_row(data_set()), fact.key, "{}"), good_row(data_set())});
    EXPECT_THAT(lines, ElementsAre(fact.key + " type 1 an object"));
    if (fact.kind == FieldKind::kCount || fact.kind == FieldKind::kPercent) {
      EXPECT_THAT(classic({with(good_row(data_set()), fact.key, "\"many\"")}),
                  ElementsAre(fact.key + " type 1 text"));
      EXPECT_THAT(classic({with(good_row(data_set()), fact.key, "-1")}), IsEmpty());
    }
  }
  for (const auto& [key, value] : commercial_row(data_set())) {
    if (key == "productId") continue;
    const auto lines = bulk({with(commercial_row(data_set()), key, "true")});
    EXPECT_THAT(lines, ElementsAre(key + " type 1 a boolean"));
  }
}

TEST_P(Drift, NamesDatesThatAreNoneButNotTheOnesThatMeanNone) {
  const auto dated = [&](const char* date) {
    return with(good_row(data_set()), "processedDateTime", date);
  };
  EXPECT_THAT(classic({dated("\"0001-01-01T00:00:00\""), dated("\"9999-12-14T00:00:00Z\"")}),
              IsEmpty());
  EXPECT_THAT(classic({dated("\"14.10.2018\""), dated("\"\""), dated("\"2018-02-30T00:00:00\"")}),
              ElementsAre("processedDateTime date 3 text"));
  EXPECT_THAT(
      bulk({with(commercial_row(data_set()), "processedDateTime", "\"yesterday\""),
            with(commercial_row(data_set()), "processedDateTime", "\"0001-01-01T00:00:00\"")}),
      ElementsAre("processedDateTime date 1 text"));
}

TEST_P(Drift, UsesTheDocumentedSpelling) {
  Fields row = good_row(data_set());
  set(row, "channel", "3");
  for (auto& [key, value] : row) std::ranges::transform(key, key.begin(), ::toupper);
  EXPECT_THAT(classic({row}), ElementsAre("channel type 1 a number"));
}

TEST_P(Drift, FoldsTheSurplusInAnyOrder) {
  auto chance = printed_chance();
  std::vector<Fields> rows;
  for (int i = 0; i < 60; ++i) {
    Fields row = good_row(data_set());
    for (int j = 0; j <= i; ++j) row.emplace_back("field" + std::to_string(100 + j), "1");
    if (i == 3) remove(row, "channel");
    rows.push_back(row);
  }
  rows[0].emplace_back("other", "null");
  const auto first = classic(rows);
  ASSERT_EQ(first.size(), kDriftMax);
  EXPECT_THAT(first, Contains("channel missing 1 nothing"));
  EXPECT_THAT(first, Contains("field100 unknown 60 a number"));
  EXPECT_THAT(first, Contains("field129 unknown 31 a number"));
  EXPECT_THAT(first, Contains("other unknown 466 null"));  // 30 + 29 + … + 1, and its namesake
  for (int i = 0; i < 20; ++i) {
    std::ranges::shuffle(rows, chance);
    for (Fields& row : rows) std::ranges::shuffle(row, chance);
    ASSERT_EQ(classic(rows), first);
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, Drift, testing::ValuesIn(all_data_sets()), name_of_data_set);

TEST(DriftOfUsage, TakesEitherSpellingOfTheActiveSeats) {
  LabelPool labels;
  Fields row = commercial_row(usage());
  remove(row, "licensesActive");
  EXPECT_THAT(shown(decode_bulk(usage(), {row}, labels).drift),
              ElementsAre("licensesActive missing 1 nothing"));
  row.emplace_back("licenseActive", "3");
  EXPECT_THAT(decode_bulk(usage(), {row}, labels).drift, IsEmpty());
  set(row, "licenseActive", "[]");
  EXPECT_THAT(shown(decode_bulk(usage(), {row}, labels).drift),
              ElementsAre("licenseActive type 1 an array"));
}

TEST(DriftOfBulkAnswers, CountsIdsThatAreNone) {
  LabelPool labels;
  const auto all = decode_bulk(
      usage(), {with(commercial_row(usage()), "customerTenantId", "\"contoso\"")}, labels);
  EXPECT_THAT(shown(all.drift), ElementsAre("customerTenantId type 1 text"));
}

TEST(DriftOfBulkAnswers, IsCountedInRejectedRowsToo) {
  LabelPool labels;
  Fields row = with(commercial_row(usage()), "customerTenantId", "null");
  set(row, "processedDateTime", "\"soon\"");
  set(row, "channel", "1");
  row.emplace_back("seats", "1");
  const auto all = decode_bulk(usage(), {row}, labels);
  EXPECT_THAT(all.customers, IsEmpty());
  EXPECT_THAT(shown(all.drift),
              ElementsAre("channel type 1 a number", "customerTenantId missing 1 null",
                          "processedDateTime date 1 text", "seats unknown 1 a number"));
}

TEST(DriftKinds, HaveTheWordsOfTheClosedList) {
  EXPECT_STREQ(name_of(DriftKind::kUnknown), "unknown");
  EXPECT_STREQ(name_of(DriftKind::kMissing), "missing");
  EXPECT_STREQ(name_of(DriftKind::kType), "type");
  EXPECT_STREQ(name_of(DriftKind::kDate), "date");
}

}  // namespace
}  // namespace pce
