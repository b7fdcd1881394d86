#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/access_tokens.h"
#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

json claims_of(const std::string& token) {
  const auto first = token.find('.');
  return json::parse(*base64_decode(token.substr(first + 1, token.rfind('.') - first - 1)));
}

TEST(TokenEndpoint, Version2AnswersWithNumbersAndRotates) {
  Bench bench;
  const Response answer = bench.token(Bench::refresh_form());
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["token_type"], "Bearer");
  EXPECT_EQ(body["expires_in"], 3600);
  EXPECT_EQ(body["scope"], std::string(kResource) + "/user_impersonation");
  EXPECT_FALSE(body.contains("resource"));
  EXPECT_FALSE(body.contains("expires_on"));
  EXPECT_NE(body["refresh_token"],
            json::parse(bench.token(Bench::refresh_form()).body)["refresh_token"]);
  const json claims = claims_of(body["access_token"]);
  EXPECT_EQ(claims["aud"], kResource);
  EXPECT_EQ(claims["tid"], kTenant);
  EXPECT_EQ(claims["amr"], json({"pwd", "mfa"}));
}

TEST(TokenEndpoint, Version2HandsOutRefreshTokensForOfflineAccessOnly) {
  Bench bench;
  const std::string form = "grant_type=refresh_token&client_id=a&refresh_token=r&scope=" +
                           url_encode(std::string(kResource) + "/.default");
  EXPECT_FALSE(json::parse(bench.token(form).body).contains("refresh_token"));
}

TEST(TokenEndpoint, Version1AnswersWithTexts) {
  Bench bench;
  const json body =
      json::parse(bench
                      .token("grant_type=refresh_token&client_id=a&refresh_token=r&resource=" +
                                 url_encode(kResource),
                             "oauth2/token")
                      .body);
  EXPECT_EQ(body["expires_in"], "3600");
  EXPECT_TRUE(body["expires_on"].is_string());
  EXPECT_TRUE(body["not_before"].is_string());
  EXPECT_EQ(body["resource"], kResource);
  EXPECT_TRUE(body.contains("refresh_token"));
}

TEST(TokenEndpoint, ClientCredentialsAreAppOnlyWithoutRefreshToken) {
  Bench bench;
  const json body =
      json::parse(bench
                      .token("grant_type=client_credentials&client_id=a&client_secret=s&scope=" +
                             url_encode(std::string(kResource) + "/.default"))
                      .body);
  EXPECT_FALSE(body.contains("refresh_token"));
  const std::string bearer = "Bearer " + body["access_token"].get<std::string>();
  const auto call = [&](std::string_view path) {
    return bench.service.handle(Bench::request(path, {{"Authorization", bearer}}));
  };
  EXPECT_EQ(call("/v1/customers").status, 200);
  for (const std::string& path :
       {kDeployment, kUsage, kB1, kB2, std::string("/v1/analytics/licenses/usage")}) {
    const Response refused = call(path);
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(json::parse(refused.body)["code"], "900329");
  }
}

struct Refusal {
  std::string name, form, path;
  int status;
  std::string error;
  int number;
};
class TokenEndpointRefuses : public testing::TestWithParam<Refusal> {};
TEST_P(TokenEndpointRefuses, WithTheRightNumber) {
  Bench bench({}, {},
              {.tenant = std::string(kTenant), .client_id = "app", .client_secret = "secret"},
              "first");
  const auto& p = GetParam();
  const std::string tenant = p.name == "WrongTenant" ? "99999999-2222-3333-4444-555555555555"
                             : p.name == "Common"    ? "common"
                                                     : std::string(kTenant);
  const Response answer = bench.token(p.form, p.path, tenant);
  EXPECT_EQ(answer.status, p.status);
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["error"], p.error);
  EXPECT_EQ(body["error_codes"], json({p.number}));
  EXPECT_THAT(body["error_description"].get<std::string>(),
              testing::StartsWith("AADSTS" + std::to_string(p.number)));
  EXPECT_EQ(body["timestamp"].get<std::string>().size(), 20U);
}
const std::string kScope =
    "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2Fuser_impersonation";
const std::string kGoodClient = "&client_id=app&client_secret=secret";
const std::string kV2 = "oauth2/v2.0/token", kV1 = "oauth2/token";
INSTANTIATE_TEST_SUITE_P(
    , TokenEndpointRefuses,
    testing::Values(
        Refusal{"NoGrant", "client_id=app", kV2, 400, "invalid_request", 900144},
        Refusal{"OddGrant", "grant_type=password" + kGoodClient, kV2, 400, "unsupported_grant_type",
                70003},
        Refusal{"WrongTenant", "grant_type=refresh_token", kV2, 400, "invalid_request", 90002},
        Refusal{"Common", "grant_type=refresh_token", kV2, 400, "invalid_request", 9001023},
        Refusal{"WrongClient", "grant_type=refresh_token&client_id=b", kV2, 400,
                "unauthorized_client", 700016},
        Refusal{"NoSecret", "grant_type=refresh_token&client_id=app", kV2, 401, "invalid_client",
                7000218},
        Refusal{"WrongSecret", "grant_type=refresh_token&client_id=app&client_secret=x", kV2, 401,
                "invalid_client", 7000215},
        Refusal{"ResourceOnV2", "grant_type=refresh_token&resource=x" + kGoodClient, kV2, 400,
                "invalid_request", 901002},
        Refusal{"BareScope", "grant_type=refresh_token&scope=openid" + kGoodClient, kV2, 400,
                "invalid_scope", 70011},
        Refusal{"NoResource", "grant_type=refresh_token&refresh_token=first" + kGoodClient, kV1,
                400, "invalid_request", 900144},
        Refusal{"WrongRefreshToken",
                "grant_type=refresh_token&refresh_token=other" + kGoodClient + kScope, kV2, 400,
                "invalid_grant", 70000}),
    [](const auto& tested) { return tested.param.name; });

