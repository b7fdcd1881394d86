// The decision table of the authentication reference, 9.2: each row is a test of what a call, the
// token and the account's state come to, over simulated hours. A8, which a single call cannot tell,
// is in polling/account_poller_token_test.cc.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/identity/cached_token_source.h"
#include "exporter/partner_center/client.h"
#include "tests/partner_center/client_fixture.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr const char* kLoginCommand = "partner_center_exporter login --account=contoso";

class NumberingIssuer final : public TokenIssuer {
 public:
  Result<IssuedToken> issue(std::stop_token) override {
    return IssuedToken{.access_token = Secret("access-token-" + std::to_string(++asked)),
                       .lifetime = hours(24)};
  }
  std::string inputs() const override { return "sign-in " + std::to_string(sign_ins); }
  CredentialEnds ends() const override { return {}; }
  int asked = 0;
  int sign_ins = 0;
};

struct ApiRow {
  std::string name;  // of the row in the reference
  HttpResponse answer;
  TokenState state;
  std::string reason;
  int calls;            // attempts of the first call
  int tokens;           // asked for during it
  int calls_a_day;      // at most, however often somebody wants to call
  int tokens_a_day;     // at most
  bool once = false;    // the second attempt is answered well
  bool passes = false;  // the call brings its body
  std::string said{};   // in the status
};
void PrintTo(const ApiRow& row, std::ostream* out) { *out << row.name; }

class ApiTable : public testing::TestWithParam<ApiRow> {
 protected:
  static HttpResponse good() {
    return {.status = 200, .headers = {{"isMfaCompliant", "True"}}, .body = "{}"};
  }
  Result<std::string> call() {
    return client_.get({.operation = "customers", .path = "/v1/customers"}, {});
  }
  int calls() const { return static_cast<int>(transport_.requests().size()); }
  std::string request_id(std::size_t attempt) const {
    return header_of(transport_.requests().at(attempt), "MS-RequestId");
  }
  // Somebody who wants to call every minute.
  void live_for(milliseconds time) {
    const SteadyTime end = clock_.steady() + time;
    while (clock_.steady() < end) {
      (void)call();
      clock_.advance(minutes(1));
    }
  }

  FakeClock clock_;
  NumberingIssuer issuer_;
  CachedTokenSource tokens_{
      issuer_, clock_, {.partner = "contoso", .login_command = kLoginCommand, .random01 = [] {
                          return 0.5;
                        }}};
  std::optional<HttpResponse> answer_;
  bool only_once_ = false;
  ScriptedTransport transport_{[this](const HttpRequest&) {
    if (!answer_) return good();
    HttpResponse answer = *answer_;
    if (only_once_) answer_.reset();
    return answer;
  }};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"customers"}};
  Governor governor_{clock_, {.requests_per_minute = 100'000, .concurrency = 4}};
  PartnerCenterClient client_{
      transport_, tokens_,    governor_,
      clock_,     telemetry_, {.api_base = "https://api.example", .random01 = [] { return 0.5; }}};
  LogCapture log_;
};

TEST_P(ApiTable, IsWhatTheFirstCallComesTo) {
  answer_ = GetParam().answer;
  only_once_ = GetParam().once;
  const auto body = call();
  EXPECT_EQ(body.has_value(), GetParam().passes);
  EXPECT_EQ(calls(), GetParam().calls);
  EXPECT_EQ(issuer_.asked, GetParam().tokens);
  for (int i = 1; i < calls(); ++i) EXPECT_EQ(request_id(i), request_id(0));
  const TokenStatus status = tokens_.status();
  EXPECT_STREQ(name_of(status.state), name_of(GetParam().state));
  EXPECT_EQ(status.reason, GetParam().reason);
  EXPECT_THAT(status.message, HasSubstr(GetParam().said));
  EXPECT_EQ(status.next_try.has_value(), !status.reason.empty() && !GetParam().passes);
}

TEST_P(ApiTable, MakesNoLoopOverADay) {
  answer_ = GetParam().answer;
  only_once_ = GetParam().once;
  live_for(hours(20));
  EXPECT_LE(calls(), GetParam().calls_a_day);
  EXPECT_LE(issuer_.asked, GetParam().tokens_a_day);
}

TEST_P(ApiTable, IsOneLineInTheLogAndOneWhenSomebodyHasSignedIn) {
  answer_ = GetParam().answer;
  only_once_ = GetParam().once;
  live_for(minutes(14));
  const bool quiet = GetParam().state == TokenState::kOk;
  const TokenState state = tokens_.status().state;
  answer_.reset();
  ++issuer_.sign_ins;
  clock_.advance(seconds(5));
  EXPECT_TRUE(call());
  EXPECT_STREQ(name_of(tokens_.status().state), "ok");
  const std::string lines = log_.text();
  EXPECT_EQ(times_in(lines, "state=" + std::string(name_of(state)) + " "), quiet ? 0 : 1) << lines;
  EXPECT_EQ(times_in(lines, "signed in again"), quiet ? 0 : 1) << lines;
  const bool login = state == TokenState::kNeedsLogin || GetParam().reason == "mfa_warning";
  EXPECT_EQ(times_in(lines, kLoginCommand), login ? 1 : 0) << lines;
}

// A3: a sign-in that came after the token was issued may be a better one.
TEST_P(ApiTable, TriesANewerSignInOnceAndNoMore) {
  if (!needs_a_human(GetParam().state)) return;
  EXPECT_TRUE(call());
  answer_ = GetParam().answer;
  ++issuer_.sign_ins;
  EXPECT_FALSE(call());
  EXPECT_EQ(calls(), 1 + 2);
  EXPECT_EQ(issuer_.asked, 2);
  EXPECT_STREQ(name_of(tokens_.status().state), name_of(GetParam().state));
  EXPECT_FALSE(call());
  EXPECT_EQ(calls(), 1 + 2);
  EXPECT_EQ(issuer_.asked, 2);
}

HttpResponse answer(int status, const std::string& code, std::vector<Header> headers = {},
                    const std::string& description = "told so") {
  return {.status = status,
          .headers = std::move(headers),
          .body = R"({"code":")" + code + R"(","description":")" + description + "\"}"};
}

