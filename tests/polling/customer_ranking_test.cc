#include "exporter/polling/customer_ranking.h"

#include "exporter/insights/customer_deployment.h"
#include "exporter/insights/customer_usage.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

class CustomerRankingTest : public testing::Test {
 protected:
  void put(const std::string& id, std::vector<Record> records, const std::string& partner = "p") {
    store_.replace({slice_of(customer_deployment(), labels_, id, "name of " + id,
                             std::move(records), {}, partner)});
  }
  Record record(const char* product, std::int64_t sold, std::int64_t deployed) {
    return record_of(labels_, {"reseller", product, "o365"},
                     {Number::whole(sold), Number::whole(deployed)});
  }
  CustomerRanking rank(RankingRules rules = {}) { return rank_customers(*store_.current(), rules); }
  static std::string ids(const std::vector<RankedCustomer>& customers) {
    std::string text;
    for (const RankedCustomer& customer : customers) text += customer.customer_id.plain();
    return text;
  }

  LabelPool labels_;
  SnapshotStore store_;
};

TEST_F(CustomerRankingTest, AddsUpProductsAndOrdersBySeatsAndByShare) {
  put("a", {record("X", 100, 90), record("Y", 100, 90)});
  put("b", {record("X", 150, 15)});
  put("c", {record("X", 20, 1)});
  put("d", {record("X", 0, 0)});
  const CustomerRanking ranking = rank();
  EXPECT_EQ(ranking.customers, 3U) << "who bought nothing has no share";
  EXPECT_EQ(ids(ranking.largest), "abc");
  EXPECT_EQ(ids(ranking.worst), "cba");
  EXPECT_EQ(ranking.largest.at(0).sold, 200);
  EXPECT_EQ(ranking.largest.at(0).deployed, 180);
  EXPECT_EQ(ranking.largest.at(0).customer.plain(), "name of a");
}

TEST_F(CustomerRankingTest, FewUnusedSeatsAreNobodysConcern) {
  put("a", {record("X", 11, 0)});
  put("b", {record("X", 10, 0)});
  put("c", {record("X", 5, 9)});
  EXPECT_EQ(ids(rank({.spare_licenses = 10}).worst), "a");
  EXPECT_EQ(ids(rank({.spare_licenses = 0}).worst), "ab") << "nothing is unused at c";
}

TEST_F(CustomerRankingTest, IgnoredProductsAndUnknownNumbersDoNotCount) {
  put("a", {record("Free \"X\"", 10'000, 0), record("Y", 1, 1)});
  put("b", {record("Y", 2, 1),
            record_of(labels_, {"reseller", "Z", "o365"}, {Number(), Number::real(7)})});
  const CustomerRanking ranking = rank({.ignored_products = {"Free \"X\""}});
  EXPECT_EQ(ids(ranking.largest), "ba");
  EXPECT_EQ(ranking.largest.at(0).sold, 2);
}

TEST_F(CustomerRankingTest, EqualOnesAreOrderedByIdAndOnlySoManyShown) {
  for (const char* id : {"e", "c", "a", "d", "b"}) put(id, {record("X", 50, 0)});
  const CustomerRanking ranking = rank({.places = 3});
  EXPECT_EQ(ids(ranking.largest), "abc");
  EXPECT_EQ(ids(ranking.worst), "abc");
  EXPECT_EQ(ranking.customers, 5U);
}

TEST_F(CustomerRankingTest, IsMadeOncePerGenerationAndWhenTheRulesChange) {
  put("a", {record("X", 50, 0)});
  CustomerRanker ranker(store_);
  const auto first = ranker.ranking({});
  EXPECT_EQ(ranker.ranking({}), first);
  EXPECT_EQ(ids(first->worst), "a");
  EXPECT_EQ(ids(ranker.ranking({.spare_licenses = 50})->worst), "");
  put("b", {record("X", 60, 0)});
  const auto second = ranker.ranking({});
  EXPECT_NE(second, first);
  EXPECT_EQ(ids(second->largest), "ba");
  EXPECT_EQ(ids(first->largest), "a") << "who holds it keeps it";
}

}  // namespace
}  // namespace pce
