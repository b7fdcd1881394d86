// What becomes of polling when there is no token, or Partner Center does not take it.
#include "exporter/identity/cached_token_source.h"
#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class NoTokenPollerTest : public AccountPollerTest {
 protected:
  void no_token_for(std::chrono::milliseconds time) {
    token_.absent = [this, until = clock_.steady() + time] { return clock_.steady() < until; };
  }
};

TEST_F(NoTokenPollerTest, MakesNoCallsAndLooksForATokenEveryFiveSeconds) {
  no_token_for(seconds(31));
  run_for(seconds(30));
  EXPECT_TRUE(transport_.requests().empty());
  EXPECT_FALSE(up());
  EXPECT_TRUE(poller().has_tried());
  EXPECT_GE(token_.asked, 6);
  EXPECT_LE(token_.asked, 8);
}

TEST_F(NoTokenPollerTest, IsDownWhenSomethingIsDueAndThereIsNoToken) {
  run_for(hours(1));
  EXPECT_TRUE(up());
  no_token_for(hours(24));
  run_for(minutes(30));
  EXPECT_TRUE(up()) << "nothing was due";
  run_for(hours(6));
  EXPECT_FALSE(up());
  EXPECT_EQ(sold(kA), 10) << "old data is served";
}

TEST_F(NoTokenPollerTest, ReadsEverythingSecondsAfterSomebodySignedInHoweverLongThatTook) {
  no_token_for(hours(36));
  run_for(hours(36) + seconds(6));
  EXPECT_TRUE(up());
  EXPECT_EQ(sold(kA), 10);
  EXPECT_EQ(calls(deployment_path(kA)) + calls(deployment_path(kB)), 2);
}

// With the real source, which decides how long to wait.
class TokenPollerTest : public AccountPollerTest {
 protected:
  class Issuer final : public TokenIssuer {
   public:
    Result<IssuedToken> issue(std::stop_token) override {
      ++asked;
      if (failure) return *failure;
      return IssuedToken{.access_token = Secret("token-" + std::to_string(asked)),
                         .lifetime = hours(1)};
    }
    std::string inputs() const override { return std::to_string(sign_ins); }
    CredentialEnds ends() const override { return {}; }
    int asked = 0;
    int sign_ins = 0;
    std::optional<Error> failure;
  };

  TokenSource& tokens() override { return source_; }
  PartnerCenterClient& client() override { return real_; }
  // All of the service, whatever is asked.
  void everything_answers(int status, const std::string& body) {
    for (const std::string& path :
         {std::string("/v1/customers"), std::string(ScriptedPartnerCenter::kBulkPath),
          deployment_path(kA), deployment_path(kB)})
      service_.answer(path, status, body);
  }
  int all_calls() const { return static_cast<int>(transport_.requests().size()); }
  TokenState state() const { return source_.status().state; }

  Issuer issuer_;
  CachedTokenSource source_{
      issuer_, clock_, {.partner = "contoso", .random01 = [] { return 0.5; }}};
  PartnerCenterClient real_{
      transport_, source_, governor_,
      clock_,     calls_,  {.api_base = "http://127.0.0.1:1", .random01 = [] { return 0.5; }}};
};

TEST_F(TokenPollerTest, RenewsTheTokenWhetherOrNotAnybodyReads) {
  run_for(hours(24));
  EXPECT_GE(issuer_.asked, 25);
  EXPECT_LE(issuer_.asked, 28);
  EXPECT_GT(source_.status().access_token_ends, clock_.wall());
}

TEST_F(TokenPollerTest, FindsOutThatTheSignInWasRevokedWhileNothingIsDue) {
  run_for(minutes(10));
  issuer_.failure =
      Error{.kind = ErrorKind::kUnauthorized, .message = "revoked", .http_status = 400};
  run_for(hours(1));
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
  EXPECT_TRUE(up()) << "nothing was due, what is shown is right";
  issuer_.failure.reset();
  ++issuer_.sign_ins;
  run_for(seconds(5));
  EXPECT_EQ(state(), TokenState::kOk);
}

TEST_F(TokenPollerTest, MakesHardlyAnyCallsWhileEveryTokenIsRefused) {
  run_for(hours(1));
  everything_answers(401, R"({"code":"400","description":"denied"})");
  const int before = all_calls();
  run_for(hours(24));
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
  EXPECT_FALSE(up());
  EXPECT_EQ(sold(kA), 10);
  EXPECT_LE(all_calls() - before, 2 * 30);
  EXPECT_LE(issuer_.asked, 60);
  service_.answers.clear();
  ++issuer_.sign_ins;
  run_for(seconds(6));
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_TRUE(up());
}

TEST_F(TokenPollerTest, EndsTheRoundWhenTheTokenIsRefusedOnTheWay) {
  first_round();
  service_.answer(deployment_path(kA), 401, R"({"code":"900421","description":"no MFA"})");
  service_.answer(deployment_path(kB), 401, R"({"code":"900421","description":"no MFA"})");
  const int before = calls(deployment_path(kA)) + calls(deployment_path(kB));
  a_whole_interval();
  EXPECT_EQ(state(), TokenState::kNeedsLogin);
  EXPECT_LE(calls(deployment_path(kA)) + calls(deployment_path(kB)), before + 9)
      << "after 15, 30, 60 … minutes and not in a loop";
  EXPECT_FALSE(up());
}

