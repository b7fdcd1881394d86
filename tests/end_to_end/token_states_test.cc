// How an account's sign-in stands, from the answer that changes it to metrics, readiness and the
// log, and back. The table behind it is tested row by row in identity/token_table_test.cc and
// partner_center/token_table_test.cc.
#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string state_of(const Exposition& e) {
  std::string state;
  for (const char* one : {"ok", "degraded", "needs_login", "misconfigured"}) {
    if (e.value("partner_center_token_state", {"state=\"" + std::string(one) + "\""}) == 1)
      state += (state.empty() ? "" : " ") + std::string(one);
  }
  return state.empty() ? "none" : state;
}

struct TokenTrouble {
  std::string name;
  std::string path;    // of the simulator's own interface
  std::string change;  // what is posted there
  std::string state;
  std::string reason;
  std::string said;  // in the log and by /-/ready
};
void PrintTo(const TokenTrouble& t, std::ostream* out) { *out << t.name; }

// Of an exporter whose access tokens last a second or two, so that it signs in all the time.
class TokenStates : public testing::TestWithParam<TokenTrouble> {
 protected:
  void start() {
    stage_.start_simulator({"--customers=3"});
    stage_.simulate("/_sim/settings", R"({"token_lifetime": "60s"})");
    stage_.start_exporter({.interval = "1s", .stale_after = "1h"});
    before_ =
        stage_.scrape_until([](const Exposition& e) { return is_up(e) && state_of(e) == "ok"; });
  }
  void mend() {
    stage_.simulator().clear_faults();
    stage_.simulate("/_sim/settings",
                    R"({"account": "active", "conditional_access": "none", "mfa": true})");
  }
  void somebody_signs_in() {
    const std::string token = stage_.simulator().issue_refresh_token(
        {{"tenant", "11111111-2222-3333-4444-555555555555"},
         {"client_id", "66666666-7777-8888-9999-000000000000"}});
    const auto fresh = stage_.write_file("fresh.token", token + "\n", 0600);
    std::filesystem::rename(fresh, stage_.folder() / "contoso.token");
  }
  std::string command() const {
    return "partner_center_exporter login --config.file=" +
           (stage_.folder() / "exporter.yml").string() + " --account=contoso";
  }

  Stage stage_;
  Exposition before_;
};

TEST_P(TokenStates, ShowWhatAHumanHasToDoAndEndSecondsAfterItIsDone) {
  start();
  stage_.simulate(GetParam().path, GetParam().change);
  stage_.simulate("/_sim/tokens", R"({"revoke": "access"})");
  const Exposition during =
      stage_.scrape_until([](const Exposition& e) { return state_of(e) == GetParam().state; });
  EXPECT_EQ(insights_of(during), insights_of(before_)) << "old data is served";

  const WebAnswer ready = stage_.get("/-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("contoso: " + GetParam().state + " (" + GetParam().reason));
  EXPECT_THAT(ready.body, HasSubstr(GetParam().said));
  const bool login = GetParam().state == "needs_login";
  EXPECT_EQ(ready.body.find(command()) != std::string::npos, login) << ready.body;
  stage_.scrape_until([](const Exposition& e) { return !is_up(e); });

  EXPECT_EQ(stage_.times_said("state=" + GetParam().state), 1U);
  EXPECT_EQ(stage_.times_said(command()), login ? 1U : 0U);

  mend();
  somebody_signs_in();
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "ok" && is_up(e); });
  EXPECT_EQ(stage_.get("/-/ready").status, 200);
  EXPECT_NE(stage_.exporter().line_with("signed in again"), "");
  EXPECT_EQ(stage_.times_said("state=" + GetParam().state), 1U);
}