TEST(TokenEndpoint, PublicClientsMustNotSendACredential) {
  Bench bench({}, {}, {.tenant = {}, .client_id = {}, .client_secret = {}, .public_client = true});
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 200);
  EXPECT_THAT(bench.token(Bench::refresh_form() + "&client_secret=s").body,
              HasSubstr("AADSTS700025"));
}

TEST(TokenEndpoint, SecretMayComeAsBasicAuthorization) {
  Bench bench({}, {}, {.tenant = {}, .client_id = "app", .client_secret = "se:cret"});
  Request ask = Bench::request("/" + std::string(kTenant) + "/oauth2/v2.0/token",
                               {{"Authorization", "Basic " + base64("app:se%3Acret")}});
  ask.method = "POST";
  ask.body = "grant_type=refresh_token&refresh_token=r" + kScope;
  EXPECT_EQ(bench.service.handle(ask).status, 200);
}

TEST(TokenEndpoint, OldRefreshTokensStayGoodAfterRotationAndAfterARestart) {
  const std::string form =
      "grant_type=refresh_token&client_id=a" + url_decode("&scope=") +
      url_encode(std::string(kResource) + "/user_impersonation offline_access") + "&refresh_token=";
  Bench bench({}, {}, {}, "first");
  const auto second =
      json::parse(bench.token(form + "first").body)["refresh_token"].get<std::string>();
  EXPECT_EQ(bench.token(form + second).status, 200);
  EXPECT_EQ(bench.token(form + "first").status, 200);
  Bench restarted({}, {}, {}, "first");
  EXPECT_EQ(restarted.token(form + second).status, 200);
  Bench other({}, {}, {}, "else");
  EXPECT_EQ(other.token(form + second).status, 400);
}

TEST(TokenEndpoint, RevokedRefreshTokensNeedAHuman) {
  Bench bench;
  bench.command("tokens", {{"revoke", "refresh"}});
  EXPECT_THAT(bench.token(Bench::refresh_form()).body, HasSubstr("AADSTS50173"));
  bench.command("reset", nullptr);
  EXPECT_EQ(bench.token(Bench::refresh_form()).status, 200);
}

TEST(AccessTokens, ExpireWithTheSimulatedClock) {
  Bench bench;
  EXPECT_EQ(bench.get("/v1/customers").status, 200);
  bench.command("clock", {{"advance", "59m"}});
  EXPECT_EQ(bench.get("/v1/customers").status, 200);
  bench.command("clock", {{"advance", "2m"}});
  const Response answer = bench.get("/v1/customers");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(find_field(answer.headers, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
}

TEST(AccessTokens, LifetimeIsToldInTheClientsTime) {
  Bench bench({}, {}, {}, "", 60);
  EXPECT_EQ(json::parse(bench.token(Bench::refresh_form()).body)["expires_in"], 60);
}

TEST(AccessTokens, AreRefusedWhenMissingForgedOrRevoked) {
  Bench bench;
  const std::string good = bench.bearer();
  const auto status = [&](Fields headers) {
    return bench.service.handle(Bench::request("/v1/customers", std::move(headers))).status;
  };
  EXPECT_EQ(status({{"Authorization", good}}), 200);
  EXPECT_EQ(status({}), 401);
  EXPECT_EQ(status({{"Authorization", "Bearer abc"}}), 401);
  EXPECT_EQ(status({{"Authorization", good + "x"}}), 401);
  EXPECT_EQ(status({{"Authorization", "Basic " + good.substr(7)}}), 401);
  bench.command("tokens", {{"revoke", "access"}});
  EXPECT_EQ(status({{"Authorization", good}}), 401);
  EXPECT_EQ(status({{"Authorization", bench.bearer()}}), 200);
}

TEST(AccessTokens, NeedTheRightAudienceAndMfa) {
  Bench bench;
  const auto code = [&](const std::string& scope, Fields headers = {}) {
    const Response token = bench.token(
        "grant_type=refresh_token&client_id=a&refresh_token=r&scope=" + url_encode(scope));
    headers.emplace_back("Authorization",
                         "Bearer " + json::parse(token.body)["access_token"].get<std::string>());
    const Response answer = bench.service.handle(Bench::request(kDeployment, std::move(headers)));
    const auto compliant = find_field(answer.headers, "isMfaCompliant").value_or("-");
    return std::to_string(answer.status) + " " + json::parse(answer.body).value("code", "") + " " +
           compliant;
  };
  const std::string right = std::string(kResource) + "/user_impersonation";
  EXPECT_EQ(code("https://graph.windows.net/.default"), "401 900420 -");
  EXPECT_EQ(code(right, {{"ValidateMfa", "true"}}), "200  true");
  bench.command("settings", {{"mfa", false}});
  EXPECT_EQ(code(right, {{"ValidateMfa", "true"}}), "401 900421 false");
  bench.command("settings", {{"enforce_mfa", false}});
  EXPECT_EQ(code(right, {{"ValidateMfa", "true"}}), "200  false");
}

}  // namespace
}  // namespace simulator