TEST_F(TokenPollerTest, LeavesTheOthersUnmadeWhenTheTokenIsRefused) {
  service_.answer(deployment_path(kA), 401, R"({"code":"900421","description":"no MFA"})");
  service_.answer(deployment_path(kB), 401, R"({"code":"900421","description":"no MFA"})");
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  testing::internal::CaptureStderr();
  first_round();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, testing::HasSubstr("failures=\"mfa=1\" calls_not_made=1"));
}

TEST_F(TokenPollerTest, ReadsThroughAnOutageOfTheSignInWhileTheTokenLasts) {
  first_round();
  issuer_.failure = Error{.kind = ErrorKind::kTimeout, .message = "no answer"};
  run_for(minutes(59));
  EXPECT_EQ(state(), TokenState::kDegraded);
  EXPECT_TRUE(up());
  run_for(hours(8));
  EXPECT_FALSE(up());
  issuer_.failure.reset();
  run_for(minutes(7));
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_TRUE(up());
}

// A8. What refuses is not about one customer, and nothing else is answered.
TEST_F(TokenPollerTest, A8NeedsARoleWhereEverythingIsForbidden) {
  everything_answers(403, R"({"code":"2032","description":"access denied"})");
  first_round();
  const TokenStatus status = source_.status();
  EXPECT_EQ(status.state, TokenState::kMisconfigured);
  EXPECT_EQ(status.reason, "role");
  EXPECT_THAT(status.message, testing::HasSubstr("role of the integration user"));
  EXPECT_EQ(status.api_code, "2032");
  const int before = all_calls();
  run_for(minutes(59));
  EXPECT_EQ(all_calls(), before);
  run_for(hours(10));
  EXPECT_EQ(all_calls(), before + 10) << "once an hour";
  EXPECT_LE(issuer_.asked, 12) << "as a token's age demands, and none for the refusals";
  service_.answers.clear();
  run_for(hours(1));
  EXPECT_EQ(source_.status().state, TokenState::kOk);
  EXPECT_TRUE(up());
}

class TokenAutoPollerTest : public TokenPollerTest {
 protected:
  SourceRules source() const override { return {}; }
};

TEST_F(TokenAutoPollerTest, A8IsNoStateWhereOnlyTheCommercialSourceIsForbidden) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  run_for(hours(24));
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_EQ(metric("partner_center_collector_source_info", "classic"), 1);
  EXPECT_TRUE(up());
}

TEST_F(TokenAutoPollerTest, A8IsNoStateWhereOnlyTheCustomerListIsForbidden) {
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  run_for(hours(24));
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_EQ(sold(kA), 10);
}

TEST_F(TokenAutoPollerTest, A8IsNoStateWhereACustomerIsForbidden) {
  service_.commercial = false;
  service_.answer(deployment_path(kA), 403, R"({"code":"2032","description":"no"})");
  run_for(hours(24));
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_EQ(sold(kB), 20);
}

// Without a list, so that it is a report that meets the refusal first.
class TokenPartnerPollerTest : public TokenAutoPollerTest {
 protected:
  static constexpr const char* kClassicPath = "/v1/analytics/licenses/deployment";
  static constexpr const char* kRows =
      R"({"items":[{"serviceName":"o365","channel":"reseller","licensesSold":10,)"
      R"("proratedDeploymentPercent":5,"processedDateTime":"2017-03-14T03:25:16Z"}]})";
  std::vector<const DataSet*> data_sets() const override {
    return {find_data_set("partner_deployment")};
  }
};

TEST_F(TokenPartnerPollerTest, A8IsNoStateBeforeTheOtherSourceWasAsked) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  service_.answer(kClassicPath, 200, kRows);
  first_round();
  EXPECT_EQ(state(), TokenState::kOk);
  EXPECT_TRUE(up());
}

TEST_F(TokenPartnerPollerTest, A8IsAStateWhereTheOtherSourceIsForbiddenToo) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  service_.answer(kClassicPath, 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(source_.status().reason, "role");
}

TEST_F(TokenPartnerPollerTest, DoesNotFallBackBecauseThereIsNoToken) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 200,
                  R"({"Value":[{"serviceCode":"o365","channel":"reseller","licensesDeployed":1,)"
                  R"("licensesSold":12}],"@nextLink":null,"TotalCount":1})");
  run_for(hours(1));
  EXPECT_TRUE(up());
  for (const ErrorKind kind : {ErrorKind::kMalformed, ErrorKind::kRejected, ErrorKind::kSettings}) {
    issuer_.failure = Error{.kind = kind, .message = "no token", .http_status = 302};
    run_for(hours(24));
    EXPECT_FALSE(up()) << name_of(kind);
    EXPECT_EQ(metric("partner_center_collector_source_info", "commercial"), 1) << name_of(kind);
    issuer_.failure.reset();
    ++issuer_.sign_ins;
    run_for(hours(12));
    EXPECT_TRUE(up()) << name_of(kind);
  }
}

}  // namespace
}  // namespace pce