ApiRow needs_a_human_now(const std::string& name, HttpResponse answer, TokenState state,
                         const std::string& reason, const std::string& said) {
  // 15, 30, 60, 60 … minutes; or every hour.
  return {.name = name,
          .answer = std::move(answer),
          .state = state,
          .reason = reason,
          .calls = 1,
          .tokens = 1,
          .calls_a_day = 23,
          .tokens_a_day = 1,
          .said = said};
}
// Nothing of it is about the token.
ApiRow not_about_the_token(const std::string& name, HttpResponse answer, int calls) {
  return {.name = name,
          .answer = std::move(answer),
          .state = TokenState::kOk,
          .reason = "",
          .calls = calls,
          .tokens = 1,
          .calls_a_day = 20 * 60 * calls,
          .tokens_a_day = 1};
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ApiTable,
    testing::Values(
        ApiRow{.name = "A1_not_compliant",
               .answer = {.status = 200, .headers = {{"isMfaCompliant", "False"}}, .body = "{}"},
               .state = TokenState::kDegraded,
               .reason = "mfa_warning",
               .calls = 1,
               .tokens = 1,
               .calls_a_day = 20 * 60,
               .tokens_a_day = 1,
               .passes = true,
               .said = "multi-factor"},
        ApiRow{.name = "A2_good",
               .answer = {.status = 200, .headers = {}, .body = "{}"},
               .state = TokenState::kOk,
               .reason = "",
               .calls = 1,
               .tokens = 1,
               .calls_a_day = 20 * 60,
               .tokens_a_day = 1,
               .passes = true},
        needs_a_human_now("A3_900421", answer(401, "900421"), TokenState::kNeedsLogin, "mfa",
                          "multi-factor"),
        needs_a_human_now("A3_10001", answer(401, "10001"), TokenState::kNeedsLogin, "mfa",
                          "multi-factor"),
        needs_a_human_now("A3_header", {.status = 401, .headers = {{"isMfaCompliant", "FALSE"}}},
                          TokenState::kNeedsLogin, "mfa", "multi-factor"),
        needs_a_human_now("A3_words", answer(401, "", {}, "Unauthorized - MFA required"),
                          TokenState::kNeedsLogin, "mfa", "multi-factor"),
        needs_a_human_now("A3_900420", answer(401, "900420"), TokenState::kMisconfigured,
                          "audience", "endpoints.resource"),
        needs_a_human_now("A3_900329", answer(403, "900329"), TokenState::kNeedsLogin, "app_only",
                          "signed-in user"),
        ApiRow{.name = "A4_expired_in_flight",
               .answer = answer(401, "400"),
               .state = TokenState::kOk,
               .reason = "",
               .calls = 2,
               .tokens = 2,
               .calls_a_day = 20 * 60 + 1,
               .tokens_a_day = 2,
               .once = true,
               .passes = true},
        ApiRow{.name = "A5_refused_again",
               .answer = answer(401, "400"),
               .state = TokenState::kDegraded,
               .reason = "token_refused",
               .calls = 2,
               .tokens = 2,
               .calls_a_day = 2 * (3 + 22),
               .tokens_a_day = 1 + 3 + 22,
               .said = "tried again"},
        needs_a_human_now("A6_insufficient_claims",
                          answer(401, "400",
                                 {{"WWW-Authenticate",
                                   R"(Bearer error="insufficient_claims", claims="x")"}}),
                          TokenState::kNeedsLogin, "claims", "new sign-in"),
        not_about_the_token("A7_20002", answer(403, "20002"), 1),
        not_about_the_token("A7_60003", answer(404, "60003"), 1),
        not_about_the_token("A8_one_refusal", answer(403, "2032"), 1),
        not_about_the_token("A9_throttled", answer(429, "", {{"Retry-After", "1"}}), 3),
        not_about_the_token("A10_500", {.status = 500}, 3),
        not_about_the_token("A11_redirect",
                            {.status = 302, .headers = {{"Location", "https://x.example/"}}}, 1)),
    [](const auto& row) { return row.param.name; });

