#include "exporter/polling/bulk_answers.h"

#include <gmock/gmock.h>

namespace pce {
namespace {

using testing::ElementsAre;

TenantId id(int i) {
  return *TenantId::parse("00000000-0000-4000-8000-00000000000" + std::to_string(i));
}
CustomerDecoded answer(int i, std::size_t rows = 1) {
  CustomerDecoded answer{.customer = id(i)};
  answer.decoded.rows = rows;
  return answer;
}
CustomerBook book_of(std::initializer_list<int> customers, const CustomerNaming& naming = {}) {
  CustomerList list;
  list.complete = true;
  for (const int i : customers)
    list.customers.push_back(
        naming.named({.id = id(i), .name = "A", .domain = "", .relationship = ""}));
  CustomerBook book({}, {}, naming);
  book.take(list, SteadyTime());
  return book;
}
std::vector<std::size_t> rows_of(const BulkAnswers& answers) {
  std::vector<std::size_t> rows;
  for (const CustomerDecoded& answer : answers) rows.push_back(answer.decoded.rows);
  return rows;
}

TEST(BulkAnswers, AreKeptOfThoseWhoAreOurs) {
  BulkAnswers answers{answer(1, 11), answer(2, 12), answer(3, 13), CustomerDecoded{}};
  EXPECT_EQ(keep_ours(answers, book_of({1, 3})), 1U) << "the second one is in no list";
  EXPECT_THAT(rows_of(answers), ElementsAre(11U, 13U));
}

TEST(BulkAnswers, AreInTheOrderOfWhatCustomersAreCalledHere) {
  const auto naming = CustomerNaming::by_hash(Secret("an-example-key-of-32-characters-or-more"));
  BulkAnswers answers;
  for (int i = 1; i < 9; ++i) answers.push_back(answer(i));
  EXPECT_EQ(keep_ours(answers, book_of({1, 2, 3, 4, 5, 6, 7, 8}, naming)), 0U);
  ASSERT_EQ(answers.size(), 8U);
  EXPECT_TRUE(std::ranges::is_sorted(answers, {}, &CustomerDecoded::customer));
  for (int i = 1; i < 9; ++i) {
    EXPECT_TRUE(std::ranges::binary_search(answers, std::optional(naming.id_of(id(i))), {},
                                           &CustomerDecoded::customer));
  }
}

TEST(BulkAnswers, HaveNoRowsOfThoseTheyDoNotName) {
  BulkAnswers answers{answer(2, 12), answer(4, 14)};
  add_silent(answers, {id(3), id(1), id(2), id(3)});
  EXPECT_THAT(rows_of(answers), ElementsAre(0U, 12U, 0U, 14U));
  EXPECT_EQ(answers[2].customer, id(3));
}

}  // namespace
}  // namespace pce
