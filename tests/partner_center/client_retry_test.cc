// Which failures the client repeats, when, and how often.
#include <barrier>
#include <set>
#include <thread>

#include "tests/partner_center/client_fixture.h"

namespace pce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

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
  for (const int code : {400, 403, 404, 405, 406, 409, 412, 417, 501, 505, 302}) {
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

class RepeatedStatus : public PartnerCenterClientTest, public testing::WithParamInterface<int> {};

TEST_P(RepeatedStatus, IsTriedAgainUnderTheSameRequestId) {
  script({status(GetParam()), status(200)});
  ASSERT_TRUE(get());
  const auto sent = transport_.requests();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(header_of(sent[0], "MS-RequestId"), header_of(sent[1], "MS-RequestId"));
  EXPECT_EQ(retries(), 1);
}

INSTANTIATE_TEST_SUITE_P(Codes, RepeatedStatus,
                         testing::Values(408, 429, 500, 502, 503, 504, 507, 520, 599),
                         testing::PrintToStringParamName());

class RepeatedFailure : public PartnerCenterClientTest,
                        public testing::WithParamInterface<ErrorKind> {};

TEST_P(RepeatedFailure, IsTriedAgain) {
  script({Error{.kind = GetParam(), .message = "no answer"}, status(200)});
  ASSERT_TRUE(get());
  EXPECT_EQ(transport_.requests().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RepeatedFailure,
                         testing::Values(ErrorKind::kDns, ErrorKind::kConnect, ErrorKind::kProxy,
                                         ErrorKind::kTls, ErrorKind::kTimeout, ErrorKind::kCut),
                         [](const auto& row) { return std::string(name_of(row.param)); });

struct Refusal {
  std::string name;
  std::vector<Header> headers;
  std::string body;
  seconds asked;
};

class Refused : public PartnerCenterClientTest, public testing::WithParamInterface<Refusal> {};

TEST_P(Refused, WaitsAsTheRefusalSays) {
  script({status(429, GetParam().headers, GetParam().body), status(200)});
  ASSERT_TRUE(get());
  EXPECT_GE(clock_.waited(), GetParam().asked);
  EXPECT_LT(clock_.waited(), GetParam().asked + seconds(1));
}

// The clock of the tests begins at Tue, 14 Nov 2023 22:13:20 GMT.
INSTANTIATE_TEST_SUITE_P(
    Forms, Refused,
    testing::Values(
        Refusal{"header_seconds", {{"Retry-After", "57"}}, "", seconds(57)},
        Refusal{
            "header_date", {{"Retry-After", "Tue, 14 Nov 2023 22:15:20 GMT"}}, "", seconds(120)},
        Refusal{
            "message",
            {},
            R"({"statusCode":429,"message":"Rate limit is exceeded. Try again in 31 seconds."})",
            seconds(31)},
        Refusal{"nothing", {}, "", seconds(60)}),
    [](const auto& row) { return row.param.name; });

TEST_F(PartnerCenterClientTest, SlowsEverybodyDownAfterA429) {
  script({status(429, {{"Retry-After", "57"}}), status(200)});
  ASSERT_TRUE(get());
  EXPECT_NEAR(governor_.pace(), 0.5, 0.01);
}

TEST_F(PartnerCenterClientTest, KeepsItsPaceAfterOtherFailures) {
  script({status(503, {{"Retry-After", "57"}}), status(500), status(200)});
  ASSERT_TRUE(get());
  EXPECT_GE(clock_.waited(), seconds(57));
  EXPECT_EQ(governor_.pace(), 1);
}

TEST_F(PartnerCenterClientTest, RepeatsNoMoreThanATenthOfItsCallsAndTheTenSaved) {
  script({status(500, {}, R"({"code":"800003","description":"broken"})")});
  for (int i = 0; i < 50; ++i) ASSERT_FALSE(get());
  EXPECT_LE(transport_.requests().size(), 50U + 50U / 10 + 10);
}

TEST_F(PartnerCenterClientTest, SaysThatTheBudgetIsSpentInFrontOfTheFailure) {
  script({status(500, {}, R"({"code":"800003","description":"broken"})")});
  while (governor_.take_retry()) {
  }
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_EQ(transport_.requests().size(), 1U);
  EXPECT_EQ(body.error().kind, ErrorKind::kUpstream);
  EXPECT_EQ(body.error().api_code, "800003");
  EXPECT_EQ(body.error().correlation_id, "round-1");
  EXPECT_THAT(body.error().message,
              testing::StartsWith(
                  "GET /v1/customers: no repetition left in the budget: HTTP 500, code 800003"));
}

TEST_F(PartnerCenterClientTest, SaysNothingOfTheBudgetWhereNoRepetitionWouldHelp) {
  while (governor_.take_retry()) {
  }
  script({status(404)});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, Not(HasSubstr("budget")));
}

TEST_F(PartnerCenterClientTest, RenewsTheTokenWithoutAskingTheBudget) {
  while (governor_.take_retry()) {
  }
  script({status(401), status(200)});
  EXPECT_TRUE(get());
  EXPECT_EQ(transport_.requests().size(), 2U);
}

TEST_F(PartnerCenterClientTest, HoldsNoPlaceWhileItWaitsForAToken) {
  class Watching final : public TokenSource {
   public:
    explicit Watching(const Governor& governor) : governor_(governor) {}
    Result<Secret> access_token(std::stop_token) override {
      ++asked;
      held += governor_.calls_running();
      return Secret("access-token-" + std::to_string(asked));
    }
    bool refused(const Secret&, const Error&) override { return true; }
    int asked = 0;
    int held = 0;

   private:
    const Governor& governor_;
  } tokens(governor_);
  PartnerCenterClient client(transport_, tokens, governor_, clock_, telemetry_,
                             {.api_base = "https://api.example"});
  script({status(500), status(401), status(200)});
  ASSERT_TRUE(client.get({.operation = "customers", .path = "/v1/customers"}, {}));
  EXPECT_EQ(tokens.asked, 3);
  EXPECT_EQ(tokens.held, 0);
}

}  // namespace
}  // namespace pce
