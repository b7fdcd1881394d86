#include "exporter/identity/cached_token_source.h"

#include <atomic>
#include <barrier>
#include <functional>
#include <thread>

#include "tests/support/fake_clock.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Numbers its tokens, unless told to do something else.
class NumberingIssuer final : public TokenIssuer {
 public:
  Result<IssuedToken> issue(std::stop_token stop) override {
    const int nth = ++asked;
    if (instead) return instead(nth, stop);
    return IssuedToken{.access_token = Secret("token-" + std::to_string(nth)),
                       .lifetime = lifetime};
  }
  std::string inputs() const override { return files; }
  CredentialEnds ends() const override { return {}; }
  std::atomic<int> asked = 0;
  std::string files;
  seconds lifetime{3600};
  std::function<Result<IssuedToken>(int, std::stop_token)> instead;
};

Error failed(ErrorKind kind, int status = 0) {
  return {.kind = kind, .message = "refused", .http_status = status};
}
// Of the token endpoint: sign in again.
Error revoked() { return failed(ErrorKind::kUnauthorized, 400); }
// Of Partner Center.
Error refusal(ErrorKind kind = ErrorKind::kUnauthorized) { return failed(kind, 401); }

class CachedTokenSourceTest : public testing::Test {
 protected:
  std::string token() {
    const auto token = tokens_.access_token({});
    return token ? std::string(token->reveal()) : "none: " + token.error().message;
  }
  void issuer_says(const Error& error) {
    issuer_.instead = [error](int, const std::stop_token&) -> Result<IssuedToken> { return error; };
  }
  bool refuse(const std::string& token, const Error& why) {
    return tokens_.refused(Secret(token), why);
  }
  TokenState state() const { return tokens_.status().state; }
  std::string reason() const { return tokens_.status().reason; }

  FakeClock clock_;
  NumberingIssuer issuer_;
  double random_ = 0;
  CachedTokenSource tokens_{issuer_, clock_, {.random01 = [this] { return random_; }}};
};

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

TEST_F(CachedTokenSourceTest, IsStartingUntilATokenWasAskedFor) {
  EXPECT_EQ(state(), TokenState::kStarting);
  EXPECT_TRUE(tokens_.status().served);
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(state(), TokenState::kOk);
}

TEST_F(CachedTokenSourceTest, WaitsForAFileWhereNobodySignedInYet) {
  issuer_says(failed(ErrorKind::kUnauthorized));
  EXPECT_EQ(token(), "none: refused");
  EXPECT_EQ(reason(), "not_signed_in");
  EXPECT_EQ(tokens_.next_look(), clock_.steady() + seconds(5));
  issuer_.instead = nullptr;
  EXPECT_EQ(token(), "none: refused") << "nothing changed";
  issuer_.files = "appeared";
  EXPECT_EQ(token(), "token-2");
  EXPECT_EQ(state(), TokenState::kOk);
}

TEST_F(CachedTokenSourceTest, DoesNotTakeItsOwnRotationForAHumansDoing) {
  issuer_.instead = [this](int nth, const std::stop_token&) -> Result<IssuedToken> {
    issuer_.files = "rotated-" + std::to_string(nth);
    return IssuedToken{.access_token = Secret("token-" + std::to_string(nth)),
                       .lifetime = seconds(3600)};
  };
  EXPECT_EQ(token(), "token-1");
  EXPECT_FALSE(refuse("token-1", refusal(ErrorKind::kMfaMissing)));
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
}

TEST_F(CachedTokenSourceTest, StartsAnewWithTheWaitsAfterASignInThatIsRefusedToo) {
  issuer_says(revoked());
  for (const int wait : {15, 30, 60}) {
    EXPECT_EQ(token(), "none: refused");
    clock_.advance(minutes(wait));
  }
  issuer_.files = "another sign-in";
  EXPECT_EQ(token(), "none: refused");
  EXPECT_EQ(tokens_.status().next_try, clock_.wall() + minutes(15));
}

// A network that fails while somebody has to sign in does not mean that nobody has to.
TEST_F(CachedTokenSourceTest, StillNeedsALoginWhenTheNextTryFindsNoNetwork) {
  issuer_says(revoked());
  EXPECT_EQ(token(), "none: refused");
  clock_.advance(minutes(15));
  issuer_says(failed(ErrorKind::kDns));
  EXPECT_EQ(token(), "none: refused");
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
  EXPECT_EQ(reason(), "sign_in");
  const int asked = issuer_.asked;
  clock_.advance(minutes(14));
  EXPECT_EQ(token(), "none: refused");
  EXPECT_EQ(issuer_.asked, asked);
}

TEST_F(CachedTokenSourceTest, TriesANewSignInSoonAgainWhenItMeetsNoNetwork) {
  random_ = 0.5;
  issuer_says(revoked());
  EXPECT_EQ(token(), "none: refused");
  issuer_.files = "somebody signed in";
  issuer_says(failed(ErrorKind::kDns));
  EXPECT_EQ(token(), "none: refused");
  EXPECT_EQ(state(), TokenState::kDegraded);
  EXPECT_LE(tokens_.status().next_try, clock_.wall() + seconds(30));
}

