// What a commercial page says beside its rows, and pages that cannot be read.
#include <gmock/gmock.h>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Result<BulkPage> only_page(const std::string& body, const DataSet& data_set = usage()) {
  LabelPool labels;
  return data_set.bulk(labels)->page(body);
}

struct EnvelopeCase {
  std::string name, keys;  // beside the rows
  std::optional<std::string> link;
  std::optional<std::int64_t> total;
};
class Envelopes : public testing::TestWithParam<EnvelopeCase> {};
TEST_P(Envelopes, AreReadInFrontOfTheRowsAndBehindThem) {
  const auto& c = GetParam();
  std::string behind = R"({"Value":[])";
  if (!c.keys.empty()) behind.append(",").append(c.keys);
  behind += "}";
  std::string before = "{";
  before.append(c.keys).append(c.keys.empty() ? "" : ",").append(R"("value":[]})");
  for (const std::string& body : {behind, before}) {
    const auto page = only_page(body);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->next_link, c.link);
    EXPECT_EQ(page->total_count, c.total);
    EXPECT_EQ(page->rows, 0u);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Table, Envelopes,
    testing::Values(
        EnvelopeCase{"documented", R"("@nextLink":null,"TotalCount":7)", {}, 7},
        EnvelopeCase{"bare", "", {}, {}},
        EnvelopeCase{
            "relative", R"("@nextLink":"license?top=1&skip=1 x")", "license?top=1&skip=1 x", {}},
        EnvelopeCase{"other_spelling", R"("NEXTLINK":"https://a/b","totalcount":"12")",
                     "https://a/b", 12},
        EnvelopeCase{"odata", R"("@OData.nextLink":"/b","TOTALCOUNT":3.0)", "/b", 3},
        EnvelopeCase{"one_of_two", R"("nextLink":"/b","@nextLink":null)", "/b", {}},
        EnvelopeCase{"first_spelling_of_two", R"("nextLink":"/b","@nextLink":"/a")", "/a", {}},
        EnvelopeCase{"empty", R"("@nextLink":"","TotalCount":null)", {}, {}},
        EnvelopeCase{"total_is_no_number", R"("TotalCount":"all")", {}, {}},
        EnvelopeCase{"total_is_an_object", R"("TotalCount":{"n":3})", {}, {}},
        EnvelopeCase{"total_is_negative", R"("TotalCount":-1)", {}, {}},
        EnvelopeCase{"total_is_no_whole_number", R"("TotalCount":2.5)", {}, {}}),
    [](const auto& row) { return row.param.name; });

struct BadPage {
  std::string name, body, complaint;
};
class BadPages : public testing::TestWithParam<BadPage> {};
TEST_P(BadPages, AreErrorsThatSayWhatWasFound) {
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    const auto page = only_page(GetParam().body, data_set);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::kMalformed);
    EXPECT_THAT(page.error().message, HasSubstr(GetParam().complaint));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Table, BadPages,
    testing::Values(BadPage{"no_array", R"({"TotalCount":0})",
                            "no array of rows under \"Value\" or \"items\""},
                    BadPage{"null_array", R"({"Value":null,"@nextLink":null})", "no array of rows"},
                    BadPage{"fault", R"({"code":2001,"description":"x"})", "no array of rows"},
                    BadPage{"object", R"({"Value":{}})", "\"Value\" is an object"},
                    BadPage{"empty", "", "the body is empty"},
                    BadPage{"cut", R"({"Value":[{"channel":"resel)", "in row 0"},
                    BadPage{"link_is_a_number", R"({"Value":[],"@nextLink":3})",
                            "\"@nextLink\" is a number, wanted text or null"},
                    BadPage{"link_is_an_object", R"({"Value":[],"nextlink":{"uri":"/b"}})",
                            "\"nextLink\" is an object"},
                    BadPage{"link_is_false", R"({"Value":[],"@nextLink":false})", "is a boolean"}),
    [](const auto& row) { return row.param.name; });

TEST(BulkPages, SayWhenEachServiceWasProcessed) {
  LabelPool labels;
  const auto decoder = deployment().bulk(labels);
  const auto at = [](const char* date, const char* service) {
    Fields row = with(commercial_row(deployment()), "processedDateTime", date);
    set(row, "serviceCode", service);
    return row;
  };
  const auto first = decoder->page(
      page_of({at("\"2018-10-14T00:00:00\"", "\"o365\""), at("\"2018-10-16T00:00:00\"", "\"O365\""),
               at("\"2018-10-15T00:00:00\"", "\"o365\""), at("null", "\"crm\"")}));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->rows, 4u);
  EXPECT_THAT(first->processed,
              ElementsAre(Pair("o365", WallTime(std::chrono::milliseconds(1539648000000)))));
  const auto second = decoder->page(page_of({at("\"2018-10-01T00:00:00\"", "\"CRM\"")}));
  ASSERT_TRUE(second);
  EXPECT_THAT(second->processed,
              ElementsAre(Pair("crm", WallTime(std::chrono::milliseconds(1538352000000)))));
  const BulkDecoded all = decoder->finish();
  EXPECT_THAT(shown(all.customers.at(0).decoded.processed),
              ElementsAre("crm 1538352000000", "o365 1539648000000"));
}

TEST(BulkPages, CountElementsThatAreNoRows) {
  const std::string body = R"({"Value":[null,3,"x",[{}]]})";
  for (const DataSet* entry : catalog()) {
    const DataSet& data_set = *entry;
    LabelPool labels;
    const auto decoder = data_set.bulk(labels);
    const auto page = decoder->page(body);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->rows, 4u);
    const BulkDecoded all = decoder->finish();
    EXPECT_EQ(all.rows, 4u);
    if (data_set.scope == Scope::kPartner) {
      EXPECT_THAT(all.rows_rejected, IsEmpty());
      EXPECT_EQ(all.customers.at(0).decoded.rows, 4u);
      EXPECT_THAT(all.customers.at(0).decoded.rows_rejected, ElementsAre(Pair("type", 4u)));
    } else {
      EXPECT_THAT(all.rows_rejected, ElementsAre(Pair("type", 4u)));
    }
  }
}

