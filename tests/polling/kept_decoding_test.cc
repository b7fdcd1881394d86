#include "exporter/polling/kept_decoding.h"

#include <deque>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

class KeptDecodingTest : public testing::TestWithParam<std::size_t> {
 protected:
  std::vector<std::optional<KeptDecoded>> decoded() {
    return decode_kept({kept_.begin(), kept_.end()}, GetParam(), labels_);
  }
  void keep(Source source, const std::vector<std::string>& pages) {
    readings_.push_back({.data_set = &usage(), .source = source});
    std::vector<PackedText>& packed = pages_.emplace_back();
    for (const std::string& page : pages) packed.push_back(pack(page));
    kept_.push_back({readings_.back(), packed});
  }

  // Of a customer that stands on two pages, and of one of its own.
  static std::vector<std::string> pages_of_usage(std::size_t count) {
    std::vector<std::string> pages;
    for (std::size_t i = 0; i < count; ++i) pages.push_back(page_of({row(i / 2), row(1000 + i)}));
    return pages;
  }
  static Fields row(std::size_t customer) {
    Fields row = commercial_row(usage());
    const std::string digits = std::to_string(100000000000 + customer);
    set(row, "customerTenantId", quoted("4d3cf487-70f4-4e1e-9ff1-" + digits));
    set(row, "workloadName", quoted("Workload " + std::to_string(customer % 3)));
    set(row, "licensesActive", std::to_string(customer));
    return row;
  }

  LabelPool labels_;
  std::deque<Reading> readings_;
  std::deque<std::vector<PackedText>> pages_;
  std::vector<KeptAnswer> kept_;
};
INSTANTIATE_TEST_SUITE_P(Threads, KeptDecodingTest, testing::Values(1, 2, 3, 8));

TEST_P(KeptDecodingTest, TheSameComesOutHoweverManyShareThePages) {
  const auto pages = pages_of_usage(61);
  keep(Source::kCommercial, pages);
  const auto all = decoded();
  ASSERT_TRUE(all.at(0));
  EXPECT_EQ(shown(usage(), all[0]->answer), shown(usage(), decode_pages(usage(), pages, labels_)));
  EXPECT_EQ(all[0]->answer.customers.size(), 31U + 61U);
}

TEST_P(KeptDecodingTest, ComesInTheOrderOfWhatWasKept) {
  for (const std::size_t pages : {1U, 40U, 3U, 17U})
    keep(Source::kCommercial, pages_of_usage(pages));
  const auto all = decoded();
  ASSERT_EQ(all.size(), 4U);
  std::vector<std::size_t> rows;
  for (const auto& one : all) rows.push_back(one->answer.rows);
  EXPECT_EQ(rows, (std::vector<std::size_t>{2, 80, 6, 34}));
}

TEST_P(KeptDecodingTest, TheLastPageThatAnnouncesRowsCounts) {
  auto pages = pages_of_usage(30);
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i] = R"({"Value":[]})";
  keep(Source::kCommercial, pages);
  pages[0] = R"({"Value":[],"TotalCount":1})";
  pages[2] = R"({"Value":[],"TotalCount":3})";
  keep(Source::kCommercial, pages);
  pages[20] = R"({"Value":[],"TotalCount":21})";
  keep(Source::kCommercial, pages);
  const auto all = decoded();
  EXPECT_EQ(all.at(0)->rows_announced, std::nullopt);
  EXPECT_EQ(all.at(1)->rows_announced, 3) << "by a page of the first share";
  EXPECT_EQ(all.at(2)->rows_announced, 21);
}

TEST_P(KeptDecodingTest, OnePageThatCannotBeReadSpoilsItsAnswerOnly) {
  for (const std::size_t spoilt : {0U, 15U, 29U}) {
    auto pages = pages_of_usage(30);
    pages[spoilt] = "{\"Value\":[";
    keep(Source::kCommercial, pages);
    keep(Source::kCommercial, pages_of_usage(30));
  }
  keep(Source::kCommercial, pages_of_usage(30));
  pages_.back()[7].deflated.pop_back();
  const auto all = decoded();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].has_value(), i % 2 == 1) << i;
}

TEST_P(KeptDecodingTest, RowsOfWhichNoneCanBeReadAreNoAnswer) {
  keep(Source::kCommercial, {R"({"Value":[{"customerTenantId":"nobody"}]})"});
  EXPECT_FALSE(decoded().at(0));
}

TEST_P(KeptDecodingTest, AClassicAnswerHasOneBody) {
  const std::string body = R"({"items":[]})";
  keep(Source::kClassic, {body});
  keep(Source::kClassic, {body, body});
  keep(Source::kClassic, {});
  keep(Source::kClassic, {"nonsense"});
  const auto all = decoded();
  EXPECT_TRUE(all.at(0));
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_FALSE(all[i]) << i;
}

TEST_P(KeptDecodingTest, OfNothingIsNothing) { EXPECT_TRUE(decoded().empty()); }

}  // namespace
}  // namespace pce
