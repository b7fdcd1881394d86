// The decision table of the authentication reference, 9.1: each row is a test of what the whole
// sign-in does about that answer, over simulated hours.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/identity/cached_token_source.h"
#include "exporter/identity/entra_token_source.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kLoginCommand =
    "partner_center_exporter login --config.file=/etc/pce.yml --account=contoso";

HttpResponse refusal(int status, const std::string& word, const std::string& codes) {
  return {.status = status,
          .headers = {},
          .body = R"({"error":")" + word + R"(","error_description":"AADSTS: it happened",)" +
                  R"("error_codes":[)" + codes +
                  R"(],"suberror":"basic_action","trace_id":"trace-1","correlation_id":"corr-1"})"};
}

HttpResponse good(int lifetime = 3600) {
  return {.status = 200,
          .headers = {},
          .body = R"({"token_type":"Bearer","access_token":"access","refresh_token":"refresh-2",)"
                  R"("expires_in":)" +
                  std::to_string(lifetime) + "}"};
}

struct TableRow {
  std::string name;  // of the row in the reference
  Result<HttpResponse> answer;
  TokenState state;
  std::string reason;
  std::vector<milliseconds> waits;  // before the second request, the third …; the last one repeats
  std::string said;                 // in the message, so in the log
  std::string unsaid = "canary";
};
void PrintTo(const TableRow& row, std::ostream* out) { *out << row.name; }

class TokenTable : public testing::TestWithParam<TableRow> {
 protected:
  TokenTable() { folder_.write("token", "refresh-1"); }

  // Looks after the token as the daemon does, with somebody who wants one every 20 s.
  void live_for(milliseconds time) {
    const SteadyTime end = clock_.steady() + time;
    while (clock_.steady() < end) {
      (void)tokens_.access_token({});
      const SteadyTime now = clock_.steady();
      const SteadyTime look = std::max(tokens_.next_look(), now + milliseconds(100));
      clock_.advance(std::min({look, now + seconds(20), end}) - now);
    }
  }
  std::string token() {
    const auto token = tokens_.access_token({});
    return token ? std::string(token->reveal()) : std::string("none");
  }
  bool human() const { return needs_a_human(GetParam().state); }
  void somebody_signs_in() {
    folder_.write("token", "refresh-of-" + std::to_string(++sign_ins_));
    answer_ = good();
  }

