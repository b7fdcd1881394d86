#include "exporter/web/scrape_query.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kPartners{"contoso", "tail spin"};

Selection selection_of(const std::string& query) {
  auto selection = scrape_selection(query, kPartners);
  EXPECT_TRUE(selection) << query << ": " << selection.error().message;
  return selection ? *std::move(selection) : Selection{};
}

std::string refusal(const std::string& query, ErrorKind kind = ErrorKind::kRejected) {
  const auto selection = scrape_selection(query, kPartners);
  EXPECT_FALSE(selection) << query.substr(0, 100);
  if (selection) return "";
  EXPECT_EQ(selection.error().kind, kind) << query.substr(0, 100);
  return selection.error().message;
}

TEST(ScrapeQuery, WithoutOurParametersAsksForEverything) {
  for (const char* query : {"", "&", "name[]=x&name[]=y", "target=a&module=b", "token", "=",
                            "a=%41", "format=prometheus&&", "Collect[]=nothing", "x[]=1&x[]=2"}) {
    EXPECT_TRUE(selection_of(query).everything()) << query;
  }
}

TEST(ScrapeQuery, CollectNamesCollectors) {
  using Names = Selection::Names;
  EXPECT_EQ(selection_of("collect[]=customer_usage").collectors, Names{"customer_usage"});
  EXPECT_EQ(selection_of("collect%5B%5D=customer_usage&a=b&collect[]=customers").collectors,
            (Names{"customer_usage", "customers"}));
  EXPECT_EQ(selection_of("exclude[]=customer_usage&exclude[]=customers").collectors,
            (Names{"customer_deployment", "partner_deployment", "partner_usage"}));
  const auto nothing = selection_of(
      "exclude[]=customer_usage&exclude[]=customers&exclude[]=customer_deployment"
      "&exclude[]=partner_deployment&exclude[]=partner_usage");
  EXPECT_EQ(nothing.collectors, Names{}) << "not everything";
}

TEST(ScrapeQuery, UnknownCollectorsAreRefusedByNamingTheKnown) {
  for (const char* query :
       {"collect[]=cpu", "collect[]=customers&collect[]=", "collect[]", "exclude[]=Customers"}) {
    EXPECT_THAT(refusal(query), HasSubstr("customer_deployment, customer_usage, customers, "
                                          "partner_deployment, partner_usage"))
        << query;
  }
  EXPECT_THAT(refusal("collect[]=customers&collect[]=cpu"), HasSubstr("Value 2 of collect[]"));
  EXPECT_THAT(refusal("collect[]=customers&exclude[]=customer_usage"), HasSubstr("one query"));
}

TEST(ScrapeQuery, PartnerNamesAccounts) {
  EXPECT_EQ(selection_of("partner[]=tail%20spin").partners, Selection::Names{"tail spin"});
  EXPECT_EQ(selection_of("partner[]=tail+spin").partners, Selection::Names{"tail spin"});
  EXPECT_TRUE(selection_of("partner[]=tail+spin&partner[]=contoso").everything());
  EXPECT_THAT(refusal("partner[]=fabrikam"), HasSubstr("Known: contoso, tail spin."));
  EXPECT_THAT(refusal("partner[]=Contoso"), HasSubstr("Value 1 of partner[]"));
}

TEST(ScrapeQuery, CustomersAreIdsAndPatternsOfIds) {
  const std::string id = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
  for (const std::string& value : std::vector<std::string>{
           id, "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04", "4*", "4D*", "*", "4d*9f04", "%34*"}) {
    const auto selection = selection_of("customer_id[]=0*&customer_id[]=" + value);
    ASSERT_TRUE(selection.customers) << value;
    EXPECT_TRUE(selection.customers->has(id)) << value;
    EXPECT_FALSE(selection.collectors || selection.partners);
  }
  for (const char* value :
       {"", "4", "4d3cf487", "Contoso", "Contoso*", "g*", "4d3cf48770f44e1e9ff1b2bfce8d9f04",
        "%7B4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04%7D", "+4*", "%00*"}) {
    EXPECT_THAT(refusal(std::string("customer_id[]=") + value),
                HasSubstr("Value 1 of customer_id[]"))
        << value;
  }
  EXPECT_THAT(refusal("customer_id[]=" + std::string(65, '*')), HasSubstr("customer_id[]"));
}

TEST(ScrapeQuery, ForgottenBracketsAreNotPassedOver) {
  for (const char* query : {"collect=customers", "exclude=customers", "partner=contoso",
                            "customer_id=0*", "customer_id[]=0*&partner=contoso"}) {
    EXPECT_THAT(refusal(query), HasSubstr("brackets")) << query;
  }
}

TEST(ScrapeQuery, BrokenPercentSequencesAreRefusedAnywhere) {
  for (const char* query : {"collect[]=%", "collect%5=customers", "partner[]=%4x", "other=%zz"})
    EXPECT_THAT(refusal(query), HasSubstr("%")) << query;
}

TEST(ScrapeQuery, RepeatsNothingOfWhatWasSent) {
  for (const char* query :
       {"collect[]=SECRET", "partner[]=SECRET", "customer_id[]=SECRET", "SECRET=%SECRET",
        "partner=SECRET", "collect[]=SECRET&exclude[]=SECRET"})
    EXPECT_THAT(refusal(query), Not(HasSubstr("SECRET"))) << query;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ScrapeQuery, ManyValuesAreRefusedBeforeTheyAreRead) {
  EXPECT_THAT(refusal(repeated("name[]=x&", 100'000), ErrorKind::kTooLarge), HasSubstr("8192"));
  EXPECT_THAT(refusal(repeated("name[]=x&", 201)), HasSubstr("200 parameters"));
  EXPECT_THAT(refusal(repeated("a&", 4096)), HasSubstr("200 parameters"));
  EXPECT_TRUE(selection_of(repeated("&", 8192)).everything());
  EXPECT_THAT(refusal(repeated("customer_id[]=*a*&", 17)), HasSubstr("16 values"));
  EXPECT_FALSE(selection_of(repeated("customer_id[]=*a*&", 16)).everything());
  EXPECT_FALSE(selection_of(repeated("customer_id[]=4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04&", 160))
                   .everything());
}

}  // namespace
}  // namespace pce
