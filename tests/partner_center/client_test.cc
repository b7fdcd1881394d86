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

TEST_F(PartnerCenterClientTest, NeverRepeatsTheAccessToken) {
  script({status(400, {}, R"({"description":"bad token access-token-1"})")});
  const auto body = get();
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, Not(HasSubstr("access-token")));
  EXPECT_THAT(body.error().message, HasSubstr("HTTP 400"));
}

}  // namespace
}  // namespace pce
