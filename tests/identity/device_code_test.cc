#include "exporter/identity/device_code.h"

#include <deque>

#include "tests/support/fake_clock.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

HttpResponse offered(const std::string& rest) {
  return {.status = 200,
          .body = R"({"device_code":"device-secret-1","user_code":"ABCD1234",)"
                  R"("verification_uri":"https://login.example/devicelogin",)" +
                  rest + R"("message":"To sign in, open the page.\u001b[2J"})"};
}

HttpResponse refused(const std::string& word, const std::string& rest = "") {
  return {.status = 400, .body = R"({"error":")" + word + "\"" + rest + "}"};
}

HttpResponse granted() {
  return {.status = 200,
          .body = R"({"token_type":"Bearer","access_token":"access-1","refresh_token":"refresh-1",)"
                  R"("expires_in":3600})"};
}

class DeviceCodeTest : public testing::Test {
 protected:
  DeviceCode begun(const std::string& rest = R"("expires_in":900,"interval":5,)") {
    answers_.push_front(offered(rest));
    const auto code = sign_in_.begin({});
    EXPECT_TRUE(code) << code.error().message;
    return code ? *code : DeviceCode{};
  }
  // Answers `answers` one after the other, the last one again and again.
  Result<TokenAnswer> waited(std::deque<Result<HttpResponse>> answers,
                             const std::string& offer = R"("expires_in":900,"interval":5,)") {
    answers_ = std::move(answers);
    const DeviceCode code = begun(offer);
    began_ = clock_.steady();
    return sign_in_.wait(code, stop_.get_token(), [&](seconds left) {
      left_.push_back(left.count());
      at_.push_back(std::chrono::floor<seconds>(clock_.steady() - began_).count());
    });
  }

  FakeClock clock_;
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 1}};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token"}};
  std::deque<Result<HttpResponse>> answers_;
  ScriptedTransport transport_{[this](const HttpRequest&) {
    Result<HttpResponse> answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }};
  TokenEndpoint endpoint_{
      {transport_, governor_, clock_, telemetry_}, "https://login.example/", "tenant-1"};
  DeviceCodeSignIn sign_in_{endpoint_,
                            clock_,
                            {.login = "https://login.example/",
                             .tenant_id = "tenant-1",
                             .client_id = "client-1",
                             .resource = "https://api.example"}};
  std::stop_source stop_;
  SteadyTime began_{};
  std::vector<long> left_;  // as told before each pause
  std::vector<long> at_;    // and when, since the beginning
};

TEST_F(DeviceCodeTest, AsksForACode) {
  answers_.push_back(granted());
  const DeviceCode code = begun();
  EXPECT_EQ(code.device_code.reveal(), "device-secret-1");
  EXPECT_EQ(code.user_code, "ABCD1234");
  EXPECT_EQ(code.verification_uri, "https://login.example/devicelogin");
  EXPECT_EQ(code.message, "To sign in, open the page. [2J");
  EXPECT_EQ(code.interval, seconds(5));
  EXPECT_EQ(code.expires, clock_.steady() + seconds(900));
  const HttpRequest request = transport_.requests().at(0);
  EXPECT_EQ(request.url, "https://login.example/tenant-1/oauth2/v2.0/devicecode");
  EXPECT_EQ(request.body.reveal(),
            "client_id=client-1&scope=https%3A%2F%2Fapi.example%2Fuser_impersonation%20openid%20"
            "profile%20offline_access");
}

TEST_F(DeviceCodeTest, HasPatienceOfItsOwnWhereNoneIsSaid) {
  answers_.push_back(granted());
  const DeviceCode silent = begun("");
  EXPECT_EQ(silent.interval, seconds(5));
  EXPECT_EQ(silent.expires, clock_.steady() + seconds(900));
  const DeviceCode odd = begun(R"("expires_in":-1,"interval":0,)");
  EXPECT_EQ(odd.interval, seconds(1));
  EXPECT_LE(odd.expires, clock_.steady() + seconds(1));
}

TEST_F(DeviceCodeTest, RefusesAnOfferThatLacksSomething) {
  for (const char* body : {R"({"device_code":"d","user_code":"U"})", "{}", "[]", "no JSON"}) {
    answers_ = {HttpResponse{.status = 200, .body = body}};
    const auto code = sign_in_.begin({});
    ASSERT_FALSE(code) << body;
    EXPECT_EQ(code.error().kind, ErrorKind::kMalformed);
  }
}

