#include "exporter/web/token_bucket.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart{std::chrono::hours(1)};

TEST(TokenBucket, GivesItsBurstAndThenOneAnInterval) {
  TokenBucket bucket({.interval = seconds(2), .burst = 3}, kStart);
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart + milliseconds(1999)));
  EXPECT_TRUE(bucket.take(kStart + seconds(2)));
  EXPECT_FALSE(bucket.take(kStart + seconds(2)));
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket({.interval = seconds(1), .burst = 2}, kStart);
  const SteadyTime later = kStart + std::chrono::hours(24);
  EXPECT_TRUE(bucket.take(later));
  EXPECT_TRUE(bucket.take(later));
  EXPECT_FALSE(bucket.take(later));
}

TEST(ClientBuckets, GiveEachClientItsOwn) {
  ClientBuckets buckets({.interval = seconds(1), .burst = 1});
  EXPECT_TRUE(buckets.take("192.0.2.1", kStart));
  EXPECT_FALSE(buckets.take("192.0.2.1", kStart));
  EXPECT_TRUE(buckets.take("192.0.2.2", kStart));
}

TEST(ClientBuckets, RememberSoManyClientsAndNoMore) {
  ClientBuckets buckets({.interval = seconds(1), .burst = 1}, 2);
  EXPECT_TRUE(buckets.take("192.0.2.1", kStart));
  EXPECT_TRUE(buckets.take("192.0.2.2", kStart));
  EXPECT_FALSE(buckets.take("192.0.2.3", kStart)) << "there is no room to remember it";
  EXPECT_TRUE(buckets.take("192.0.2.3", kStart + seconds(1))) << "the others' are full again";
}

}  // namespace
}  // namespace pce
