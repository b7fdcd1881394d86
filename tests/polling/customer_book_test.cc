#include "exporter/polling/customer_book.h"

namespace pce {
namespace {

using std::chrono::hours;
using Verdict = CustomerBook::Verdict;
using Standing = CustomerBook::Standing;

constexpr SteadyTime kStart{hours(100)};

TenantId id(int i) {
  std::string text = "00000000-0000-4000-8000-000000000000";
  text.replace(36 - 3, 3, std::to_string(100 + i));
  return *TenantId::parse(text);
}

CustomerList list_of(std::initializer_list<int> customers, bool complete = true) {
  CustomerList list;
  list.complete = complete;
  for (const int i : customers) {
    std::string name = "Customer ";
    name += std::to_string(i);
    list.customers.push_back({.id = id(i), .name = name, .domain = "", .relationship = ""});
  }
  return list;
}

TEST(CustomerBook, TakesACompleteList) {
  CustomerBook book({}, {});
  EXPECT_FALSE(book.knows_the_list());
  EXPECT_EQ(book.take(list_of({1, 2}), kStart), Verdict::kTaken);
  EXPECT_TRUE(book.knows_the_list());
  EXPECT_EQ(book.customers().size(), 2U);
  EXPECT_EQ(book.listed(), 2U);
}

TEST(CustomerBook, AddsWhatAnIncompleteListNamesAndForgetsNobody) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2}), kStart);
  EXPECT_EQ(book.take(list_of({3}, false), kStart), Verdict::kIncomplete);
  EXPECT_EQ(book.customers().size(), 3U);
  EXPECT_EQ(book.listed(), 2U);
  EXPECT_EQ(book.leaving(), 0U);
}

TEST(CustomerBook, LetsACustomerGoWhenTwoListsInARowDoNotNameIt) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2, 3}), kStart);
  EXPECT_EQ(book.take(list_of({1, 3}), kStart), Verdict::kTaken);
  EXPECT_TRUE(book.customers().contains(id(2)));
  EXPECT_EQ(book.leaving(), 1U);
  book.take(list_of({1, 3}, false), kStart);
  EXPECT_TRUE(book.customers().contains(id(2))) << "an incomplete list confirms nothing";
  book.take(list_of({1, 3}), kStart);
  EXPECT_FALSE(book.customers().contains(id(2)));
  EXPECT_EQ(book.leaving(), 0U);
}

TEST(CustomerBook, KeepsACustomerThatOnlyOneListForgot) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2, 3}), kStart);
  book.take(list_of({1, 3}), kStart);
  book.take(list_of({1, 2, 3}), kStart);
  EXPECT_EQ(book.leaving(), 0U);
  book.take(list_of({1, 3}), kStart);
  EXPECT_TRUE(book.customers().contains(id(2)));
}

TEST(CustomerBook, LetsALeavingCustomerGoWhenItIsSaidNotToBeOurs) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2}), kStart);
  book.take(list_of({1}), kStart);
  EXPECT_TRUE(book.not_ours(id(2), kStart));
  EXPECT_FALSE(book.customers().contains(id(2)));
  EXPECT_EQ(book.refused(), 0U);
}

TEST(CustomerBook, WantsARefusalOfAListedCustomerConfirmed) {
  CustomerBook book({}, {.confirmations = 3, .over = hours(24)});
  book.take(list_of({1, 2}), kStart);
  EXPECT_FALSE(book.not_ours(id(2), kStart));
  EXPECT_EQ(book.refused(), 1U);
  EXPECT_FALSE(book.not_ours(id(2), kStart + hours(12)));
  EXPECT_TRUE(book.not_ours(id(2), kStart + hours(24)));
  EXPECT_TRUE(book.not_ours(id(2), kStart + hours(30)));
  EXPECT_TRUE(book.customers().contains(id(2))) << "it is still listed";
  book.ours(id(2));
  EXPECT_EQ(book.refused(), 0U);
  EXPECT_FALSE(book.not_ours(id(2), kStart + hours(36)));
}

TEST(CustomerBook, DoubtsAListOfNobodyOrOfFarFewer) {
  CustomerBook book({}, {.confirmations = 3, .over = hours(24)});
  book.take(list_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), kStart);
  EXPECT_EQ(book.take(list_of({}), kStart), Verdict::kDoubted);
  EXPECT_EQ(book.take(list_of({1, 2, 3, 4}), kStart + hours(12)), Verdict::kDoubted);
  EXPECT_EQ(book.customers().size(), 10U);
  EXPECT_EQ(book.listed(), 10U);
  EXPECT_EQ(book.take(list_of({1, 2, 3, 4}), kStart + hours(24)), Verdict::kTaken);
  EXPECT_EQ(book.customers().size(), 4U) << "it was said three times already";
}

