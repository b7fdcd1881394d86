#include "exporter/base/units.h"
#include "tests/partner_center/client_fixture.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

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

TEST_F(PartnerCenterClientTest, RenewsTheTokenAfterA401AndRepeats) {
  script({status(401), status(200, {}, "fine")});
  const auto body = get();
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, "fine");
  EXPECT_EQ(tokens_.given_back(), std::vector<std::string>{"access-token-1 unauthorized"});
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
  EXPECT_THAT(tokens_.given_back(),
              testing::ElementsAre("access-token-1 unauthorized", "access-token-2 unauthorized"));
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

TEST_F(PartnerCenterClientTest, RepeatsNothingWhereTheSourceHasNoBetterToken) {
  for (const auto& [code, reason] : std::vector<std::pair<std::string, std::string>>{
           {"900420", "audience"}, {"900421", "mfa"}, {"10001", "mfa"}}) {
    script({status(401, {}, R"({"code":")" + code + R"("})")});
    at_ = 0;
    ASSERT_FALSE(get());
    EXPECT_EQ(at_, 1U) << code;
    EXPECT_EQ(tokens_.given_back().back(), "access-token-1 " + reason);
    EXPECT_GE(failures(reason), 1);
  }
}

TEST_F(PartnerCenterClientTest, TellsReasonsApartThatNeedAHuman) {
  script({status(403, {}, R"({"code":"900329"})"), status(401, {}, R"({"code":"900420"})"),
          status(401, {}, R"({"code":"900421"})")});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(get());
  EXPECT_THAT(tokens_.given_back(),
              testing::ElementsAre("access-token-1 app_only", "access-token-1 audience",
                                   "access-token-1 mfa"));
  EXPECT_EQ(failures("app_only"), 1);
  EXPECT_EQ(failures("audience"), 1);
  EXPECT_EQ(failures("mfa"), 1);
  EXPECT_EQ(failures("unauthorized"), 0);
}

TEST_F(PartnerCenterClientTest, AsksWhetherTheSignInHadMfaAndPassesTheAnswerOn) {
  script({status(200, {{"IsMfaCompliant", "False"}}), status(200, {{"isMfaCompliant", "true"}}),
          status(200)});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(get());
  EXPECT_EQ(header_of(transport_.requests().at(0), "ValidateMfa"), "true");
  const auto taken = tokens_.taken();
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].first, "access-token-1");
  EXPECT_EQ(taken[0].second, false);
  EXPECT_EQ(taken[1].second, true);
  EXPECT_EQ(taken[2].second, std::nullopt);
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

TEST_F(PartnerCenterClientTest, NeverRepeatsTheAccessToken) {
  script({status(400, {}, R"({"description":"bad token access-token-1"})")});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, Not(HasSubstr("access-token")));
  EXPECT_THAT(body.error().message, HasSubstr("HTTP 400"));
}

}  // namespace
}  // namespace pce
