#include "exporter/identity/token_decision.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Error refused(const std::string& word, const std::string& code = {}, int status = 400) {
  return {.kind = ErrorKind::kSettings,
          .message = "no",
          .http_status = status,
          .api_code = code,
          .api_word = word};
}
Error of(ErrorKind kind, int status = 0) {
  return {.kind = kind, .message = "no", .http_status = status};
}

// The decisions on a row of failures, with the middle of what chance allows.
std::vector<TokenDecision> on(const std::vector<Error>& failures,
                              milliseconds inputs_changed = hours(1)) {
  std::vector<TokenDecision> made;
  std::optional<TokenDecision> before;
  for (const Error& failure : failures) {
    before = decide(failure, before, inputs_changed, 0.5);
    made.push_back(*before);
  }
  return made;
}
std::vector<TokenDecision> on_refusals(const std::vector<Error>& refusals) {
  std::vector<TokenDecision> made;
  std::optional<TokenDecision> before;
  for (const Error& refusal : refusals) {
    before = decide_on_refusal(refusal, before);
    made.push_back(*before);
  }
  return made;
}

TEST(TokenDecision, BacksOffByATenthOfAMinuteToFiveMinutesGiveOrTakeAFifth) {
  const Error failure = of(ErrorKind::kConnect);
  EXPECT_EQ(decide(failure, std::nullopt, hours(1), 0.0).wait, seconds(8));
  EXPECT_LT(decide(failure, std::nullopt, hours(1), 0.999).wait, seconds(12));
  std::optional<TokenDecision> before;
  for (int i = 0; i < 1000; ++i) before = decide(failure, before, hours(1), 0.999);
  EXPECT_LT(before->wait, seconds(360));
  EXPECT_GT(before->wait, seconds(359));
}

TEST(TokenDecision, TriesOnceAfterASecondWhereTheServiceFails) {
  const auto made = on({of(ErrorKind::kUpstream, 503), of(ErrorKind::kUpstream, 503)});
  EXPECT_EQ(made[0].wait, seconds(1));
  EXPECT_EQ(made[1].wait, seconds(10));
  const auto later = on({of(ErrorKind::kDns), of(ErrorKind::kUpstream, 503)});
  EXPECT_EQ(later[1].wait, seconds(10)) << "the second was spent: something else failed before";
}

TEST(TokenDecision, NeverComesBackBeforeItIsAskedTo) {
  Error failure = of(ErrorKind::kUpstream, 503);
  failure.retry_after = minutes(10);
  EXPECT_EQ(decide(failure, std::nullopt, hours(1), 0.5).wait, minutes(10));
  failure = of(ErrorKind::kThrottled, 429);
  failure.retry_after = seconds(100);
  EXPECT_EQ(decide(failure, std::nullopt, hours(1), 0.0).wait, seconds(100));
  EXPECT_LT(decide(failure, std::nullopt, hours(1), 0.999).wait, seconds(120));
}

TEST(TokenDecision, BacksOffAcrossFailuresOfDifferentKinds) {
  const auto made = on({of(ErrorKind::kDns), of(ErrorKind::kConnect), of(ErrorKind::kRejected, 302),
                        of(ErrorKind::kTls), of(ErrorKind::kRejected, 407)});
  EXPECT_EQ(made[1].wait, seconds(20));
  EXPECT_EQ(made[2].wait, seconds(40));
  EXPECT_EQ(made[3].wait, seconds(80));
  EXPECT_EQ(made[4].wait, seconds(160));
}

TEST(TokenDecision, BeginsTheWaitForAHumanAnewAfterSomethingElse) {
  const Error sign_in = of(ErrorKind::kUnauthorized, 400);
  const auto made = on({sign_in, sign_in, of(ErrorKind::kDns), sign_in});
  EXPECT_EQ(made[1].wait, minutes(30));
  EXPECT_EQ(made[3].wait, minutes(15));
}

TEST(TokenDecision, GivesANewCertificateThreeTriesTenSecondsApart) {
  const Error signature = refused("invalid_client", "AADSTS700027", 401);
  const auto made = on({signature, signature, signature, signature}, minutes(4));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(made[i].row, TokenRow::kNewCertificate) << i;
    EXPECT_EQ(made[i].state, TokenState::kDegraded) << i;
    EXPECT_EQ(made[i].wait, seconds(10)) << i;
  }
  EXPECT_EQ(made[3].state, TokenState::kMisconfigured);
  EXPECT_EQ(made[3].wait, minutes(15));
  const auto later = decide(signature, made[3], minutes(19), 0.5);
  EXPECT_EQ(later.row, TokenRow::kClient);
  EXPECT_EQ(later.wait, minutes(30));
}

TEST(TokenDecision, WaitsForAnOperatorWhereTheCertificateIsAnOldOne) {
  const auto made = on({refused("invalid_client", "AADSTS700027", 401)}, minutes(5));
  EXPECT_EQ(made[0].row, TokenRow::kClient);
  EXPECT_EQ(on({refused("invalid_client", "AADSTS7000222", 401)}, seconds(1))[0].row,
            TokenRow::kClient)
      << "only a signature may be right on another server already";
}

TEST(TokenDecision, TellsAMissingFileFromARefusedOneAndFromASettingThatIsWrong) {
  const auto missing = decide(of(ErrorKind::kUnauthorized), std::nullopt, hours(1), 0.5);
  EXPECT_EQ(missing.state, TokenState::kNeedsLogin);
  EXPECT_EQ(missing.reason, "not_signed_in");
  const auto unreadable = decide(of(ErrorKind::kSettings), std::nullopt, hours(1), 0.5);
  EXPECT_EQ(unreadable.state, TokenState::kMisconfigured);
  EXPECT_EQ(unreadable.reason, "settings");
  const auto disk = decide(of(ErrorKind::kInternal), std::nullopt, hours(1), 0.5);
  EXPECT_EQ(disk.state, TokenState::kDegraded);
}

TEST(TokenDecision, CallsForAHumanAtTheThirdRoundOfRefusals) {
  const Error refusal = of(ErrorKind::kUnauthorized, 401);
  const auto made = on_refusals({refusal, refusal, refusal, refusal, refusal});
  EXPECT_EQ(made[0].state, TokenState::kDegraded);
  EXPECT_EQ(made[0].wait, minutes(5));
  EXPECT_EQ(made[1].state, TokenState::kDegraded);
  EXPECT_EQ(made[2].state, TokenState::kNeedsLogin);
  EXPECT_EQ(made[2].wait, minutes(15));
  EXPECT_EQ(made[3].wait, minutes(30));
  EXPECT_EQ(made[4].wait, minutes(60));
}

TEST(TokenDecision, KeepsTheReasonsApart) {
  Error claims = of(ErrorKind::kUnauthorized, 401);
  claims.api_word = "insufficient_claims";
  std::set<std::string_view> reasons;
  for (const Error& refusal :
       {of(ErrorKind::kMfaMissing, 401), of(ErrorKind::kWrongAudience, 401),
        of(ErrorKind::kAppOnly, 403), of(ErrorKind::kForbidden, 403), claims}) {
    const TokenDecision made = decide_on_refusal(refusal, std::nullopt);
    EXPECT_TRUE(needs_a_human(made.state)) << made.reason;
    reasons.insert(made.reason);
  }
  EXPECT_EQ(reasons, (std::set<std::string_view>{"mfa", "audience", "app_only", "role", "claims"}));
}

}  // namespace
}  // namespace pce