std::string token_fault(const std::string& aadsts) {
  return R"({"match": {"operation": "token_v2"}, "fault": {"aadsts": )" + aadsts + "}}";
}
std::string api_fault(const std::string& fault) {
  return R"({"match": {"path_contains": "/v1/"}, "fault": )" + fault + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Humans, TokenStates,
    testing::Values(
        TokenTrouble{"T5 revoked", "/_sim/tokens", R"({"revoke": "refresh"})", "needs_login",
                     "sign_in", "AADSTS"},
        TokenTrouble{"T5 disabled user", "/_sim/settings", R"({"account": "disabled"})",
                     "needs_login", "sign_in", "integration user"},
        TokenTrouble{"T5 policy", "/_sim/settings", R"({"conditional_access": "block"})",
                     "needs_login", "sign_in", "Conditional Access"},
        TokenTrouble{"T6 secret expired", "/_sim/faults", token_fault("7000222"), "misconfigured",
                     "client", "the client secret expired"},
        TokenTrouble{"T7 scope", "/_sim/faults", token_fault("70011"), "misconfigured", "request",
                     "user_impersonation"},
        TokenTrouble{"A3 no MFA", "/_sim/settings", R"({"mfa": false})", "needs_login", "mfa",
                     "multi-factor"},
        TokenTrouble{"A3 wrong audience", "/_sim/faults",
                     api_fault(R"({"status": 401, "code": "900420"})"), "misconfigured", "audience",
                     "endpoints.resource"},
        TokenTrouble{"A3 app only", "/_sim/faults",
                     api_fault(R"({"status": 403, "code": "900329"})"), "needs_login", "app_only",
                     "signed-in user"},
        TokenTrouble{"A6 claims", "/_sim/faults",
                     api_fault(R"({"status": 401, "code": "400", "headers": {"WWW-Authenticate":)"
                               R"( "Bearer error=\"insufficient_claims\""}})"),
                     "needs_login", "claims", "new sign-in"},
        TokenTrouble{"A8 role", "/_sim/faults", api_fault(R"({"status": 403, "code": "2032"})"),
                     "misconfigured", "role", "role of the integration user"}),
    [](const auto& row) { return as_test_name(row.param.name); });

class TokenPasses : public TokenStates {};

TEST_F(TokenPasses, TheLoopLimitIsWaitedOutAndIsNobodysBusiness) {
  start();
  stage_.add_fault(token_fault("50196"));
  stage_.simulate("/_sim/tokens", R"({"revoke": "access"})");
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "degraded"; });
  EXPECT_EQ(stage_.get("/-/ready").status, 200);
  EXPECT_NE(stage_.exporter().line_with("reason=loop"), "");
  const std::string line = stage_.exporter().line_with("reason=loop");
  EXPECT_THAT(line, HasSubstr("level=WARN"));
  EXPECT_THAT(line, HasSubstr("next_try_seconds=1"));  // 120, less what it took to say so
  EXPECT_THAT(line, Not(HasSubstr("login")));
  // Neither the service nor somebody who signs in shortens it.
  mend();
  somebody_signs_in();
  const auto asked = stage_.simulator().calls("token_v2").size();
  stage_.exporter().signal(SIGHUP);
  EXPECT_NE(stage_.exporter().line_with("SIGHUP"), "");
  EXPECT_EQ(stage_.simulator().calls("token_v2").size(), asked);
  EXPECT_EQ(state_of(stage_.scrape()), "degraded");
}

TEST_F(TokenPasses, A401ThatANewTokenDoesNotHealStopsPollingForFiveMinutes) {
  start();
  stage_.add_fault(api_fault(R"({"status": 401, "code": "800001"})"));
  const Exposition during = stage_.scrape_until(
      [](const Exposition& e) { return state_of(e) == "degraded" && !is_up(e); });
  EXPECT_EQ(insights_of(during), insights_of(before_));
  EXPECT_EQ(stage_.get("/-/ready").status, 200);
  EXPECT_NE(stage_.exporter().line_with("reason=token_refused"), "");
  EXPECT_NE(stage_.exporter().line_with("unauthorized="), "");
  mend();
  somebody_signs_in();
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "ok" && is_up(e); });
}

