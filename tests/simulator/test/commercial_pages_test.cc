// Pages of B1 and B2: found through remembered counts, and still every row once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/simulator/commercial_rows.h"
#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

TEST(Top, TenThousandIsTheDefaultAndTheMost) {
  Bench bench({.customers = 1000, .products = 15});
  EXPECT_EQ(bench.rows(kB1).size(), 10'000U);
  EXPECT_EQ(bench.rows(kB1 + "?top=10000&skip=10000").size(), 5003U);
  EXPECT_EQ(bench.get(kB1 + "?top=10001").status, 400);
}

// Pages are found through remembered counts; these are the ways that could go wrong.
class FilteredPages : public testing::TestWithParam<std::string> {};
TEST_P(FilteredPages, TogetherAreTheFilteredRows) {
  Bench bench;
  const std::string question = kB2 + "?" + GetParam();
  const auto check = [&] {
    const json whole = bench.json(question);
    ASSERT_EQ(whole["TotalCount"], whole["Value"].size());
    json pages = json::array();
    for (std::size_t skip = 0; skip <= whole["Value"].size(); skip += 7) {
      const json page = bench.json(fmt::format("{}&top=7&skip={}", question, skip));
      EXPECT_EQ(page["TotalCount"], whole["TotalCount"]);
      for (const json& row : page["Value"]) pages.push_back(row);
    }
    EXPECT_EQ(pages, whole["Value"]);
  };
  check();
  const auto before = bench.json(question)["TotalCount"];
  bench.command("estate", {{"remove", {kSeedCustomerId}}});
  check();
  EXPECT_EQ(bench.json(question)["TotalCount"].get<int>() + 5, before);
}
INSTANTIATE_TEST_SUITE_P(
    , FilteredPages,
    testing::Values("filter=" + url_encode("channel eq 'reseller'"),
                    "filter=" + url_encode("serviceCode ne 'crm' or workloadName eq 'SharePoint'"),
                    "filter=" + url_encode("customerName ne 'nobody'"),
                    "processedDateTime=2017-03-09", "filter="));

TEST(FilterOfOneCustomer, FindsWhatALookAtAllFinds) {
  Bench bench;
  for (std::size_t number = 0; number < 26; ++number) {
    const std::string id = bench.world.estate.get()->customer(number).id;
    json expected = json::array();
    for (const json& row : bench.rows(kB2)) {
      if (row["customerTenantId"] == upper(id) && row["channel"] == "reseller")
        expected.push_back(row);
    }
    const std::string filter =
        fmt::format("channel eq 'reseller' and (customerTenantId eq '{}')", id);
    const json found = bench.json(kB2 + "?filter=" + url_encode(filter));
    EXPECT_EQ(found["Value"], expected);
    EXPECT_EQ(found["TotalCount"], expected.size());
  }
}

// A large estate is read in some fifty pages; only the first may cost a look at every row.
TEST(RowCounts, AreCountedOncePerQuestionAndEstate) {
  EstateHolder holder{Estate(EstateShape{})};
  RowCounts counts;
  const Spelling spelling;
  const auto ask = [&](const std::string& query) {
    const auto question =
        std::get<Question>(read_question(Dataset::kUsage, Bench::request("/x?" + query)));
    const auto estate = holder.get();
    return counts.before(CommercialRows(Dataset::kUsage, *estate, spelling, question));
  };
  const std::string filter = "filter=" + url_encode("channel eq 'direct'");
  const auto first = ask(filter + "&top=5");
  EXPECT_EQ(ask(filter + "&top=5&skip=5"), first);
  EXPECT_NE(ask(""), first);
  EXPECT_EQ(ask(filter), first);
  holder.update([](Estate& estate) { return estate.remove(kSeedCustomerId); });
  EXPECT_NE(ask(filter), first);
}

TEST(DuplicateRows, CountAndFillPagesLikeOthers) {
  Bench bench;
  const json plain = bench.rows(kB1);
  bench.command("settings", {{"variant", {{"duplicate_rows", true}}}});
  json pages = json::array();
  for (int skip = 0; skip < 182; skip += 25) {
    const json page = bench.json(fmt::format("{}?top=25&skip={}", kB1, skip));
    EXPECT_EQ(page["TotalCount"], 182);
    EXPECT_LE(page["Value"].size(), 25U);
    for (const json& row : page["Value"]) pages.push_back(row);
  }
  ASSERT_EQ(pages.size(), 182U);
  for (std::size_t i = 0; i < pages.size(); ++i) EXPECT_EQ(pages[i], plain[i / 2]);
}

}  // namespace
}  // namespace simulator