TEST(BulkPages, TellWhereTheDataSetIsRead) {
  EXPECT_STREQ(deployment().commercial.path, "analytics/commercial/deployment/license");
  EXPECT_STREQ(deployment().commercial.group_by, "");
  EXPECT_STREQ(usage().commercial.path, "analytics/commercial/usage/license");
  EXPECT_STREQ(usage().commercial.group_by, "");
  EXPECT_STREQ(partner_wide_deployment().commercial.path,
               "analytics/commercial/deployment/license");
  EXPECT_STREQ(partner_wide_deployment().commercial.group_by, "serviceCode,channel");
  EXPECT_STREQ(partner_wide_usage().commercial.path, "analytics/commercial/usage/license");
  EXPECT_STREQ(partner_wide_usage().commercial.group_by, "serviceCode,workloadName,channel");
  const DataSet& not_an_insight = *published_data_sets().back();
  EXPECT_STREQ(not_an_insight.commercial.path, "");
  EXPECT_EQ(not_an_insight.bulk, nullptr);
}

// A body cut on its way is asked for again, and the whole one must count once.
TEST(BulkPages, KeepNothingOfAPageThatCannotBeRead) {
  const auto row = [](const char* customer, const char* product) {
    std::string text = R"({"customerTenantId":")";
    text.append(customer).append(R"(","customerName":"A","productName":")").append(product);
    text.append(R"(","productId":"1","workloadName":"W","workloadCode":"W","serviceCode":"o365",)");
    text.append(R"("serviceName":"O","channel":"r","processedDateTime":"2018-10-14T00:00:00",)");
    return text.append(R"("licensesActive":1,"licensesQualified":2,"odd":1})");
  };
  const char* const kKnown = "AAAAAAAA-0000-4000-8000-000000000001";
  const char* const kNew = "BBBBBBBB-0000-4000-8000-000000000002";
  const std::string first = R"({"Value":[)" + row(kKnown, "P") + "]}";
  std::string second = R"({"Value":[)" + row(kKnown, "Q");
  second.append(",").append(row(kNew, "P")).append(R"(,{"productName":"nobody's"},7]})");
  LabelPool labels;
  const auto read = [&](bool broken) {
    const auto decoder = usage().bulk(labels);
    EXPECT_TRUE(decoder->page(first));
    if (broken) {
      EXPECT_FALSE(decoder->page(second.substr(0, second.size() - 2)));
      EXPECT_FALSE(decoder->page(second.substr(0, second.size() / 2)));
    }
    EXPECT_TRUE(decoder->page(second));
    return decoder->finish();
  };
  const BulkDecoded once = read(false);
  const BulkDecoded again = read(true);
  EXPECT_EQ(again.rows, once.rows);
  EXPECT_EQ(again.rows_rejected, once.rows_rejected);
  EXPECT_EQ(again.drift, once.drift);
  ASSERT_EQ(again.customers.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.customers[i].customer, once.customers[i].customer);
    EXPECT_EQ(again.customers[i].decoded.rows, once.customers[i].decoded.rows);
    EXPECT_EQ(again.customers[i].decoded.records.size(), once.customers[i].decoded.records.size());
  }
}

// Of a customer, with a field twice, one that cannot be read, and fields nobody knows.
std::string page_with_everything(int number) {
  Fields row = commercial_row(usage());
  set(row, "customerTenantId",
      quoted("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f0" + std::to_string(number % 2)));
  set(row, "customerName", quoted(number % 2 == 0 ? "FABRIKAM" : "CONTOSO"));
  set(row, "productName", quoted("Product " + std::to_string(number)));
  row.emplace_back("channel", "\"direct\"");
  Fields unreadable = row;
  set(unreadable, "licensesActive", "\"none\"");
  Fields nobody = commercial_row(usage());
  remove(nobody, "customerTenantId");
  for (int i = 0; i < 30; ++i) {
    const int field = 100 + number * 10 + i;
    nobody.emplace_back("field" + std::to_string(field), i % 2 == 0 ? "1" : "null");
  }
  return page_of({row, unreadable, nobody, row});
}

TEST(BulkPages, OfSeveralDecodersAreAsThoseOfOne) {
  std::vector<std::string> pages;
  for (int i = 0; i < 6; ++i) pages.push_back(page_with_everything(i));
  LabelPool labels;
  const auto all = shown(usage(), decode_pages(usage(), pages, labels));
  for (const bool broken : {false, true}) {
    const auto first = usage().bulk(labels);
    const auto second = usage().bulk(labels);
    for (const std::size_t page : {0, 3}) EXPECT_TRUE(first->page(pages[page]));
    for (const std::size_t page : {1, 2, 4}) EXPECT_TRUE(second->page(pages[page]));
    first->take_over(*second);
    if (broken) {
      EXPECT_FALSE(first->page(pages[5].substr(0, pages[5].size() - 30)));
    }
    EXPECT_TRUE(first->page(pages[5]));
    EXPECT_EQ(shown(usage(), first->finish()), all) << broken;
  }
  EXPECT_THAT(all, Contains(HasSubstr("repeated=9 type=3"))) << "what is compared is there";
  EXPECT_THAT(all, Contains(HasSubstr("missing=6")));
  EXPECT_THAT(all, Contains(HasSubstr("drift other unknown")));
}

}  // namespace
}  // namespace pce
