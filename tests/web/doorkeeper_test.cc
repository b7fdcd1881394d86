#include "exporter/web/doorkeeper.h"

#include "tests/support/fake_clock.h"
#include "tests/web/logins.h"

namespace pce {
namespace {

using testing::HasSubstr;

std::string value_of(const WebResponse& response, std::string_view name) {
  for (const Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

class DoorkeeperTest : public testing::Test {
 protected:
  // The status of the refusal; 0: it may come in.
  static int status(Doorkeeper& doorkeeper, const std::string& authorization) {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<int> status;
    const auto outcome = doorkeeper.ask(authorization, "", [&](std::optional<WebResponse> refusal) {
      const std::scoped_lock lock(mutex);
      status = refusal ? refusal->status : 0;
      came.notify_all();
    });
    if (!outcome.waits) return outcome.refusal ? outcome.refusal->status : 0;
    std::unique_lock lock(mutex);
    came.wait(lock, [&] { return status.has_value(); });
    return *status;
  }
  FakeClock clock_;
};

TEST_F(DoorkeeperTest, LetsEverybodyInWhereNothingIsConfigured) {
  Doorkeeper doorkeeper({}, clock_);
  EXPECT_EQ(status(doorkeeper, ""), 0);
}

TEST_F(DoorkeeperTest, AsksForAPassword) {
  Doorkeeper doorkeeper({.users = alice_and_bob()}, clock_);
  EXPECT_EQ(status(doorkeeper, ""), 401);
  EXPECT_EQ(status(doorkeeper, basic("alice", "wrong")), 401);
  EXPECT_EQ(status(doorkeeper, basic("alice", "wonderland")), 0);
  const auto refused = doorkeeper.ask("", "", nullptr).refusal;
  ASSERT_TRUE(refused);
  EXPECT_THAT(value_of(*refused, "WWW-Authenticate"), HasSubstr("Basic"));
  const auto longer = doorkeeper.ask(basic("alice", std::string(73, 'x')), "", nullptr).refusal;
  ASSERT_TRUE(longer);
  EXPECT_EQ(longer->status, 401);
  EXPECT_THAT(longer->body, HasSubstr("72 bytes"));
}

TEST_F(DoorkeeperTest, CountsAllRequestsTogether) {
  Doorkeeper doorkeeper({.rate_limit = Rate{.interval = std::chrono::seconds(1), .burst = 2}},
                        clock_);
  EXPECT_EQ(status(doorkeeper, ""), 0);
  EXPECT_EQ(status(doorkeeper, ""), 0);
  EXPECT_EQ(status(doorkeeper, ""), 429);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(status(doorkeeper, ""), 0);
}

TEST_F(DoorkeeperTest, RefusesEverybodyWhenClosed) {
  Doorkeeper doorkeeper({.users = alice_and_bob()}, clock_);
  ASSERT_EQ(status(doorkeeper, basic("alice", "wonderland")), 0);
  doorkeeper.close();
  EXPECT_EQ(status(doorkeeper, basic("alice", "wonderland")), 503);
}

TEST_F(DoorkeeperTest, AdoptsOtherUsersHeadersAndRate) {
  Doorkeeper doorkeeper({.users = alice_and_bob()}, clock_);
  ASSERT_EQ(status(doorkeeper, basic("alice", "wonderland")), 0);
  doorkeeper.adopt({.headers = {{"X-Frame-Options", "deny"}},
                    .users = {{.name = "alice", .hash = bcrypt_hash(kBuilder)}},
                    .rate_limit = Rate{.interval = std::chrono::seconds(1), .burst = 3}});
  EXPECT_EQ(status(doorkeeper, basic("alice", "wonderland")), 401);
  EXPECT_EQ(status(doorkeeper, basic("bob", "builder")), 401);
  EXPECT_EQ(status(doorkeeper, basic("alice", "builder")), 0);
  EXPECT_EQ(status(doorkeeper, basic("alice", "builder")), 429);
  WebResponse response;
  doorkeeper.add_headers(response);
  EXPECT_EQ(value_of(response, "X-Frame-Options"), "deny");
  doorkeeper.adopt({});
  EXPECT_EQ(status(doorkeeper, ""), 0);
}

TEST_F(DoorkeeperTest, WhatStaysInTheConfigurationKeepsWhatIsKnownOfIt) {
  const Rate rate{.interval = std::chrono::seconds(1), .burst = 2};
  Doorkeeper doorkeeper({.users = alice_and_bob(), .rate_limit = rate}, clock_);
  ASSERT_EQ(status(doorkeeper, basic("alice", "wonderland")), 0);
  doorkeeper.adopt(
      {.headers = {{"X-Frame-Options", "deny"}}, .users = alice_and_bob(), .rate_limit = rate});
  const auto again = doorkeeper.ask(basic("alice", "wonderland"), "", nullptr);
  EXPECT_FALSE(again.waits) << "judged before";
  EXPECT_FALSE(again.refusal);
  EXPECT_EQ(status(doorkeeper, basic("alice", "wonderland")), 429);
}

TEST_F(DoorkeeperTest, StaysClosedWhateverIsAdopted) {
  Doorkeeper doorkeeper({.users = alice_and_bob()}, clock_);
  doorkeeper.close();
  doorkeeper.adopt({});
  EXPECT_EQ(status(doorkeeper, basic("alice", "wonderland")), 503);
}

TEST_F(DoorkeeperTest, PutsTheConfiguredHeadersInPlaceOfOthers) {
  const Doorkeeper doorkeeper({.headers = {{"X-Frame-Options", "deny"}}}, clock_);
  WebResponse response{.headers = {{"x-frame-options", "sameorigin"}, {"ETag", "1"}}};
  doorkeeper.add_headers(response);
  EXPECT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(value_of(response, "X-Frame-Options"), "deny");
  EXPECT_EQ(value_of(response, "ETag"), "1");
}

}  // namespace
}  // namespace pce
