#include "exporter/insights/customer_tallies.h"

#include <gmock/gmock.h>

namespace pce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TenantId id(int number) {
  return *TenantId::parse("00000000-0000-4000-8000-00000000000" + std::to_string(number));
}

TEST(CustomerTallies, KnowACustomerAgain) {
  CustomerTallies tallies;
  tallies.begin_page();
  const auto first = tallies.place_of(id(2));
  EXPECT_NE(tallies.place_of(id(1)), first);
  EXPECT_EQ(tallies.place_of(id(2)), first);
}

TEST(CustomerTallies, AddUpOverPages) {
  CustomerTallies tallies;
  for (const auto& [name, repeated] : {std::pair("Contoso", 1), std::pair("Adatum", 2)}) {
    tallies.begin_page();
    const auto place = tallies.place_of(id(1));
    tallies.row(place, static_cast<std::size_t>(repeated));
    tallies.name(place, name);
    tallies.name(place, "");
    tallies.rejected_row(place, 0, Rejection::kRange);
  }
  ASSERT_EQ(tallies.ordered().size(), 1U);
  const CustomerDecoded all = tallies.take(0);
  EXPECT_EQ(all.customer, id(1));
  EXPECT_EQ(all.decoded.rows, 4U);
  EXPECT_EQ(all.decoded.fields_repeated, 3U);
  EXPECT_EQ(all.decoded.customer_name, "Adatum") << "the smaller one, whichever came first";
  EXPECT_THAT(all.decoded.rows_rejected, ElementsAre(Pair("range", 2U)));
}

TEST(CustomerTallies, TakeNothingFromAPageThatIsTakenBack) {
  CustomerTallies tallies;
  tallies.begin_page();
  tallies.row(tallies.place_of(id(2)), 0);
  tallies.name(tallies.place_of(id(2)), "Contoso");
  for (int attempt = 0; attempt < 2; ++attempt) {
    tallies.begin_page();
    tallies.row(tallies.place_of(id(2)), 5);
    tallies.name(tallies.place_of(id(2)), "Adatum");
    tallies.rejected_row(tallies.place_of(id(1)), 0, Rejection::kType);
    tallies.take_page_back();
  }
  tallies.begin_page();
  const auto known_before = tallies.place_of(id(2));
  const auto come_later = tallies.place_of(id(1));
  ASSERT_THAT(tallies.ordered(), ElementsAre(come_later, known_before));
  EXPECT_THAT(tallies.take(come_later).decoded.rows_rejected, IsEmpty());
  const CustomerDecoded before = tallies.take(known_before);
  EXPECT_EQ(before.decoded.rows, 1U);
  EXPECT_EQ(before.decoded.fields_repeated, 0U);
  EXPECT_EQ(before.decoded.customer_name, "Contoso");
}

TEST(CustomerTallies, HaveOnePlaceForThePartner) {
  CustomerTallies tallies;
  const auto place = tallies.place_of_the_partner();
  tallies.begin_page();
  EXPECT_EQ(tallies.place_of_the_partner(), place);
  tallies.row(place, 0);
  tallies.take_page_back();
  const CustomerDecoded partner = tallies.take(place);
  EXPECT_FALSE(partner.customer);
  EXPECT_EQ(partner.decoded.rows, 0U);
}

}  // namespace
}  // namespace pce
