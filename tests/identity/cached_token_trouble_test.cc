// Tokens that cannot be had, or are not accepted: what is tried, when, and what is said of it.
#include "tests/identity/cached_token_fixture.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

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

}  // namespace
}  // namespace pce
