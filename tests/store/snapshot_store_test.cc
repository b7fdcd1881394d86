#include "exporter/store/snapshot_store.h"

#include <atomic>
#include <thread>

#include "tests/support/slices.h"

namespace pce {
namespace {

constexpr std::array kLabels{"channel"};
constexpr std::array kMetric{MetricInfo{"licenses_sold", "Seats sold.", ""}};
constexpr DataSet kSold{.collector = "customer_deployment",
                        .scope = Scope::kCustomer,
                        .row_labels = kLabels,
                        .metrics = kMetric,
                        .classic_path = "",
                        .decode = nullptr};
constexpr const char* kFirst = "00000000-0000-4000-8000-000000000000";
constexpr const char* kSecond = "ff000000-0000-4000-8000-000000000000";

TEST(SnapshotStore, LeavesASnapshotThatSomebodyHoldsUntouched) {
  LabelPool labels;
  SnapshotStore store;
  store.replace({slice_of(kSold, labels, kFirst, "A", {})});
  const auto held = store.current();
  store.replace({}, {{&kSold, kFirst, "contoso"}});
  EXPECT_EQ(held->slices(), 1U);
  EXPECT_EQ(store.current()->slices(), 0U);
}

TEST(SnapshotStore, RemovesWhatAPredicateNamesAtThatMoment) {
  LabelPool labels;
  SnapshotStore store;
  const WallTime old(std::chrono::seconds(1));
  const WallTime fresh(std::chrono::seconds(9));
  store.replace({slice_of(kSold, labels, kFirst, "A", {}, old),
                 slice_of(kSold, labels, kSecond, "B", {}, fresh)});
  EXPECT_EQ(store.remove_if([&](const Slice& slice) { return slice.fetched < fresh; }).slices, 1U);
  EXPECT_EQ(store.current()->find({&kSold, kFirst, "contoso"}), nullptr);
  EXPECT_NE(store.current()->find({&kSold, kSecond, "contoso"}), nullptr);
  const auto generation = store.current()->generation();
  EXPECT_EQ(store.remove_if([](const Slice&) { return false; }).slices, 0U);
  EXPECT_EQ(store.current()->generation(), generation);
}

// One thread renews a slice for ever, another removes old ones: the new one must never go.
TEST(SnapshotStore, NeverRemovesASliceThatWasRenewedMeanwhile) {
  LabelPool labels;
  SnapshotStore store;
  std::atomic<std::int64_t> now = 0;
  const auto renew = [&] {
    store.replace(
        {slice_of(kSold, labels, kFirst, "A", {}, WallTime(std::chrono::milliseconds(++now)))});
  };
  renew();
  std::atomic<bool> done = false;
  std::jthread remover([&] {
    while (!done) {
      // Too old is what is older than a moment ago: true of the former slice only.
      const WallTime oldest{std::chrono::milliseconds(now.load())};
      store.remove_if([&](const Slice& slice) { return slice.fetched < oldest; });
    }
  });
  std::size_t missing = 0;
  for (int i = 0; i < 3000; ++i) {
    renew();
    missing += store.current()->find({&kSold, kFirst, "contoso"}) == nullptr ? 1 : 0;
  }
  done = true;
  EXPECT_EQ(missing, 0U);
}

TEST(SnapshotStore, WakesWhoWaitsForAnotherSnapshot) {
  LabelPool labels;
  SnapshotStore store;
  const auto first = store.current();
  std::shared_ptr<const Snapshot> second;
  std::jthread waiting([&](std::stop_token stop) { second = store.other_than(first, stop); });
  store.replace({slice_of(kSold, labels, kFirst, "A", {})});
  waiting.join();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second, store.current());
  EXPECT_EQ(store.other_than(first, {}), second) << "it has come already";
}

TEST(SnapshotStore, TellsAnotherSnapshotFromOneThatIsGone) {
  SnapshotStore store;
  LabelPool labels;
  const auto show = [&] { store.replace({slice_of(kSold, labels, kFirst, "A", {})}); };
  show();
  const std::weak_ptr<const Snapshot> first = store.current();
  show();
  ASSERT_TRUE(first.expired());
  EXPECT_EQ(store.other_than(first, {}), store.current());
}

TEST(SnapshotStore, WaitsNoLongerThanItMay) {
  SnapshotStore store;
  std::shared_ptr<const Snapshot> found = store.current();
  std::jthread waiting(
      [&](std::stop_token stop) { found = store.other_than(store.current(), stop); });
  waiting.request_stop();
  waiting.join();
  EXPECT_EQ(found, nullptr);
}

TEST(SnapshotStore, MakesNoGenerationOfNothing) {
  SnapshotStore store;
  store.replace({}, {});
  EXPECT_EQ(store.current()->generation(), 0U);
}

// Two slices are always replaced together; a reader must never see one new and one old.
TEST(SnapshotStore, ShowsWhatWasReplacedTogetherTogether) {
  LabelPool labels;
  SnapshotStore store;
  const auto put = [&](std::int64_t sold) {
    const auto record = record_of(labels, {"reseller"}, {Number::whole(sold)});
    store.replace({slice_of(kSold, labels, kFirst, "A", {record}),
                   slice_of(kSold, labels, kSecond, "B", {record})});
  };
  put(0);
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    for (std::int64_t i = 1; i <= 2000; ++i) put(i);
    done = true;
  });
  bool mixed = false;
  do {
    const auto snapshot = store.current();
    std::vector<std::int64_t> seen;
    snapshot->each_slice(
        kSold, [&](const Slice& slice) { seen.push_back(slice.records[0].values[0].whole()); });
    mixed = mixed || seen.size() != 2 || seen[0] != seen[1];
  } while (!done);
  EXPECT_FALSE(mixed);
  EXPECT_EQ(store.current()->generation(), 2001U);
}

TEST(SnapshotStore, AnotherCapCountsAtOnce) {
  LabelPool labels;
  SnapshotStore store;
  const Record one = record_of(labels, {"reseller"}, {Number::whole(1)});
  store.replace(
      {slice_of(kSold, labels, kFirst, "A", {one}), slice_of(kSold, labels, kSecond, "B", {one})});
  store.series_max_is(1);
  EXPECT_EQ(store.current()->slices(), 1U);
  EXPECT_EQ(store.known()->slices(), 2U);
  EXPECT_EQ(store.series().customers_left_out, 1U);
  store.series_max_is(2);
  EXPECT_EQ(store.current()->slices(), 2U);
  const auto generation = store.current()->generation();
  store.series_max_is(2);
  EXPECT_EQ(store.current()->generation(), generation) << "nothing to prepare anew";
}

}  // namespace
}  // namespace pce
