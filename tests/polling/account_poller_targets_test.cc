// What targets.customers says is shown with the customers it is about, and goes with them.
#include "exporter/insights/customer_target.h"
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;

class TargetPollerTest : public AccountPollerTest {
 protected:
  TargetChoice targets() const override {
    CustomerTarget first{.match = {kB, "customer a"}, .owner = "ada"};
    first.deployment_percent = 80;
    CustomerTarget second{.match = {"*"}};
    second.spare_licenses = 3;
    return TargetChoice({std::move(first), std::move(second)});
  }
  Number target(const std::string& id, std::size_t metric) {
    const Slice* found = slice(id, &customer_target());
    return found == nullptr ? Number() : found->records.at(0).values.at(metric);
  }
  std::string owner(const std::string& id) {
    const Slice* found = slice(id, &customer_owner());
    return found == nullptr ? std::string() : found->records.at(0).labels[0].plain();
  }
};

TEST_F(TargetPollerTest, ShowsWhatTheFirstEntrySaysThatFits) {
  service_.names[kA] = "Somebody else";
  first_round();
  EXPECT_EQ(target(kB, 0), Number::whole(80));
  EXPECT_EQ(target(kB, 2), Number()) << "the second entry does not complete the first";
  EXPECT_EQ(owner(kB), "ada");
  EXPECT_EQ(target(kA, 0), Number());
  EXPECT_EQ(target(kA, 2), Number::whole(3));
  EXPECT_EQ(owner(kA), "");
}

TEST_F(TargetPollerTest, FollowsACustomerThatIsRenamed) {
  service_.names[kA] = "Customer A";
  first_round();
  EXPECT_EQ(owner(kA), "ada");
  service_.names[kA] = "Somebody else";
  a_whole_interval();
  EXPECT_EQ(owner(kA), "");
  EXPECT_EQ(target(kA, 0), Number());
  EXPECT_EQ(target(kA, 2), Number::whole(3));
}

TEST_F(TargetPollerTest, GoesWithTheCustomer) {
  first_round();
  service_.listed = {kA};
  a_whole_interval();
  EXPECT_EQ(owner(kB), "ada") << "it is leaving, not gone";
  run_for(hours(12));
  EXPECT_EQ(slice(kB, &customer_target()), nullptr);
  EXPECT_EQ(slice(kB, &customer_owner()), nullptr);
}

TEST_F(TargetPollerTest, StaysWhileTheCustomerIsListedThoughItsLicencesGo) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(36));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(owner(kB), "ada");
}

TEST_F(AccountPollerTest, ShowsNoTargetsWhereNoneDiffer) {
  first_round();
  EXPECT_EQ(slice(kA, &customer_target()), nullptr);
  EXPECT_EQ(slice(kA, &customer_owner()), nullptr);
}

}  // namespace
}  // namespace pce
