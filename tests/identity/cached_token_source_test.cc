// How long a token is used, and who asks for the next one.
#include "exporter/identity/cached_token_source.h"

#include <barrier>
#include <thread>

#include "tests/identity/cached_token_fixture.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(CachedTokenSourceTest, UsesATokenUntilATenthOfItsLifeIsLeft) {
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(3600 - 360) - milliseconds(1));
  EXPECT_EQ(token(), "token-1");
  clock_.advance(milliseconds(1));
  EXPECT_EQ(token(), "token-2");
}

struct Life {
  std::string name;
  int lifetime;
  int renewed_after;
};

class RenewalOf : public CachedTokenSourceTest, public testing::WithParamInterface<Life> {};

TEST_P(RenewalOf, ComesShortlyBeforeTheEnd) {
  issuer_.lifetime = seconds(GetParam().lifetime);
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(GetParam().renewed_after) - milliseconds(1));
  EXPECT_EQ(token(), "token-1");
  clock_.advance(milliseconds(1));
  EXPECT_EQ(token(), "token-2");
}

INSTANTIATE_TEST_SUITE_P(Lives, RenewalOf,
                         testing::Values(Life{"a_day", 86400, 77760},
                                         Life{"an_hour_and_a_half", 5400, 4860},
                                         Life{"fifty_minutes", 3000, 2700},
                                         Life{"twenty_minutes", 1200, 900},
                                         Life{"ten_minutes", 600, 300}, Life{"a_minute", 60, 30}),
                         [](const auto& row) { return row.param.name; });

TEST_F(CachedTokenSourceTest, CountsLifeFromBeforeTheRequest) {
  issuer_.instead = [this](int nth, const std::stop_token&) -> Result<IssuedToken> {
    clock_.advance(seconds(100));  // a slow answer
    return IssuedToken{.access_token = Secret("token-" + std::to_string(nth)),
                       .lifetime = seconds(3600)};
  };
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(3600 - 360 - 100));
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, AsksOnceForAHundredThreads) {
  std::barrier start(100);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 100; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto token = tokens_.access_token({});
        if (token && token->reveal() == "token-1") ++right;
      });
    }
  }
  EXPECT_EQ(right, 100);
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(CachedTokenSourceTest, AsksOnceForAHundredThreadsWhenItFailsToo) {
  issuer_.instead = [](int, const std::stop_token&) -> Result<IssuedToken> {
    return failed(ErrorKind::kUpstream);
  };
  std::barrier start(100);
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 100; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        if (!tokens_.access_token({})) ++refused;
      });
    }
  }
  EXPECT_EQ(refused, 100);
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(CachedTokenSourceTest, HandsOutTheOldTokenWhileSomebodyRenewsIt) {
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(3400));
  issuer_.instead = [this](int, const std::stop_token&) -> Result<IssuedToken> {
    std::string other;
    std::jthread([&] { other = token(); }).join();  // would wait for ever if it waited for us
    EXPECT_EQ(other, "token-1");
    return IssuedToken{.access_token = Secret("token-2"), .lifetime = seconds(3600)};
  };
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, KeepsTheOldTokenWhenRefreshFailsBeforeExpiry) {
  EXPECT_EQ(token(), "token-1");
  issuer_.instead = [](int, const std::stop_token&) -> Result<IssuedToken> {
    return failed(ErrorKind::kUpstream);
  };
  clock_.advance(seconds(3300));
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(issuer_.asked, 2);
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(issuer_.asked, 2) << "not again at once";
  clock_.advance(seconds(300));
  EXPECT_EQ(token(), "none: refused") << "the old token ended";
}

TEST_F(CachedTokenSourceTest, RenewsUpToAMinuteLaterByChance) {
  random_ = 0.5;
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(3600 - 360 + 30) - milliseconds(1));
  EXPECT_EQ(token(), "token-1");
  clock_.advance(milliseconds(1));
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, RenewsWhereTheServiceSaysSoAndUsesTheOldTokenUntilItEnds) {
  issuer_.instead = [](int nth, const std::stop_token&) -> Result<IssuedToken> {
    if (nth > 1) return failed(ErrorKind::kDns);
    return IssuedToken{
        .access_token = Secret("token-1"), .lifetime = seconds(3600), .renew_after = seconds(1800)};
  };
  EXPECT_EQ(token(), "token-1");
  clock_.advance(seconds(1799));
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(issuer_.asked, 1);
  clock_.advance(seconds(1));
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(issuer_.asked, 2);
  clock_.advance(seconds(1799));
  EXPECT_EQ(token(), "token-1");
}

TEST_F(CachedTokenSourceTest, RenewsTokensThatLastTwoSecondsEverySecondForEver) {
  issuer_.lifetime = seconds(2);
  for (int i = 1; i <= 1000; ++i) {
    EXPECT_EQ(token(), "token-" + std::to_string(i));
    clock_.advance(seconds(1));
  }
}

TEST_F(CachedTokenSourceTest, EndsAWaitForSomebodyElsesRenewalWhenStopped) {
  std::stop_source stop;
  issuer_.instead = [&](int, const std::stop_token&) -> Result<IssuedToken> {
    std::optional<Result<Secret>> other;
    std::jthread waiter([&] { other = tokens_.access_token(stop.get_token()); });
    stop.request_stop();
    waiter.join();
    EXPECT_FALSE(*other);
    EXPECT_EQ(other->error().kind, ErrorKind::kCancelled);
    return IssuedToken{.access_token = Secret("token-1"), .lifetime = seconds(3600)};
  };
  EXPECT_EQ(token(), "token-1");
}

TEST_F(CachedTokenSourceTest, DoesNotRememberAnothersStopAsAFailure) {
  issuer_.instead = [](int, const std::stop_token&) -> Result<IssuedToken> {
    return failed(ErrorKind::kCancelled);
  };
  std::stop_source stop;
  issuer_.instead = [&](int, const std::stop_token&) -> Result<IssuedToken> {
    stop.request_stop();
    return failed(ErrorKind::kCancelled);
  };
  const auto stopped = tokens_.access_token(stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::kCancelled);
  issuer_.instead = nullptr;
  EXPECT_EQ(token(), "token-2");
}

}  // namespace
}  // namespace pce
