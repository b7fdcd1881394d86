#include "exporter/partner_center/client.h"

#include <atomic>
#include <barrier>
#include <set>
#include <thread>

#include "exporter/base/units.h"
#include "tests/partner_center/telemetry_reading.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

std::string header_of(const HttpRequest& request, const std::string& name) {
  std::string all;
  for (const Header& h : request.headers) {
    if (same_header_name(h.name, name)) all += (all.empty() ? "" : "|") + h.value;
  }
  return all;
}

class PartnerCenterClientTest : public testing::Test {
 protected:
  // Answers with these in turn, then with the last one again.
  void script(std::vector<Result<HttpResponse>> answers) { answers_ = std::move(answers); }
  Result<std::string> get(std::stop_token stop = {}) {
    return client_.get(
        {.operation = "customers", .path = "/v1/customers?size=5", .correlation_id = "round-1"},
        stop);
  }
  double requests(const std::string& code) {
    return reading(registry_, "partner_center_api_requests_total",
                   {{"operation", "customers"}, {"code", code}})
        .value_or(0);
  }
  double failures(const std::string& reason) {
    return reading(registry_, "partner_center_api_request_failures_total",
                   {{"operation", "customers"}, {"reason", reason}})
        .value_or(-1);
  }
  double retries() {
    return reading(registry_, "partner_center_api_retries_total", {{"operation", "customers"}})
        .value_or(-1);
  }

  std::vector<Result<HttpResponse>> answers_{HttpResponse{.status = 200, .body = "{}"}};
  std::atomic<std::size_t> at_ = 0;
  FakeClock clock_;
  prometheus::Registry registry_;
  AccountTelemetry telemetry_{registry_, "contoso", {"customers"}, {}};
  ScriptedTransport transport_{
      [this](const HttpRequest&) { return answers_[std::min(at_++, answers_.size() - 1)]; }};
  FixedTokenSource tokens_{{"access-token-1", "access-token-2", "access-token-3"}};
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 4}};
  PartnerCenterClient client_{transport_,
                              tokens_,
                              governor_,
                              clock_,
                              telemetry_,
                              {.api_base = "https://api.example/",
                               .application = "exporter",
                               .random01 = [] { return 0.5; }}};
};

HttpResponse status(int code, std::vector<Header> headers = {}, std::string body = "") {
  return {.status = code, .headers = std::move(headers), .body = std::move(body)};
}

TEST_F(PartnerCenterClientTest, SendsTheUsualHeaders) {
  const auto body = get();
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, "{}");
  const HttpRequest request = transport_.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.example/v1/customers?size=5");
  EXPECT_EQ(request.bearer.reveal(), "access-token-1");
  EXPECT_EQ(header_of(request, "Accept"), "application/json");
  EXPECT_EQ(header_of(request, "X-Locale"), "en-US");
  EXPECT_EQ(header_of(request, "MS-CorrelationId"), "round-1");
  EXPECT_EQ(header_of(request, "MS-PartnerCenter-Application"), "exporter");
  EXPECT_TRUE(TenantId::parse(header_of(request, "MS-RequestId")));
  EXPECT_EQ(requests("200"), 1);
  EXPECT_EQ(reading(registry_, "partner_center_api_request_duration_seconds",
                    {{"operation", "customers"}}),
            1);
}

TEST_F(PartnerCenterClientTest, LetsACallReplaceAHeader) {
  ASSERT_TRUE(client_.get({.operation = "customers",
                           .path = "/v1/x",
                           .headers = {{"x-locale", "de"}, {"MS-ContinuationToken", "AQ=="}}},
                          {}));
  EXPECT_EQ(header_of(transport_.requests().at(0), "X-Locale"), "de");
  EXPECT_EQ(header_of(transport_.requests().at(0), "MS-ContinuationToken"), "AQ==");
}

