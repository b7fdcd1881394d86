#include "exporter/polling/publisher.h"

#include <algorithm>
#include <functional>

#include "exporter/insights/catalog.h"
#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

class PublisherTest : public testing::Test {
 protected:
  std::shared_ptr<const Slice> slice(const std::string& id) {
    return slice_of(*find_data_set("customer_deployment"), labels_, id, "A", {});
  }
  std::size_t shown() const { return store_.current()->slices(); }

  LabelPool labels_;
  FakeClock clock_;
  SnapshotStore store_;
  Publisher publisher_{store_, clock_};
};

TEST_F(PublisherTest, ShowsTheFirstSliceAtOnceAndGathersTheNextForASecond) {
  publisher_.add(slice("00"));
  EXPECT_EQ(shown(), 1U);
  publisher_.add(slice("01"));
  publisher_.add(slice("02"));
  EXPECT_EQ(shown(), 1U);
  clock_.advance(std::chrono::seconds(1));
  publisher_.add(slice("03"));
  EXPECT_EQ(shown(), 4U);
  EXPECT_EQ(store_.current()->generation(), 2U);
}

TEST_F(PublisherTest, ShowsTheRestWhenAsked) {
  publisher_.add(slice("00"));
  publisher_.add(slice("01"));
  publisher_.flush();
  EXPECT_EQ(shown(), 2U);
}

TEST_F(PublisherTest, ShowsABulkAnswerAndWhatWasGatheredInOneGeneration) {
  publisher_.add(slice("00"));
  publisher_.add(slice("01"));
  publisher_.replace({slice("02"), slice("03")}, {slice("00")->key});
  EXPECT_EQ(shown(), 3U);
  EXPECT_EQ(store_.current()->generation(), 2U);
}

TEST_F(PublisherTest, RemovesWhatIsNamed) {
  publisher_.replace({slice("00"), slice("01")}, {});
  EXPECT_EQ(publisher_.remove_if([&](const Slice& one) { return one.key == slice("00")->key; }),
            1U);
  EXPECT_EQ(shown(), 1U);
}

TEST_F(PublisherTest, RemovesAlsoWhatWasGathered) {
  publisher_.add(slice("00"));
  publisher_.add(slice("01"));
  publisher_.replace({}, {slice("01")->key});
  EXPECT_EQ(shown(), 1U);
}

TEST_F(PublisherTest, SaysAtMostOnceAnHourThatCustomersAreLeftOut) {
  set_up_log(LogLevel::kInfo, LogFormat::kLogfmt);
  SnapshotStore small(0);
  Publisher publisher(small, clock_);
  const auto lines_of = [&](const std::function<void()>& act) {
    testing::internal::CaptureStderr();
    act();
    const std::string text = testing::internal::GetCapturedStderr();
    return std::ranges::count(text, '\n');
  };
  const auto show = [&](const std::string& id) {
    publisher.replace({slice_of(*find_data_set("customer_deployment"), labels_, id, "A",
                                {record_of(labels_, {"r", "P", "o365"}, {Number::whole(7)})})},
                      {});
  };
  EXPECT_EQ(lines_of([&] { show("00"); }), 1);
  EXPECT_EQ(lines_of([&] { show("01"); }), 0);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(lines_of([&] { show("02"); }), 1);
  EXPECT_EQ(lines_of([&] { publisher.remove_if([](const Slice&) { return true; }); }), 1)
      << "all fit again";
  EXPECT_EQ(lines_of([&] { show("03"); }), 1);
}

}  // namespace
}  // namespace pce
