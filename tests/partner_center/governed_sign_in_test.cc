// Sign-ins pass the gate all calls of an account pass, and never stand in their own way.
#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include "exporter/identity/cached_token_source.h"
#include "exporter/identity/entra_token_source.h"
#include "exporter/partner_center/client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

HttpResponse issued(const std::string& access, int lifetime) {
  return {.status = 200,
          .body = R"({"token_type":"Bearer","access_token":")" + access + R"(","expires_in":)" +
                  std::to_string(lifetime) + "}"};
}

class GovernedSignIn : public testing::Test {
 protected:
  GovernedSignIn() { folder_.write("token", "refresh-1"); }
  EntraTokenSource source(Transport& transport) {
    return EntraTokenSource({transport, governor_, clock_, telemetry_}, credential_,
                            {.login = "https://login.example",
                             .tenant_id = "tenant-1",
                             .client_id = "client-1",
                             .resource = "https://api.example",
                             .refresh_token_file = folder_.path() / "token"});
  }

  FakeClock clock_;
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 1}};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token", "customers"}};
  TemporaryFolder folder_;
  ClientCredential credential_{"client-1", {}};
};

TEST_F(GovernedSignIn, HoldsAPlaceWhileItAsksAndGivesItBack) {
  int running = 0;
  ScriptedTransport transport([&](const HttpRequest&) {
    running = governor_.calls_running();
    return issued("access-1", 3600);
  });
  ASSERT_TRUE(source(transport).issue({}));
  EXPECT_EQ(running, 1);
  EXPECT_EQ(governor_.calls_running(), 0);
}

TEST_F(GovernedSignIn, WaitsUntilAPauseIsOverAndCountsTheTokensLifeFromThere) {
  ScriptedTransport transport([](const HttpRequest&) { return issued("access-1", 3600); });
  governor_.pause_for(minutes(50));
  const auto token = source(transport).issue({});
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_GE(clock_.waited(), minutes(50));
  // issue() was called 50 minutes before the token was made.
  EXPECT_EQ(token->lifetime, seconds(3600) + minutes(50));
}

TEST_F(GovernedSignIn, GivesUpAPauseWhenStopped) {
  ScriptedTransport transport([](const HttpRequest&) { return issued("access-1", 3600); });
  governor_.pause_for(minutes(50));
  std::stop_source stop;
  clock_.stop_after(0, stop);
  const auto token = source(transport).issue(stop.get_token());
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(transport.requests().empty());
  EXPECT_EQ(reading(registry_, "partner_center_token_refresh_failures_total").value_or(0), 0);
  EXPECT_EQ(
      reading(registry_, "partner_center_api_request_duration_seconds", {{"operation", "token"}})
          .value_or(0),
      0);
}

struct SignInRefusal {
  std::string name;
  HttpResponse answer;
  milliseconds paused;
};

class SignInRefused : public GovernedSignIn, public testing::WithParamInterface<SignInRefusal> {};

TEST_P(SignInRefused, PausesTheAccountAsLongAsAsked) {
  ScriptedTransport transport([](const HttpRequest&) { return GetParam().answer; });
  const auto token = source(transport).issue({});
  ASSERT_FALSE(token);
  EXPECT_EQ(governor_.paused_for(), GetParam().paused);
  EXPECT_EQ(governor_.pace(), 1) << "a busy sign-in says nothing about Partner Center's pace";
  EXPECT_EQ(governor_.retries_left(), 10);
  EXPECT_EQ(transport.requests().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SignInRefused,
    testing::Values(
        SignInRefusal{
            "header", {.status = 429, .headers = {{"Retry-After", "57"}}, .body = ""}, seconds(57)},
        SignInRefusal{"date",
                      {.status = 429,
                       .headers = {{"Retry-After", "Tue, 14 Nov 2023 22:15:20 GMT"}},
                       .body = ""},
                      seconds(120)},
        SignInRefusal{"message",
                      {.status = 429, .headers = {}, .body = "Try again in 31 seconds."},
                      seconds(31)},
        SignInRefusal{"silent", {.status = 429, .headers = {}, .body = ""}, seconds(60)},
        SignInRefusal{
            "busy", {.status = 503, .headers = {{"Retry-After", "9"}}, .body = ""}, seconds(9)},
        // What the sign-in waits for by itself is no reason to leave Partner Center alone.
        SignInRefusal{
            "loop",
            {.status = 400,
             .headers = {},
             .body = R"({"error":"invalid_grant","error_description":"AADSTS50196: loop"})"},
            seconds(0)},
        SignInRefusal{"refused_for_good",
                      {.status = 400, .headers = {}, .body = R"({"error":"invalid_grant"})"},
                      seconds(0)}),
    [](const auto& row) { return row.param.name; });

// Tokens that expire all the time and one place for everything: whoever held the place while a
// token is renewed would wait for itself.
TEST_F(GovernedSignIn, NeverBlocksTheOnlyPlace) {
  std::atomic<int> issued_tokens = 0;
  std::atomic<int> crowded = 0;
  ScriptedTransport transport([&](const HttpRequest& request) -> Result<HttpResponse> {
    if (governor_.calls_running() != 1) ++crowded;
    clock_.advance(seconds(20));
    if (request.method == "POST") return issued("access-" + std::to_string(++issued_tokens), 60);
    return HttpResponse{.status = 200, .body = "{}"};
  });
  auto entra = source(transport);
  CachedTokenSource tokens(entra, clock_);
  PartnerCenterClient client(transport, tokens, governor_, clock_, telemetry_,
                             {.api_base = "https://api.example"});
  std::atomic<int> fine = 0;
  {
    std::barrier start(6);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int i = 0; i < 20; ++i) {
          if (client.get({.operation = "customers", .path = "/v1/customers"}, {})) ++fine;
        }
      });
    }
  }
  EXPECT_EQ(fine, 6 * 20);
  EXPECT_EQ(crowded, 0);
  EXPECT_GT(issued_tokens, 10);
}

}  // namespace
}  // namespace pce