TEST(CustomerBook, ForgetsItsDoubtWhenTheListIsWholeAgain) {
  CustomerBook book({}, {.confirmations = 2, .over = hours(24)});
  book.take(list_of({1}), kStart);
  EXPECT_EQ(book.take(list_of({}), kStart), Verdict::kDoubted);
  EXPECT_EQ(book.take(list_of({1}), kStart + hours(12)), Verdict::kTaken);
  EXPECT_EQ(book.take(list_of({}), kStart + hours(24)), Verdict::kDoubted);
}

TEST(CustomerBook, LeavesOutWhomTheFilterDoesNotAdmit) {
  CustomerBook book(CustomerFilter({}, {"customer 2"}), {});
  book.take(list_of({1, 2}), kStart);
  EXPECT_FALSE(book.customers().contains(id(2)));
  EXPECT_EQ(book.listed(), 2U);
  ASSERT_EQ(book.excluded().size(), 1U);
  EXPECT_EQ(book.excluded().at(id(2)).why.kind, Admission::Kind::kExcluded);
  EXPECT_EQ(book.standing(id(2), "CUSTOMER 2"), Standing::kExcluded);
}

TEST(CustomerBook, LetsARenamedCustomerGoAtOnceWhenTheFilterNoLongerAdmitsIt) {
  CustomerBook book(CustomerFilter({}, {"gone*"}), {});
  book.take(list_of({1}), kStart);
  CustomerList renamed = list_of({1});
  renamed.customers[0].name = "Gone Ltd";
  book.take(renamed, kStart);
  EXPECT_TRUE(book.customers().empty());
  EXPECT_EQ(book.leaving(), 0U);
}

TEST(CustomerBook, KnowsWhereSomebodyNamedInAnAnswerStands) {
  CustomerBook book(CustomerFilter({}, {"*secret*"}), {});
  EXPECT_EQ(book.standing(id(1), "ANYBODY"), Standing::kOurs)
      << "without a list, the row is all we have";
  EXPECT_EQ(book.standing(id(1), "SECRET LTD"), Standing::kExcluded);
  book.take(list_of({1}), kStart);
  EXPECT_EQ(book.standing(id(1), ""), Standing::kOurs);
  EXPECT_EQ(book.standing(id(7), "ANYBODY"), Standing::kUnlisted);
}

TEST(CustomerBook, KeepsALeavingCustomerThatAnIncompleteListNames) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2}), kStart);
  book.take(list_of({1}), kStart);
  book.take(list_of({2}, false), kStart);
  EXPECT_EQ(book.leaving(), 0U);
}

TEST(CustomerBook, CountsNoRefusalOfACustomerThatIsGone) {
  CustomerBook book({}, {});
  book.take(list_of({1, 2, 3}), kStart);
  book.not_ours(id(2), kStart);
  book.take(list_of({1, 3}), kStart);
  book.take(list_of({1, 3}), kStart);
  EXPECT_EQ(book.refused(), 0U);
}

TEST(CustomerBook, JudgesEverybodyAnewByAnotherFilter) {
  CustomerBook book(CustomerFilter({}, {"Customer 3"}), {});
  book.take(list_of({1, 2, 3, 4}), kStart);
  book.take(list_of({1, 2, 3}), kStart);
  ASSERT_TRUE(book.is_leaving(id(4)));
  EXPECT_FALSE(book.adopt(CustomerFilter({}, {"Customer 3", "Customer 1"}), {}));
  EXPECT_EQ(book.customers().size(), 2U);
  EXPECT_EQ(book.excluded().at(id(1)).why.entry, 1U);
  EXPECT_TRUE(book.is_leaving(id(4))) << "no list was read";
  EXPECT_TRUE(book.adopt(CustomerFilter({}, {"Customer 1"}), {})) << "3 came";
  EXPECT_EQ(book.customers().at(id(3)).name, "Customer 3");
  EXPECT_EQ(book.standing(id(1), ""), Standing::kExcluded);
  EXPECT_FALSE(book.adopt(CustomerFilter({}, {"Customer 1"}), {}));
}

}  // namespace
}  // namespace pce
