#include "exporter/polling/publisher.h"

#include "exporter/insights/catalog.h"
#include "tests/support/fake_clock.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

class PublisherTest : public testing::Test {
 protected:
  Slice slice(const std::string& id) {
    return *slice_of(*find_data_set("customer_deployment"), labels_, id, "A", {});
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

}  // namespace
}  // namespace pce