TEST_F(CachedTokenSourceTest, TriesAgainWhenSomebodySaysSo) {
  issuer_says(revoked());
  EXPECT_EQ(token(), "none: refused");
  issuer_.instead = nullptr;
  tokens_.try_again();
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, DoesNotTryAgainOnDemandWhatHasToBeWaitedOut) {
  issuer_says({.kind = ErrorKind::kThrottled,
               .message = "loop",
               .http_status = 400,
               .api_code = "AADSTS50196"});
  EXPECT_EQ(token(), "none: loop");
  tokens_.try_again();
  issuer_.files = "somebody signed in";
  EXPECT_EQ(token(), "none: loop");
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(CachedTokenSourceTest, KeepsToItsBudgetWhenSomebodySaysSoAllTheTime) {
  issuer_says(revoked());
  for (int i = 0; i < 600; ++i) {
    (void)token();
    tokens_.try_again();
    clock_.advance(seconds(1) - milliseconds(1));
  }
  EXPECT_EQ(issuer_.asked, 10);
}

// What Partner Center says of the token is tested row by row in partner_center/token_table_test.cc.
TEST_F(CachedTokenSourceTest, RenewsARejectedTokenOnceAMinute) {
  EXPECT_EQ(token(), "token-1");
  EXPECT_TRUE(refuse("token-1", refusal()));
  EXPECT_EQ(token(), "token-2");
  EXPECT_TRUE(refuse("token-1", refusal())) << "a late word about the old one";
  EXPECT_EQ(token(), "token-2");
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_FALSE(refuse("token-2", refusal())) << "a second renewal within a minute helps nobody";
  EXPECT_EQ(token(), "none: Partner Center: refused");
  EXPECT_EQ(issuer_.asked, 2);
}

TEST_F(CachedTokenSourceTest, UsesANewSignInWhenTheBudgetOpensThatWasSpentWhenItCame) {
  for (int i = 1; i <= 10; ++i) {
    const std::string used = token();
    issuer_.files = "sign-in " + std::to_string(i);
    EXPECT_TRUE(refuse(used, refusal(ErrorKind::kMfaMissing))) << i;
  }
  EXPECT_EQ(token(), "token-11");
  issuer_.files = "sign-in 11";
  EXPECT_EQ(token(), "token-11");
  EXPECT_FALSE(refuse("token-11", refusal(ErrorKind::kMfaMissing)));
  clock_.advance(minutes(10) - seconds(1));
  EXPECT_EQ(token(), "none: Partner Center: refused");
  clock_.advance(seconds(1));
  EXPECT_EQ(token(), "token-12");
}

TEST_F(CachedTokenSourceTest, CountsRefusalsOfCallsUnderWayOnce) {
  EXPECT_EQ(token(), "token-1");
  EXPECT_TRUE(refuse("token-1", refusal()));
  EXPECT_EQ(token(), "token-2");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(refuse("token-2", refusal()));
  EXPECT_EQ(state(), TokenState::kDegraded) << "one round, not ten";
}

TEST_F(CachedTokenSourceTest, TakesTheWordOfCallsUnderWayForNothingNew) {
  EXPECT_EQ(token(), "token-1");
  EXPECT_FALSE(refuse("token-1", refusal(ErrorKind::kMfaMissing)));
  tokens_.accepted(Secret("token-1"), std::nullopt);
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
}

TEST_F(CachedTokenSourceTest, IsNotRelievedByACallWithoutMfaThatPasses) {
  EXPECT_EQ(token(), "token-1");
  EXPECT_FALSE(refuse("token-1", refusal(ErrorKind::kMfaMissing)));
  clock_.advance(minutes(15));
  EXPECT_EQ(token(), "token-1");
  tokens_.accepted(Secret("token-1"), false);
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
  tokens_.accepted(Secret("token-1"), true);
  EXPECT_EQ(state(), TokenState::kOk);
}

TEST_F(CachedTokenSourceTest, TellsFromTheTokenWhetherItWasSignedInWithMfa) {
  // {"amr":["pwd","mfa"]}
  issuer_.instead = [](int, const std::stop_token&) -> Result<IssuedToken> {
    return IssuedToken{.access_token = Secret("e30.eyJhbXIiOlsicHdkIiwibWZhIl19.x"),
                       .lifetime = seconds(3600)};
  };
  EXPECT_EQ(tokens_.status().mfa_compliant, std::nullopt);
  const std::string held = token();
  EXPECT_EQ(tokens_.status().mfa_compliant, true);
  tokens_.accepted(Secret(held), false);
  EXPECT_EQ(tokens_.status().mfa_compliant, false) << "Partner Center's word counts";
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
