#include "exporter/web/credentials.h"

#include <latch>

#include "tests/support/fake_clock.h"
#include "tests/web/logins.h"

namespace pce {
namespace {

// The one thread that computes is kept busy by a client that does not come back from hearing its
// verdict.
class Occupied {
 public:
  explicit Occupied(Credentials& credentials) {
    const auto at_once =
        credentials.check(basic("occupier", "x"), "198.51.100.1", [this](LoginVerdict) {
          reached_.count_down();
          release_.wait();
        });
    EXPECT_EQ(at_once, std::nullopt);
    reached_.wait();
  }
  void release() { release_.count_down(); }

 private:
  std::latch reached_{1};
  std::latch release_{1};
};

std::string wrong(int i) { return basic("alice", "wrong" + std::to_string(i)); }

class CredentialsTest : public testing::Test {
 protected:
  FakeClock clock_;
  const Rate unlimited_{.interval = std::chrono::nanoseconds(1), .burst = 1'000'000};
};

TEST_F(CredentialsTest, WithoutALoginThereIsNoWayIn) {
  Credentials credentials(alice_and_bob(), clock_);
  for (const char* const header : {"", "Basic", "Bearer abc", "Basic !!!!"}) {
    EXPECT_EQ(judge(credentials, header), LoginVerdict::kRefused) << header;
  }
  EXPECT_EQ(judge(credentials, basic("alice", std::string(73, 'x'))), LoginVerdict::kTooLong);
  EXPECT_EQ(judge(credentials, basic("nobody", std::string(73, 'x'))), LoginVerdict::kTooLong);
  EXPECT_EQ(credentials.hashes(), 0U);
}

TEST_F(CredentialsTest, WhatWasJudgedIsKnownAtOnce) {
  Credentials credentials(alice_and_bob(), clock_);
  EXPECT_EQ(judge(credentials, basic("bob", "builder")), LoginVerdict::kAccepted);
  EXPECT_EQ(judge(credentials, wrong(1)), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials, basic("nobody", "x")), LoginVerdict::kRefused);
  EXPECT_EQ(credentials.check(basic("bob", "builder"), "", nullptr), LoginVerdict::kAccepted);
  EXPECT_EQ(credentials.check(wrong(1), "", nullptr), LoginVerdict::kRefused);
  EXPECT_EQ(credentials.check(basic("nobody", "x"), "", nullptr), LoginVerdict::kRefused);
  EXPECT_EQ(credentials.hashes(), 3U);
}

TEST_F(CredentialsTest, AHitDoesNotWaitBehindMisses) {
  Credentials credentials(alice_and_bob(), clock_, {.hashes_per_client = unlimited_});
  ASSERT_EQ(judge(credentials, basic("alice", "wonderland")), LoginVerdict::kAccepted);
  ASSERT_EQ(judge(credentials, wrong(0)), LoginVerdict::kRefused);
  Occupied occupied(credentials);
  for (int i = 1; i <= 16; ++i) {
    EXPECT_EQ(credentials.check(wrong(i), "198.51.100.1", [](LoginVerdict) {}), std::nullopt);
  }
  EXPECT_EQ(credentials.check(basic("alice", "wonderland"), "", nullptr), LoginVerdict::kAccepted);
  EXPECT_EQ(credentials.check(wrong(0), "", nullptr), LoginVerdict::kRefused);
  occupied.release();
}

TEST_F(CredentialsTest, BeyondTheQueueTheAnswerIsBusyAtOnce) {
  Credentials credentials(alice_and_bob(), clock_,
                          {.hashes_waiting = 2, .hashes_per_client = unlimited_});
  Occupied occupied(credentials);
  Awaited first;
  Awaited second;
  Awaited also_second;
  EXPECT_EQ(credentials.check(wrong(1), "", first.later()), std::nullopt);
  EXPECT_EQ(credentials.check(wrong(2), "", second.later()), std::nullopt);
  EXPECT_EQ(credentials.check(wrong(3), "", nullptr), LoginVerdict::kBusy);
  EXPECT_EQ(credentials.check(wrong(2), "", also_second.later()), std::nullopt)
      << "who waits for the same hash needs no other place";
  occupied.release();
  EXPECT_EQ(first.wait(), LoginVerdict::kRefused);
  EXPECT_EQ(second.wait(), LoginVerdict::kRefused);
  EXPECT_EQ(also_second.wait(), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials, wrong(3)), LoginVerdict::kRefused) << "busy is not remembered";
}

TEST_F(CredentialsTest, AFloodOfWrongPasswordsPushesNobodyOut) {
  Credentials credentials(alice_and_bob(), clock_,
                          {.refusals_kept = 5, .hashes_per_client = unlimited_});
  ASSERT_EQ(judge(credentials, basic("alice", "wonderland")), LoginVerdict::kAccepted);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(judge(credentials, wrong(i)), LoginVerdict::kRefused);
  }
  EXPECT_EQ(credentials.check(basic("alice", "wonderland"), "", nullptr), LoginVerdict::kAccepted);
  EXPECT_EQ(credentials.check(wrong(49), "", nullptr), LoginVerdict::kRefused);
  EXPECT_EQ(credentials.check(wrong(0), "", [](LoginVerdict) {}), std::nullopt)
      << "of refusals the last ones are kept";
}

TEST_F(CredentialsTest, OneClientHasItsShareOnly) {
  Credentials credentials(alice_and_bob(), clock_,
                          {.hashes_per_client = {.interval = std::chrono::seconds(1), .burst = 3}});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(judge(credentials, wrong(i), "192.0.2.1"), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials, wrong(3), "192.0.2.1"), LoginVerdict::kBusy);
  EXPECT_EQ(judge(credentials, basic("alice", "wonderland"), "192.0.2.2"), LoginVerdict::kAccepted);
  EXPECT_EQ(judge(credentials, basic("alice", "wonderland"), "192.0.2.1"), LoginVerdict::kAccepted)
      << "what is known costs nothing";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(judge(credentials, wrong(3), "192.0.2.1"), LoginVerdict::kRefused);
  EXPECT_EQ(judge(credentials, wrong(4), "192.0.2.1"), LoginVerdict::kBusy);
}

TEST_F(CredentialsTest, WhoWaitsWhenItEndsHearsAVerdictOnce) {
  std::atomic<int> heard = 0;
  {
    Credentials credentials(alice_and_bob(), clock_, {.hashes_per_client = unlimited_});
    for (int i = 0; i < 16; ++i) {
      EXPECT_EQ(credentials.check(wrong(i), "", [&](LoginVerdict) { ++heard; }), std::nullopt);
    }
  }
  EXPECT_EQ(heard, 16);
}

}  // namespace
}  // namespace pce