  FakeClock clock_;
  TemporaryFolder folder_;
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token"}};
  Governor governor_{clock_, {.requests_per_minute = 100'000, .concurrency = 4}};
  Result<HttpResponse> answer_ = good();
  std::vector<SteadyTime> asked_;
  ScriptedTransport transport_{[this](const HttpRequest&) {
    asked_.push_back(clock_.steady());
    return answer_;
  }};
  ClientCredential credential_{"client-1",
                               {.client_secret_file = folder_.write("secret", "a-secret")}};
  EntraTokenSource entra_{{transport_, governor_, clock_, telemetry_},
                          credential_,
                          {.login = "https://login.example",
                           .tenant_id = "tenant-1",
                           .client_id = "client-1",
                           .resource = "https://api.example",
                           .refresh_token_file = folder_.path() / "token"}};
  CachedTokenSource tokens_{
      entra_, clock_, {.partner = "contoso", .login_command = kLoginCommand, .random01 = [] {
                         return 0.5;
                       }}};
  int sign_ins_ = 0;
  LogCapture log_;
};

TEST_P(TokenTable, SaysTheStateAndWhatToDo) {
  answer_ = GetParam().answer;
  (void)tokens_.access_token({});
  const TokenStatus status = tokens_.status();
  EXPECT_STREQ(name_of(status.state), name_of(GetParam().state));
  EXPECT_EQ(status.reason, GetParam().reason);
  EXPECT_THAT(status.message, HasSubstr(GetParam().said));
  EXPECT_THAT(status.message, Not(HasSubstr(GetParam().unsaid)));
  EXPECT_EQ(status.since, clock_.wall());
  if (GetParam().state == TokenState::kOk) {
    EXPECT_EQ(status.next_try, std::nullopt);
    EXPECT_EQ(status.access_token_ends, clock_.wall() + seconds(3600));
  } else {
    EXPECT_EQ(status.next_try, clock_.wall() + GetParam().waits.front());
  }
  EXPECT_EQ(status.command == kLoginCommand, GetParam().state == TokenState::kNeedsLogin);
}

TEST_P(TokenTable, IsAskedAgainWhenTheTableSaysAndNoMoreOften) {
  answer_ = GetParam().answer;
  live_for(hours(20));
  SteadyTime expected = asked_.front();
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    EXPECT_GE(asked_[i], expected) << i;
    EXPECT_LE(asked_[i], expected + seconds(1)) << i;
    expected = asked_[i] + GetParam().waits[std::min(i, GetParam().waits.size() - 1)];
  }
  EXPECT_GE(expected + seconds(1), clock_.steady()) << "it stopped asking";
}

TEST_P(TokenTable, IsOneLineInTheLogAndOneWhenItIsOver) {
  answer_ = GetParam().answer;
  live_for(hours(20));
  somebody_signs_in();
  live_for(hours(2));
  EXPECT_STREQ(name_of(tokens_.status().state), "ok");
  const std::string lines = log_.text();
  const bool fine = GetParam().state == TokenState::kOk;
  EXPECT_EQ(times_in(lines, "state=" + std::string(name_of(GetParam().state))), fine ? 0 : 1)
      << lines;
  EXPECT_EQ(times_in(lines, "reason=" + GetParam().reason + " "), fine ? 0 : 1) << lines;
  EXPECT_EQ(times_in(lines, "signed in again"), fine ? 0 : 1) << lines;
  EXPECT_EQ(times_in(lines, "partner=contoso"), fine ? 0 : 2) << lines;
  EXPECT_EQ(times_in(lines, "level=ERROR"), human() ? 1 : 0) << lines;
  EXPECT_EQ(times_in(lines, kLoginCommand), GetParam().state == TokenState::kNeedsLogin ? 1 : 0);
  EXPECT_THAT(lines, Not(HasSubstr("canary")));
  EXPECT_THAT(lines, Not(HasSubstr("refresh-1")));
}

TEST_P(TokenTable, LeavesATokenInUseThatIsStillValid) {
  EXPECT_EQ(token(), "access");
  answer_ = GetParam().answer;
  clock_.advance(seconds(3300));
  EXPECT_EQ(token(), "access");
  EXPECT_STREQ(name_of(tokens_.status().state), name_of(GetParam().state));
  clock_.advance(seconds(3600 - 3300) - milliseconds(1));
  EXPECT_EQ(token(), "access");
  EXPECT_TRUE(tokens_.status().served);
  clock_.advance(milliseconds(1));
  if (GetParam().state == TokenState::kOk) return;
  EXPECT_EQ(token(), "none");
}

TEST_P(TokenTable, EndsTheWaitAtOnceWhenAFileChangesWhereAHumanIsWaitedFor) {
  if (GetParam().state == TokenState::kOk) return;
  answer_ = GetParam().answer;
  live_for(minutes(61));
  const std::size_t before = asked_.size();
  const SteadyTime signed_in = clock_.steady();
  somebody_signs_in();
  live_for(seconds(5));
  if (human()) {
    ASSERT_EQ(asked_.size(), before + 1);
    EXPECT_LE(asked_.back(), signed_in + seconds(5));
    EXPECT_STREQ(name_of(tokens_.status().state), "ok");
  } else if (asked_.size() > before) {
    EXPECT_GE(asked_.back() + seconds(1), asked_[before - 1] + GetParam().waits.back())
        << "what passes by itself is waited out";
  }
}

TEST_P(TokenTable, T2CountsAnAnswerWithoutANewRefreshToken) {
  answer_ = GetParam().answer;
  (void)tokens_.access_token({});
  EXPECT_EQ(reading(registry_, "partner_center_token_refreshes_not_rotated_total"),
            GetParam().name.starts_with("T2") ? 1 : 0);
}

// A file that something rewrites all the time must not make a loop.
TEST_P(TokenTable, KeepsToTheBudgetWhateverHappensToTheFiles) {
  if (GetParam().state == TokenState::kOk) return;
  answer_ = GetParam().answer;
  for (int i = 0; i < 25 * 60; ++i) {
    folder_.write("token", "refresh-" + std::to_string(i));
    (void)tokens_.access_token({});
    clock_.advance(seconds(1));
  }
  for (std::size_t i = 10; i < asked_.size(); ++i)
    EXPECT_GE(asked_[i] - asked_[i - 10], minutes(10)) << i;
}

std::vector<milliseconds> back_off() {
  return {seconds(10), seconds(20), seconds(40), seconds(80), seconds(160), seconds(300)};
}
std::vector<milliseconds> soon_and_back_off() {
  std::vector<milliseconds> waits = back_off();
  waits.insert(waits.begin(), seconds(1));
  return waits;
}
const std::vector<milliseconds> kHuman{minutes(15), minutes(30), minutes(60)};

TableRow not_ok(const std::string& name, Result<HttpResponse> answer, TokenState state,
                const std::string& reason, std::vector<milliseconds> waits,
                const std::string& said) {
  return {.name = name,
          .answer = std::move(answer),
          .state = state,
          .reason = reason,
          .waits = std::move(waits),
          .said = said};
}
Error no_answer(ErrorKind kind) {
  return {.kind = kind, .message = std::string("no answer: ") + name_of(kind)};
}
HttpResponse page(int status) {
  return {.status = status, .headers = {}, .body = "<html>canary</html>"};
}

constexpr auto kOk = TokenState::kOk;
constexpr auto kDegraded = TokenState::kDegraded;
constexpr auto kNeedsLogin = TokenState::kNeedsLogin;
constexpr auto kMisconfigured = TokenState::kMisconfigured;

INSTANTIATE_TEST_SUITE_P(
    Rows, TokenTable,
    testing::Values(
        not_ok("T1_valid", good(), kOk, "", {seconds(3600 - 360 + 30)}, ""),
        not_ok("T2_no_refresh_token",
               HttpResponse{.status = 200,
                            .headers = {},
                            .body = R"({"access_token":"access","expires_in":3600})"},
               kOk, "", {seconds(3600 - 360 + 30)}, ""),
        not_ok("T3_unparsable",
               HttpResponse{
                   .status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "canary"},
               kDegraded, "no_token", back_off(), "(content type text/plain, 6 bytes)"),
        not_ok("T3_no_access_token",
               HttpResponse{.status = 200, .headers = {}, .body = R"({"token_type":"Bearer"})"},
               kDegraded, "no_token", back_off(), "no access_token"),
        not_ok("T3_html_of_a_portal", page(200), kDegraded, "no_token", back_off(), "proxy"),
        not_ok("T4_loop", refusal(400, "invalid_grant", "50196"), kDegraded, "loop",
               {minutes(2), minutes(5), minutes(15)}, "nothing to do"),
        not_ok("T4_loop_among_others", refusal(400, "invalid_grant", "700082,50196"), kDegraded,
               "loop", {minutes(2), minutes(5), minutes(15)}, "nothing to do"),
        not_ok("T5_invalid_grant", refusal(400, "invalid_grant", "700082"), kNeedsLogin, "sign_in",
               kHuman, "(basic_action)"),
        not_ok("T5_interaction_required", refusal(400, "interaction_required", "50076"),
               kNeedsLogin, "sign_in", kHuman, "multi-factor"),
        not_ok("T5_consent_required", refusal(400, "consent_required", "65001"), kNeedsLogin,
               "sign_in", kHuman, "consent"),
        not_ok("T5_login_required", refusal(400, "login_required", "50058"), kNeedsLogin, "sign_in",
               kHuman, "trace id trace-1"),
        not_ok("T6_invalid_client", refusal(401, "invalid_client", "7000222"), kMisconfigured,
               "client", kHuman, "expired"),
        not_ok("T7_invalid_scope", refusal(400, "invalid_scope", "70011"), kMisconfigured,
               "request", {hours(1)}, "user_impersonation"),
        not_ok("T7_invalid_resource", refusal(400, "invalid_resource", "500011"), kMisconfigured,
               "request", {hours(1)}, "user_impersonation"),
        not_ok("T7_invalid_request", refusal(400, "invalid_request", "90002"), kMisconfigured,
               "request", {hours(1)}, "tenant_id"),
        not_ok("T7_unauthorized_client", refusal(400, "unauthorized_client", "700016"),
               kMisconfigured, "request", {hours(1)}, "client_id"),
        not_ok("T7_unsupported_grant_type", refusal(400, "unsupported_grant_type", "70003"),
               kMisconfigured, "request", {hours(1)}, "report this"),
        not_ok("T8_unknown_word", refusal(400, "never_heard", "12345,678"), kMisconfigured,
               "unknown_error", {minutes(15)}, "12345, 678"),
        not_ok("T9_throttled",
               HttpResponse{.status = 429, .headers = {{"Retry-After", "100"}}, .body = "canary"},
               kDegraded, "throttled", {seconds(110)}, "nothing to do"),
        not_ok("T9_throttled_without_a_word", HttpResponse{.status = 429}, kDegraded, "throttled",
               {seconds(66)}, "429"),
        not_ok("T10_408", HttpResponse{.status = 408}, kDegraded, "service", soon_and_back_off(),
               "408"),
        not_ok("T10_503_html", page(503), kDegraded, "service", soon_and_back_off(), "web page"),
        not_ok("T10_temporarily_unavailable", refusal(400, "temporarily_unavailable", "90033"),
               kDegraded, "service", soon_and_back_off(), "nothing to do"),
        not_ok("T10_server_error", refusal(400, "server_error", "50000"), kDegraded, "service",
               soon_and_back_off(), "nothing to do"),
        not_ok("T11_redirect",
               HttpResponse{.status = 302,
                            .headers = {{"Location", "https://portal.example/?canary"}},
                            .body = "canary"},
               kDegraded, "redirect", back_off(), "redirect to portal.example"),
        not_ok("T12_dns", no_answer(ErrorKind::kDns), kDegraded, "no_answer", back_off(), "dns"),
        not_ok("T12_connect", no_answer(ErrorKind::kConnect), kDegraded, "no_answer", back_off(),
               "connect"),
        not_ok("T12_timeout", no_answer(ErrorKind::kTimeout), kDegraded, "no_answer", back_off(),
               "timeout"),
        not_ok("T12_cut", no_answer(ErrorKind::kCut), kDegraded, "no_answer", back_off(), "cut"),
        not_ok("T14_no_way_through", no_answer(ErrorKind::kProxy), kDegraded, "proxy", back_off(),
               "proxy"),
        not_ok("T13_tls", no_answer(ErrorKind::kTls), kDegraded, "tls", back_off(),
               "certificate authorities"),
        not_ok("T14_html", page(403), kDegraded, "proxy", back_off(), "proxy"),
        not_ok("T14_407", page(407), kDegraded, "proxy", back_off(), "proxy wants us to sign in")),
    [](const auto& row) { return row.param.name; });

class TokenTableInTime : public TokenTable {};

TEST_F(TokenTableInTime, T6GivesANewCertificateThreeTriesAndThenCallsForAnOperator) {
  answer_ = refusal(401, "invalid_client", "700027");
  live_for(seconds(35));
  EXPECT_EQ(asked_.size(), 4U);
  for (std::size_t i = 1; i < asked_.size(); ++i)
    EXPECT_EQ(asked_[i] - asked_[i - 1], seconds(10)) << i;
  EXPECT_EQ(tokens_.status().state, TokenState::kMisconfigured);
  live_for(minutes(14));
  EXPECT_EQ(asked_.size(), 4U);
  live_for(minutes(1));
  EXPECT_EQ(asked_.size(), 5U);
}

TEST_F(TokenTableInTime, T5RemindsOnceADay) {
  answer_ = refusal(400, "invalid_grant", "50173");
  live_for(hours(75));
  EXPECT_EQ(times_in(log_.text(), kLoginCommand), 1 + 3);
}

// 9.3, start-up.
class TokenTableAtStart : public TokenTable {};

TEST_F(TokenTableAtStart, FileMissingWaitsForItAndAsksNobody) {
  std::filesystem::remove(folder_.path() / "token");
  live_for(hours(20));
  TokenStatus status = tokens_.status();
  EXPECT_EQ(status.state, TokenState::kNeedsLogin);
  EXPECT_EQ(status.reason, "not_signed_in");
  EXPECT_THAT(status.message, HasSubstr("does not exist"));
  EXPECT_EQ(status.command, kLoginCommand);
  EXPECT_TRUE(asked_.empty());
  somebody_signs_in();
  live_for(seconds(5));
  EXPECT_EQ(tokens_.status().state, TokenState::kOk);
  const std::string lines = log_.text();
  EXPECT_EQ(times_in(lines, kLoginCommand), 1) << lines;
  EXPECT_EQ(times_in(lines, "signed in again"), 1) << lines;
}

TEST_F(TokenTableAtStart, FileOlderThan90DaysIsTriedAndThenT5) {
  answer_ = refusal(400, "invalid_grant", "700082");
  EXPECT_EQ(token(), "none");
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(tokens_.status().reason, "sign_in");
  EXPECT_THAT(tokens_.status().message, HasSubstr("expired unused"));
}

TEST_F(TokenTableAtStart, FileOpenToOthersNeedsItsModeCorrectedAndIsUsedThenAtOnce) {
  folder_.write("token", "refresh-1", 0644);
  EXPECT_EQ(token(), "none");
  EXPECT_EQ(tokens_.status().state, TokenState::kMisconfigured);
  EXPECT_EQ(tokens_.status().reason, "settings");
  EXPECT_THAT(tokens_.status().message, HasSubstr("chmod"));
  EXPECT_TRUE(asked_.empty());
  std::filesystem::permissions(folder_.path() / "token", std::filesystem::perms(0600));
  EXPECT_EQ(token(), "access");
}

}  // namespace
}  // namespace pce
