#include "tests/identity/entra_fixture.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

using EntraTokenSourceTest = EntraFixture;

TEST_F(EntraTokenSourceTest, RedeemsTheRefreshTokenOfAPublicClient) {
  folder_.write("token", "refresh+1/=\n");
  ScriptedTransport transport([](const HttpRequest&) { return issued("access-1"); });
  const auto token = source(transport).issue({});
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->access_token.reveal(), "access-1");
  EXPECT_EQ(token->lifetime, seconds(3600));
  EXPECT_FALSE(token->warning);
  const HttpRequest request = transport.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://login.example/tenant-1/oauth2/v2.0/token");
  EXPECT_EQ(request.body.reveal(),
            "client_id=client%201&grant_type=refresh_token&refresh_token=refresh%2B1%2F%3D"
            "&scope=https%3A%2F%2Fapi.example%2Fuser_impersonation%20offline_access");
  EXPECT_TRUE(request.bearer.empty());
  EXPECT_EQ(request.headers.at(0).value, "application/x-www-form-urlencoded");
}

TEST_F(EntraTokenSourceTest, ReadsTheClientSecretAnewForEachRedemption) {
  folder_.write("token", "refresh-1");
  folder_.write("secret", "s~1&\n");
  ScriptedTransport transport([](const HttpRequest&) { return issued("access-1"); });
  auto entra = source(transport, secret_);
  ASSERT_TRUE(entra.issue({}));
  const std::string before = entra.inputs();
  EXPECT_EQ(entra.inputs(), before);
  folder_.write("secret", "s~2&\n");
  EXPECT_NE(entra.inputs(), before);
  ASSERT_TRUE(entra.issue({}));
  EXPECT_TRUE(transport.requests().at(0).body.reveal().ends_with("&client_secret=s~1%26"));
  EXPECT_TRUE(transport.requests().at(1).body.reveal().ends_with("&client_secret=s~2%26"));
}

TEST_F(EntraTokenSourceTest, AsksNobodyWithoutASecretOrAToken) {
  ScriptedTransport transport([](const HttpRequest&) { return issued("access-1"); });
  const auto no_token = source(transport).issue({});
  ASSERT_FALSE(no_token);
  EXPECT_EQ(no_token.error().kind, ErrorKind::kUnauthorized);
  folder_.write("token", "refresh-1");
  const auto no_secret = source(transport, secret_).issue({});
  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(no_secret.error().message,
              HasSubstr((folder_.path() / "secret").string() + ": No such file"));
  folder_.write("secret", "\n");
  EXPECT_FALSE(source(transport, secret_).issue({}));
  EXPECT_EQ(transport.requests().size(), 0U);
  EXPECT_EQ(reading(registry_, "partner_center_token_refresh_failures_total"), 3);
}

TEST_F(EntraTokenSourceTest, StoresTheNewRefreshTokenBeforeItHandsOutTheAccessToken) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport([&](const HttpRequest& request) {
    // When a token is used for the first time it must have been stored: a crash now would lose it
    // otherwise.
    const std::string used = "refresh_token=" + stored() + "&";
    EXPECT_THAT(std::string(request.body.reveal()), HasSubstr(used));
    return rotated("access",
                   used.starts_with("refresh_token=refresh-1") ? "refresh-2" : "refresh-3");
  });
  auto entra = source(transport);
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(stored(), "refresh-2");
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(stored(), "refresh-3");
}

TEST_F(EntraTokenSourceTest, KeepsTheRefreshTokenWhenNoneComesBack) {
  const std::string kept[] = {R"("expires_in":60)", R"("refresh_token":"")",
                              R"("refresh_token":null)", R"("refresh_token":"two words")"};
  for (const std::string& rest : kept) {
    folder_.write("token", "refresh-1");
    ScriptedTransport transport([&](const HttpRequest&) { return issued("access", rest); });
    ASSERT_TRUE(source(transport).issue({}));
    EXPECT_EQ(stored(), "refresh-1") << rest;
  }
}

