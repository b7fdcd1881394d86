#include "exporter/polling/expiry.h"

#include "exporter/insights/catalog.h"
#include "exporter/telemetry/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const DataSet& kSet = *find_data_set("customer_deployment");

class ExpiryTest : public testing::Test {
 protected:
  void SetUp() override { set_up_log(LogLevel::kError, LogFormat::kLogfmt); }
  void read_now(const std::string& id, const std::string& partner = "contoso") {
    Slice slice = *slice_of(kSet, labels_, id, "A", {}, clock_.wall(), partner);
    slice.received = clock_.steady();
    store_.replace({std::make_shared<const Slice>(std::move(slice))});
  }
  std::size_t shown() const { return store_.current()->slices(); }

  LabelPool labels_;
  FakeClock clock_;
  SnapshotStore store_;
  Publisher publisher_{store_, clock_};
  Expiry expiry_{publisher_, clock_, "contoso", hours(48)};
};

TEST_F(ExpiryTest, DropsWhatIsOlderThanAllowedAndNothingElse) {
  read_now("00");
  clock_.advance(milliseconds(1));
  read_now("01");
  clock_.advance(hours(48) - milliseconds(1));
  expiry_.drop();
  EXPECT_EQ(shown(), 2U) << "as old as allowed";
  clock_.advance(milliseconds(1));
  expiry_.drop();
  EXPECT_EQ(shown(), 1U);
}

TEST_F(ExpiryTest, LeavesOtherAccountsAlone) {
  read_now("00", "fabrikam");
  clock_.advance(hours(100));
  expiry_.drop();
  EXPECT_EQ(shown(), 1U);
}

TEST_F(ExpiryTest, SaysWhenTheNextOneWillBeTooOld) {
  EXPECT_EQ(expiry_.drop() - clock_.steady(), hours(48) + milliseconds(1)) << "of what is to come";
  read_now("00");
  clock_.advance(hours(40));
  read_now("01");
  EXPECT_EQ(expiry_.drop() - clock_.steady(), hours(8) + milliseconds(1));
}

TEST_F(ExpiryTest, DropsInTimeOnAThreadOfItsOwn) {
  read_now("00");
  clock_.advance(hours(5));
  read_now("01");
  std::stop_source stop;
  clock_.stop_at(clock_.steady() + hours(44), stop);
  expiry_.run(clock_, stop.get_token());
  EXPECT_EQ(shown(), 1U);
}

TEST_F(ExpiryTest, CountsTheYearsOfAClockThatWasSetBack) {
  read_now("00");
  clock_.step_wall(-hours(24 * 365));
  clock_.advance(hours(49));
  expiry_.drop();
  EXPECT_EQ(shown(), 0U);
}

TEST_F(ExpiryTest, CountsTheTimeOfAMachineThatWasSuspended) {
  read_now("00");
  clock_.step_wall(hours(49));
  expiry_.drop();
  EXPECT_EQ(shown(), 0U);
}

}  // namespace
}  // namespace pce