TEST_F(DeviceCodeTest, WaitsAnIntervalBeforeEachQuestion) {
  const auto answer = waited({refused("authorization_pending"), refused("authorization_pending"),
                              refused("authorization_pending"), granted()});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->refresh_token.reveal(), "refresh-1");
  EXPECT_THAT(at_, testing::ElementsAre(0, 5, 10, 15));
  EXPECT_THAT(left_, testing::ElementsAre(900, 895, 890, 885));
  const HttpRequest question = transport_.requests().at(1);
  EXPECT_EQ(question.url, "https://login.example/tenant-1/oauth2/v2.0/token");
  EXPECT_EQ(question.body.reveal(),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=client-1"
            "&device_code=device-secret-1");
}

TEST_F(DeviceCodeTest, SlowsDownForGood) {
  ASSERT_TRUE(waited({refused("slow_down"), refused("authorization_pending"), refused("slow_down"),
                      refused("authorization_pending"), granted()}));
  EXPECT_THAT(at_, testing::ElementsAre(0, 5, 15, 25, 40));
}

TEST_F(DeviceCodeTest, GoesOnAfterTroubleThatPassesAndAsksMoreRarely) {
  ASSERT_TRUE(waited({Error{.kind = ErrorKind::kTimeout, .message = "no answer"},
                      Error{.kind = ErrorKind::kDns, .message = "no name"},
                      HttpResponse{.status = 503}, refused("authorization_pending"),
                      Error{.kind = ErrorKind::kConnect, .message = "refused"}, granted()}));
  EXPECT_THAT(at_, testing::ElementsAre(0, 5, 15, 35, 75, 80));
}

TEST_F(DeviceCodeTest, WaitsAsLongAsA429Asks) {
  ASSERT_TRUE(waited({HttpResponse{.status = 429, .headers = {{"Retry-After", "70"}}}, granted()}));
  EXPECT_THAT(at_, testing::ElementsAre(0, 5));
  EXPECT_GE(clock_.steady() - began_, seconds(75));
}

TEST_F(DeviceCodeTest, EndsWhenTheCodeExpires) {
  const auto answer =
      waited({refused("authorization_pending")}, R"("expires_in":12,"interval":5,)");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout);
  EXPECT_THAT(answer.error().message, HasSubstr("before it expired"));
  EXPECT_EQ(clock_.steady() - began_, seconds(12));
  EXPECT_EQ(transport_.requests().size(), 3U);  // the offer, and questions after 5 and 10 s
}

TEST_F(DeviceCodeTest, SaysWhatStoodInTheWayWhenItExpires) {
  const auto answer = waited({Error{.kind = ErrorKind::kConnect, .message = "nobody listens"}},
                             R"("expires_in":12,"interval":5,)");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("nobody listens"));
}

TEST_F(DeviceCodeTest, EndsAtOnceWhereSomebodySaidNo) {
  struct Case {
    const char* word;
    const char* rest;
    const char* said;
    const char* code;
  };
  for (const Case& c :
       {Case{"authorization_declined", R"(,"error_codes":[65004])", "declined", "AADSTS65004"},
        Case{"access_denied", "", "declined", "access_denied"},
        Case{"expired_token", R"(,"error_codes":[70019])", "has expired", "AADSTS70019"},
        Case{"bad_verification_code", R"(,"error_codes":[70018])", "does not know", "AADSTS70018"},
        Case{"invalid_client", R"(,"error_codes":[7000218])", "7000218", "AADSTS7000218"},
        Case{"invalid_grant", R"(,"error_codes":[53003])", "Conditional Access", "AADSTS53003"},
        Case{"invalid_grant", R"(,"error_codes":[50134])", "50134", "AADSTS50134"}}) {
    const auto answer = waited({refused("authorization_pending"), refused(c.word, c.rest)});
    ASSERT_FALSE(answer) << c.word;
    EXPECT_THAT(answer.error().message, HasSubstr(c.said));
    EXPECT_EQ(answer.error().api_code, c.code);
    EXPECT_EQ(answer.error().api_word, c.word);
    EXPECT_EQ(clock_.steady() - began_, seconds(10));
  }
}

TEST_F(DeviceCodeTest, RepeatsNoCodeOfOurs) {
  const auto answer = waited({refused(
      "invalid_grant", R"(,"error_description":"AADSTS70000: device-secret-1 is unknown")")});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("device-secret-1")));
}

TEST_F(DeviceCodeTest, EndsWhenWeAreToldTo) {
  clock_.stop_after(2, stop_, seconds(1));
  const auto answer = waited({refused("authorization_pending")});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace pce
