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

}  // namespace
}  // namespace pce
