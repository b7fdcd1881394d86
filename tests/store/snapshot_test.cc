#include "exporter/store/snapshot.h"

#include <set>

#include "tests/support/slices.h"

namespace pce {
namespace {

constexpr std::array kNoLabels{"channel"};
constexpr std::array kMetric{MetricInfo{"licenses_sold", "Seats sold.", ""}};
constexpr DataSet kSold{.collector = "customer_deployment",
                        .scope = Scope::kCustomer,
                        .row_labels = kNoLabels,
                        .metrics = kMetric,
                        .classic_path = "",
                        .decode = nullptr};
constexpr DataSet kOther{.collector = "customer_usage",
                         .scope = Scope::kCustomer,
                         .row_labels = kNoLabels,
                         .metrics = kMetric,
                         .classic_path = "",
                         .decode = nullptr};

std::string customer_id(int i) {
  char text[40];
  std::snprintf(text, sizeof text, "%02x%06x-0000-4000-8000-000000000000", (i * 37) & 255, i);
  return text;
}

class SnapshotTest : public testing::Test {
 protected:
  std::shared_ptr<const Slice> slice(const std::string& id, std::int64_t sold,
                                     const DataSet& data_set = kSold) {
    return slice_of(data_set, labels_, id, "Customer " + id,
                    {record_of(labels_, {"reseller"}, {Number::whole(sold)})});
  }
  std::vector<std::string> ids(const Snapshot& snapshot, const DataSet& data_set = kSold) {
    std::vector<std::string> all;
    snapshot.each_slice(data_set, [&](const Slice& s) { all.emplace_back(s.key.customer_id); });
    return all;
  }
  LabelPool labels_;
};

TEST_F(SnapshotTest, ShowsSlicesInCustomerOrderHoweverTheyCame) {
  std::vector<std::shared_ptr<const Slice>> slices;
  for (int i = 999; i >= 0; --i) slices.push_back(slice(customer_id(i), i));
  const auto snapshot = Snapshot::after(Snapshot(), slices, {});
  const auto all = ids(*snapshot);
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST_F(SnapshotTest, ReplacesTheSliceOfTheSameKeyAndNoOther) {
  const auto one =
      Snapshot::after(Snapshot(), {slice(customer_id(1), 10), slice(customer_id(2), 20)}, {});
  const auto two = Snapshot::after(*one, {slice(customer_id(1), 11)}, {});
  EXPECT_EQ(two->slices(), 2U);
  EXPECT_EQ(two->find({&kSold, customer_id(1), "contoso"})->records[0].values[0],
            Number::whole(11));
  EXPECT_EQ(two->find({&kSold, customer_id(2), "contoso"})->records[0].values[0],
            Number::whole(20));
  EXPECT_EQ(one->find({&kSold, customer_id(1), "contoso"})->records[0].values[0],
            Number::whole(10));
}

TEST_F(SnapshotTest, SharesEveryRunThatDidNotChange) {
  std::vector<std::shared_ptr<const Slice>> slices;
  for (int i = 0; i < 1000; ++i) slices.push_back(slice(customer_id(i), i));
  const auto former = Snapshot::after(Snapshot(), slices, {});
  const auto next = Snapshot::after(*former, {slice(customer_id(5), 1)}, {});
  std::size_t shared = 0;
  for (std::size_t i = 0; i < Snapshot::kRuns; ++i)
    shared += (*former->runs(kSold))[i] == (*next->runs(kSold))[i] ? 1 : 0;
  EXPECT_EQ(shared, Snapshot::kRuns - 1);
}

TEST_F(SnapshotTest, NumbersEachRunOnce) {
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(numbers.insert(SliceRun().number).second);
  EXPECT_FALSE(numbers.contains(0));
}

TEST_F(SnapshotTest, CountsTheRecordsOfARun) {
  const auto two =
      Snapshot::after(Snapshot(), {slice(customer_id(1), 10), slice(customer_id(257), 20)}, {});
  const auto one = Snapshot::after(*two, {}, {{&kSold, customer_id(1), "contoso"}});
  const auto records = [](const Snapshot& snapshot) {
    std::size_t sum = 0;
    for (const auto& run : *snapshot.runs(kSold)) sum += run ? run->records : 0;
    return sum;
  };
  EXPECT_EQ(records(*two), 2U);
  EXPECT_EQ(records(*one), 1U);
}

TEST_F(SnapshotTest, ForgetsARemovedKeyAndKeepsItsOtherDataSet) {
  const auto both =
      Snapshot::after(Snapshot(), {slice(customer_id(1), 1), slice(customer_id(1), 1, kOther)}, {});
  const auto next = Snapshot::after(*both, {}, {{&kSold, customer_id(1), "contoso"}});
  EXPECT_TRUE(ids(*next).empty());
  EXPECT_EQ(ids(*next, kOther).size(), 1U);
}

TEST_F(SnapshotTest, KeepsTwoAccountsApartThatShareACustomer) {
  LabelPool labels;
  const auto a = slice_of(kSold, labels, customer_id(1), "A", {}, {}, "contoso");
  const auto b = slice_of(kSold, labels, customer_id(1), "A", {}, {}, "fabrikam");
  const auto snapshot = Snapshot::after(Snapshot(), {b, a}, {});
  EXPECT_EQ(snapshot->slices(), 2U);
  EXPECT_EQ(snapshot->find({&kSold, customer_id(1), "contoso"}), a.get());
  EXPECT_EQ(snapshot->find({&kSold, customer_id(1), "fabrikam"}), b.get());
}

TEST_F(SnapshotTest, OfWhatIsChosenKeepsTheGenerationAndSharesTheRest) {
  std::vector<std::shared_ptr<const Slice>> slices;
  for (int i = 0; i < 600; ++i) slices.push_back(slice(customer_id(i), i));
  slices.push_back(slice(customer_id(1), 1, kOther));
  const auto whole = Snapshot::after(Snapshot(), slices, {});
  const auto part = Snapshot::chosen(whole, [](const DataSet& data_set, std::size_t run,
                                               const std::shared_ptr<const SliceRun>& of) {
    EXPECT_FALSE(of->slices.empty());
    EXPECT_EQ(
        std::stoul(std::string(of->slices[0]->key.customer_id.view().substr(0, 2)), nullptr, 16),
        run);
    return &data_set == &kOther || run < 16 ? of : nullptr;
  });
  EXPECT_EQ(part->generation(), whole->generation());
  EXPECT_EQ(part->runs(kOther), whole->runs(kOther)) << "unchanged as a whole";
  for (std::size_t run = 0; run < Snapshot::kRuns; ++run) {
    EXPECT_EQ((*part->runs(kSold))[run], run < 16 ? (*whole->runs(kSold))[run] : nullptr) << run;
  }
}

}  // namespace
}  // namespace pce