class ApiTableInTime : public ApiTable {};

TEST_F(ApiTableInTime, A5CallsForAHumanAtTheThirdRound) {
  answer_ = answer(401, "400");
  for (int round = 1; round <= 2; ++round) {
    EXPECT_FALSE(call());
    EXPECT_EQ(tokens_.status().state, TokenState::kDegraded) << round;
    EXPECT_EQ(tokens_.status().next_try, clock_.wall() + minutes(5)) << round;
    clock_.advance(minutes(5));
  }
  EXPECT_FALSE(call());
  const TokenStatus status = tokens_.status();
  EXPECT_EQ(status.state, TokenState::kNeedsLogin);
  EXPECT_EQ(status.reason, "token_still_refused");
  EXPECT_EQ(status.next_try, clock_.wall() + minutes(15));
  for (const char* hint : {"audience", "tenant_id", "role"})
    EXPECT_THAT(status.message, HasSubstr(hint));
  EXPECT_EQ(calls(), 3 * 2);
}

TEST_F(ApiTableInTime, A5StartsAnewAfterACallThatPassed) {
  for (int round = 1; round <= 5; ++round) {
    answer_ = answer(401, "400");
    EXPECT_FALSE(call());
    EXPECT_EQ(tokens_.status().state, TokenState::kDegraded) << round;
    answer_.reset();
    clock_.advance(minutes(5));
    EXPECT_TRUE(call());
    EXPECT_EQ(tokens_.status().state, TokenState::kOk) << round;
  }
}

TEST_F(ApiTableInTime, A1UsesTheNewSignInAtOnceAndForgetsTheWarning) {
  answer_ = HttpResponse{.status = 200, .headers = {{"isMfaCompliant", "false"}}, .body = "{}"};
  EXPECT_TRUE(call());
  EXPECT_EQ(tokens_.status().mfa_compliant, false);
  EXPECT_EQ(tokens_.next_look(), clock_.steady() + seconds(5));
  ++issuer_.sign_ins;
  answer_ = HttpResponse{.status = 200, .headers = {}, .body = "{}"};
  EXPECT_TRUE(call());
  EXPECT_EQ(issuer_.asked, 2);
  EXPECT_EQ(tokens_.status().state, TokenState::kOk);
  EXPECT_EQ(tokens_.status().mfa_compliant, std::nullopt) << "nobody has said anything of this one";
}

}  // namespace
}  // namespace pce