TEST_F(PartnerCenterClientTest, KeepsTheRequestIdWhenItTriesAgainAndOnlyThen) {
  script({Error{.kind = ErrorKind::kTimeout, .message = "slow"}, status(503), status(200)});
  ASSERT_TRUE(get());
  ASSERT_TRUE(get());
  std::set<std::string> ids;
  for (const HttpRequest& request : transport_.requests())
    ids.insert(header_of(request, "MS-RequestId"));
  ASSERT_EQ(transport_.requests().size(), 4U);
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_EQ(retries(), 2);
  EXPECT_EQ(failures("timeout"), 1);
  EXPECT_EQ(failures("upstream"), 1);
  EXPECT_EQ(requests("000"), 1);
}

TEST_F(PartnerCenterClientTest, WaitsLongerBeforeEachTry) {
  script({status(500)});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::kUpstream);
  EXPECT_THAT(body.error().message, testing::StartsWith("GET /v1/customers: HTTP 500"));
  EXPECT_THAT(body.error().message, Not(HasSubstr("size=5")));
  EXPECT_EQ(body.error().correlation_id, "round-1");
  EXPECT_EQ(transport_.requests().size(), 3U);
  EXPECT_EQ(clock_.waited(), milliseconds(250 + 500));
}

TEST_F(PartnerCenterClientTest, TriesOnlyOnceWhatTimeCannotHeal) {
  for (const int code : {400, 403, 404, 405, 406, 409, 412, 417, 501, 302}) {
    script({status(code)});
    const std::size_t before = transport_.requests().size();
    ASSERT_FALSE(get()) << code;
    EXPECT_EQ(transport_.requests().size(), before + 1) << code;
  }
  for (const ErrorKind kind : {ErrorKind::kTooLarge, ErrorKind::kMalformed}) {
    script({Error{.kind = kind, .message = "no"}});
    const std::size_t before = transport_.requests().size();
    ASSERT_FALSE(get());
    EXPECT_EQ(transport_.requests().size(), before + 1) << name_of(kind);
  }
  EXPECT_EQ(retries(), 0);
}

TEST_F(PartnerCenterClientTest, RenewsTheTokenAfterA401AndRepeats) {
  script({status(401), status(200, {}, "fine")});
  const auto body = get();
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, "fine");
  EXPECT_EQ(tokens_.rejected(), std::vector<std::string>{"access-token-1"});
  ASSERT_EQ(transport_.requests().size(), 2U);
  EXPECT_EQ(transport_.requests().at(1).bearer.reveal(), "access-token-2");
  EXPECT_EQ(header_of(transport_.requests().at(0), "MS-RequestId"),
            header_of(transport_.requests().at(1), "MS-RequestId"));
  EXPECT_EQ(retries(), 1);
}

TEST_F(PartnerCenterClientTest, GivesUpAtTheSecond401) {
  script({status(401)});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(transport_.requests().size(), 2U);
  EXPECT_EQ(tokens_.rejected().size(), 1U);
}

TEST_F(PartnerCenterClientTest, DoesNotRepeatWithTheSameToken) {
  FixedTokenSource stubborn({"access-token-1"});
  PartnerCenterClient client(transport_, stubborn, governor_, clock_, telemetry_,
                             {.api_base = "https://api.example"});
  script({status(401, {}, R"({"code":400,"description":"denied"})")});
  const auto body = client.get({.operation = "customers", .path = "/v1/customers"}, {});
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, HasSubstr("denied"));
  EXPECT_EQ(transport_.requests().size(), 1U);
  EXPECT_EQ(retries(), 0);
}