TEST_F(TokenPasses, ATokenRevokedInFlightIsRenewedAndNobodyNotices) {
  start();
  stage_.simulate("/_sim/tokens", R"({"revoke": "access"})");
  stage_.scrape_until([](const Exposition& e) {
    return e.value("partner_center_api_requests_total", {"code=\"401\""}) >= 1;
  });
  const auto calls = stage_.simulator().calls().size();
  stage_.scrape_until([&](const Exposition& e) {
    return is_up(e) && stage_.simulator().calls().size() > calls + 5;
  });
  EXPECT_EQ(state_of(stage_.scrape()), "ok");
  EXPECT_EQ(stage_.times_said("state="), 0U);
}

TEST_F(TokenPasses, ASignInWithoutMfaIsUsedWhileItIsAcceptedAndSaid) {
  stage_.start_simulator({"--customers=3"});
  stage_.simulate("/_sim/settings", R"({"mfa": false, "enforce_mfa": false})");
  stage_.start_exporter({.interval = "1s", .stale_after = "1h"});
  const Exposition shown = stage_.scrape_until(
      [](const Exposition& e) { return is_up(e) && state_of(e) == "degraded"; });
  EXPECT_EQ(shown.value("partner_center_mfa_compliant"), 0);
  EXPECT_EQ(stage_.get("/-/ready").status, 200);
  EXPECT_THAT(stage_.exporter().line_with("reason=mfa_warning"), HasSubstr(command()));
  stage_.simulate("/_sim/settings", R"({"mfa": true})");
  somebody_signs_in();
  stage_.scrape_until([](const Exposition& e) {
    return state_of(e) == "ok" && e.value("partner_center_mfa_compliant") == 1;
  });
  EXPECT_EQ(stage_.times_said("reason=mfa_warning"), 1U);
}

TEST_F(TokenPasses, AnOutageOfTheSignInIsDegradedAndHealsByItself) {
  start();
  stage_.add_fault(
      R"({"match": {"operation": "token_v2"}, "times": 1, "fault": {"status": 503, "shape": "html"}})");
  stage_.simulate("/_sim/tokens", R"({"revoke": "access"})");
  EXPECT_NE(stage_.exporter().line_with("reason=service"), "");
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "ok" && is_up(e); });
  EXPECT_EQ(stage_.times_said("level=ERROR"), 0U);
}

// 9.3
TEST_F(TokenPasses, WithoutATokenFileEverythingIsServedButDataUntilSomebodySignsIn) {
  stage_.start_simulator({"--customers=3"});
  const auto config = stage_.write_config({.interval = "1s", .stale_after = "1h"});
  std::filesystem::remove(stage_.folder() / "contoso.token");
  stage_.start_exporter_with(
      {"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "needs_login"; });
  const WebAnswer ready = stage_.get("/-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("not_signed_in"));
  EXPECT_THAT(ready.body, HasSubstr(command()));
  EXPECT_EQ(stage_.times_said(command()), 1U);
  EXPECT_TRUE(stage_.simulator().calls().empty());
  somebody_signs_in();
  stage_.scrape_until([](const Exposition& e) { return state_of(e) == "ok" && is_up(e); });
  EXPECT_EQ(stage_.get("/-/ready").status, 200);
}

TEST_F(TokenPasses, TheAccessTokensEndIsShownAndInTheFuture) {
  start();
  const double end = before_.value("partner_center_credential_expiry_timestamp_seconds",
                                   {"credential=\"access_token\""});
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_GT(end, std::chrono::duration<double>(now).count());
  EXPECT_LT(end, std::chrono::duration<double>(now).count() + 61);
  EXPECT_EQ(before_.value("partner_center_refresh_token_stored"), 1);
}

}  // namespace
}  // namespace pce
