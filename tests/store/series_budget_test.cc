#include "exporter/store/series_budget.h"

#include <random>

#include "exporter/store/snapshot_store.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

constexpr std::array kLabels{"product"};
constexpr std::array kMetrics{MetricInfo{"licenses_sold", "Seats sold.", ""},
                              MetricInfo{"deployment_percent", "Percent.", "percent"}};
constexpr DataSet kSold{.collector = "customer_deployment",
                        .scope = Scope::kCustomer,
                        .row_labels = kLabels,
                        .metrics = kMetrics,
                        .classic_path = "",
                        .decode = nullptr};
constexpr DataSet kInfo{.collector = "customers",
                        .scope = Scope::kCustomer,
                        .row_labels = kLabels,
                        .metrics = kMetrics,
                        .classic_path = "",
                        .decode = nullptr};
constexpr const char* kLow = "00000000-0000-4000-8000-000000000001";
constexpr const char* kMiddle = "77777777-0000-4000-8000-000000000002";
constexpr const char* kHigh = "ffffffff-0000-4000-8000-000000000003";

class SeriesBudgetTest : public testing::Test {
 protected:
  // So many products, two samples each.
  std::shared_ptr<const Slice> slice(const std::string& id, int products,
                                     const std::string& partner = "contoso",
                                     const DataSet& data_set = kSold) {
    std::vector<Record> records;
    for (int i = 0; i < products; ++i) {
      records.push_back(
          record_of(labels_, {"P" + std::to_string(i)}, {Number::whole(i), Number::real(1.5)}));
    }
    return slice_of(data_set, labels_, id, "A", std::move(records), {}, partner);
  }
  static bool shows(const SnapshotStore& store, const std::string& id,
                    const DataSet& data_set = kSold, const std::string& partner = "contoso") {
    return store.current()->find({&data_set, id, partner}) != nullptr;
  }
  LabelPool labels_;
};

TEST_F(SeriesBudgetTest, CountsKnownValuesOnly) {
  const auto one = slice_of(kSold, labels_, kLow, "A",
                            {record_of(labels_, {"P"}, {Number::whole(1), Number()})});
  EXPECT_EQ(series_of(*one), 1U);
  EXPECT_EQ(series_of(*slice(kLow, 3)), 6U);
}

TEST_F(SeriesBudgetTest, ShowsEverythingThatFits) {
  SnapshotStore store(8);
  EXPECT_FALSE(store.replace({slice(kLow, 2), slice(kHigh, 2)}));
  EXPECT_EQ(store.series(), (SeriesCount{.shown = 8}));
  EXPECT_EQ(store.current(), store.known());
}

TEST_F(SeriesBudgetTest, LeavesOutWholeCustomersFromTheFirstThatDoesNotFit) {
  SnapshotStore store(7);
  EXPECT_TRUE(store.replace(
      {slice(kHigh, 1), slice(kHigh, 1, "contoso", kInfo), slice(kMiddle, 2), slice(kLow, 2)}));
  EXPECT_TRUE(shows(store, kLow));
  EXPECT_FALSE(shows(store, kMiddle));
  EXPECT_FALSE(shows(store, kHigh)) << "one that comes later must not slip into the gap";
  EXPECT_FALSE(shows(store, kHigh, kInfo)) << "a customer is left out with all it has";
  EXPECT_EQ(store.series(), (SeriesCount{.shown = 4, .left_out = 8, .customers_left_out = 2}));
  EXPECT_NE(store.known()->find({&kSold, kHigh, "contoso"}), nullptr);
}

TEST_F(SeriesBudgetTest, AlwaysShowsWhatIsAboutThePartner) {
  SnapshotStore store(1);
  store.replace({slice("", 2), slice(kLow, 1)});
  EXPECT_TRUE(shows(store, ""));
  EXPECT_FALSE(shows(store, kLow));
}

TEST_F(SeriesBudgetTest, TellsCustomersOfTwoAccountsApart) {
  SnapshotStore store(4);
  store.replace({slice(kLow, 2, "a"), slice(kLow, 2, "b")});
  EXPECT_TRUE(shows(store, kLow, kSold, "a"));
  EXPECT_FALSE(shows(store, kLow, kSold, "b"));
}

TEST_F(SeriesBudgetTest, ShowsACustomerAgainWhenThereIsRoom) {
  SnapshotStore store(4);
  store.replace({slice(kLow, 2), slice(kHigh, 2)});
  EXPECT_FALSE(shows(store, kHigh));
  EXPECT_TRUE(store.replace({}, {{&kSold, kLow, "contoso"}}));
  EXPECT_TRUE(shows(store, kHigh));
  EXPECT_EQ(store.series(), (SeriesCount{.shown = 4}));
}

TEST_F(SeriesBudgetTest, SaysNothingNewWhenTheSameOnesAreLeftOut) {
  SnapshotStore store(4);
  EXPECT_TRUE(store.replace({slice(kLow, 2), slice(kHigh, 2)}));
  EXPECT_FALSE(store.replace({slice(kLow, 2), slice(kHigh, 1)}));
}

// Whatever came and went in whatever order: the choice is that of a store that saw the end only.
TEST_F(SeriesBudgetTest, ChoosesByWhatThereIsAndNotByHowItCame) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int trial = 0; trial < 50; ++trial) {
    SnapshotStore worn(static_cast<std::size_t>(below(60)));
    std::map<std::string, std::shared_ptr<const Slice>> last;
    for (int step = 0; step < 100; ++step) {
      const std::string id =
          std::string(1, "0123456789abcdef"[below(16)]) + "0000000-0000-4000-8000-000000000000";
      if (below(4) == 0) {
        worn.replace({}, {{&kSold, id, "contoso"}});
        last.erase(id);
      } else {
        last[id] = slice(id, below(5));
        worn.replace({last[id]}, below(2) == 0 ? std::vector<SliceKey>{last[id]->key}
                                               : std::vector<SliceKey>{});
      }
    }
    std::size_t shown = 0;
    std::vector<std::string> ids;
    worn.current()->each_slice(kSold, [&](const Slice& one) {
      shown += series_of(one);
      ids.emplace_back(one.key.customer_id);
    });
    EXPECT_EQ(worn.series().shown, shown);
    std::size_t all = 0;
    for (const auto& [id, one] : last) all += series_of(*one);
    EXPECT_EQ(worn.series().shown + worn.series().left_out, all);
    // Those left out are the highest ids, save customers without a single series.
    for (const auto& [id, one] : last) {
      if (series_of(*one) == 0 || std::ranges::count(ids, id) > 0) continue;
      for (const auto& other : ids)
        EXPECT_TRUE(other < id || series_of(*last[other]) == 0) << other << " " << id;
    }
  }
}

}  // namespace
}  // namespace pce