TEST_F(PartnerCenterClientTest, RenewsNothingForA401ThatNeedsAHuman) {
  for (const char* code : {"900420", "900421", "10001"}) {
    script({status(401, {}, std::string(R"({"code":")") + code + R"("})")});
    at_ = 0;
    ASSERT_FALSE(get());
    EXPECT_EQ(at_, 1U) << code;
  }
  EXPECT_TRUE(tokens_.rejected().empty());
}

TEST_F(PartnerCenterClientTest, AsksNothingWithoutAToken) {
  FixedTokenSource none({});
  PartnerCenterClient client(transport_, none, governor_, clock_, telemetry_,
                             {.api_base = "https://api.example"});
  const auto body = client.get({.operation = "customers", .path = "/v1/customers"}, {});
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::kUnauthorized);
  EXPECT_THAT(body.error().message, HasSubstr("nobody signed in"));
  EXPECT_TRUE(transport_.requests().empty());
}

TEST_F(PartnerCenterClientTest, WaitsAsLongAsA429Asks) {
  script({status(429, {{"Retry-After", "57"}}), status(200)});
  ASSERT_TRUE(get());
  EXPECT_GE(clock_.waited(), seconds(57));
  EXPECT_LT(clock_.waited(), seconds(58));
  EXPECT_EQ(failures("throttled"), 1);
}

TEST_F(PartnerCenterClientTest, HoldsEverybodyWhileA429IsServed) {
  script({status(429, {{"Retry-After", "57"}}), status(200)});
  PartnerCenterClient impatient(transport_, tokens_, governor_, clock_, telemetry_,
                                {.api_base = "https://api.example", .retry = {.attempts = 1}});
  ASSERT_FALSE(impatient.get({.operation = "customers", .path = "/v1/a"}, {}));
  EXPECT_EQ(governor_.paused_for(), seconds(57));
  EXPECT_EQ(clock_.waited(), seconds(0));
  ASSERT_TRUE(get()) << "another caller, which was not throttled itself";
  EXPECT_GE(clock_.waited(), seconds(57));
}

TEST_F(PartnerCenterClientTest, StartsNoCallBeforeAPauseEndsFromAnyThread) {
  std::mutex mutex;
  SteadyTime allowed{};
  std::atomic<int> early = 0;
  std::atomic<int> nth = 0;
  ScriptedTransport transport([&](const HttpRequest&) -> Result<HttpResponse> {
    const std::scoped_lock lock(mutex);
    if (clock_.steady() < allowed) ++early;
    if (++nth % 10 != 0) return status(200);
    allowed = std::max(allowed, clock_.steady() + seconds(30));
    return status(429, {{"Retry-After", "30"}});
  });
  // One place: a call that was already under way when the 429 came is no early one.
  Governor governor(clock_, {.requests_per_minute = 100'000, .concurrency = 1});
  PartnerCenterClient client(transport, tokens_, governor, clock_, telemetry_,
                             {.api_base = "https://api.example"});
  std::atomic<int> fine = 0;
  {
    std::barrier start(8);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int i = 0; i < 25; ++i) {
          if (client.get({.operation = "customers", .path = "/v1/customers"}, {})) ++fine;
        }
      });
    }
  }
  EXPECT_EQ(fine, 200);
  EXPECT_EQ(early, 0);
}

TEST_F(PartnerCenterClientTest, EndsItsWaitWhenStopped) {
  script({status(429, {{"Retry-After", "3600"}})});
  SystemClock clock;
  Governor governor(clock, {});
  std::stop_source stop;
  ScriptedTransport transport([&](const HttpRequest&) {
    stop.request_stop();
    return status(429, {{"Retry-After", "3600"}});
  });
  PartnerCenterClient client(transport, tokens_, governor, clock, telemetry_,
                             {.api_base = "https://api.example"});
  const auto body =
      client.get({.operation = "customers", .path = "/v1/customers"}, stop.get_token());
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(governor.calls_running(), 0);
}

TEST_F(PartnerCenterClientTest, NeverRepeatsTheAccessToken) {
  script({status(400, {}, R"({"description":"bad token access-token-1"})")});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, Not(HasSubstr("access-token")));
  EXPECT_THAT(body.error().message, HasSubstr("HTTP 400"));
}

}  // namespace
}  // namespace pce