TEST_F(EntraTokenSourceTest, GoesOnWithANewTokenItCannotStoreAndStoresItLater) {
  folder_.write("token", "refresh-1");
  int nth = 1;
  ScriptedTransport transport([&](const HttpRequest&) {
    ++nth;
    return nth == 2 ? rotated("access", "refresh-2") : issued("access");
  });
  auto entra = source(transport);
  const auto first = [&] {
    const FileSizeLimit full;
    return entra.issue({});
  }();
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->warning);
  EXPECT_EQ(first->access_token.reveal(), "access");
  EXPECT_EQ(folder_.read("token"), "refresh-1");
  const auto second = entra.issue({});
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->warning);
  EXPECT_THAT(std::string(transport.requests().at(1).body.reveal()),
              HasSubstr("refresh_token=refresh-2&"));
  EXPECT_EQ(stored(), "refresh-2");
}

TEST_F(EntraTokenSourceTest, PrefersATokenAHumanPutThereMeanwhile) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport([&](const HttpRequest&) {
    folder_.write("token", "by-login");  // while we were asking
    return rotated("access", "refresh-2");
  });
  auto entra = source(transport);
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(folder_.read("token"), "by-login");
  ASSERT_TRUE(entra.issue({}));
  EXPECT_THAT(std::string(transport.requests().at(1).body.reveal()),
              HasSubstr("refresh_token=by-login&"));
}

TEST_F(EntraTokenSourceTest, PrefersANewFileToATokenItCouldNotStore) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport([&](const HttpRequest&) { return rotated("access", "refresh-2"); });
  auto entra = source(transport);
  {
    const FileSizeLimit full;
    ASSERT_TRUE(entra.issue({}));
  }
  EXPECT_EQ(folder_.read("token"), "refresh-1");
  folder_.write("token", "by-login");
  ASSERT_TRUE(entra.issue({}));
  EXPECT_THAT(std::string(transport.requests().at(1).body.reveal()),
              HasSubstr("refresh_token=by-login&"));
}

TEST_F(EntraTokenSourceTest, CountsCallsFailuresAndRenewals) {
  folder_.write("token", "refresh-1");
  int nth = 0;
  ScriptedTransport transport([&](const HttpRequest&) -> Result<HttpResponse> {
    ++nth;
    if (nth == 1) return issued("access");
    if (nth == 2) return HttpResponse{.status = 400, .body = R"({"error":"invalid_grant"})"};
    return Error{.kind = ErrorKind::kTimeout, .message = "login.example:443: too slow"};
  });
  auto entra = source(transport);
  EXPECT_TRUE(entra.issue({}));
  EXPECT_FALSE(entra.issue({}));
  EXPECT_FALSE(entra.issue({}));
  const auto count = [&](const char* name, const std::map<std::string, std::string>& labels) {
    return reading(registry_, name, labels);
  };
  EXPECT_EQ(count("partner_center_api_requests_total", {{"operation", "token"}, {"code", "200"}}),
            1);
  EXPECT_EQ(count("partner_center_api_requests_total", {{"operation", "token"}, {"code", "400"}}),
            1);
  EXPECT_EQ(count("partner_center_api_requests_total", {{"operation", "token"}, {"code", "000"}}),
            1);
  EXPECT_EQ(count("partner_center_api_request_failures_total",
                  {{"operation", "token"}, {"reason", "unauthorized"}}),
            1);
  EXPECT_EQ(count("partner_center_api_request_failures_total",
                  {{"operation", "token"}, {"reason", "timeout"}}),
            1);
  EXPECT_EQ(count("partner_center_api_request_duration_seconds", {{"operation", "token"}}), 3);
  EXPECT_EQ(count("partner_center_token_refresh_failures_total", {}), 2);
}

}  // namespace
}  // namespace pce
