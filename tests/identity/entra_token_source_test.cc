#include "exporter/identity/entra_token_source.h"

#include "tests/support/fake_clock.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

HttpResponse issued(const std::string& access, const std::string& rest = R"("expires_in":3600)") {
  return {.status = 200,
          .body = R"({"token_type":"Bearer","access_token":")" + access + "\"," + rest + "}"};
}

HttpResponse rotated(const std::string& access, const std::string& refresh) {
  return issued(access, R"("expires_in":3600,"refresh_token":")" + refresh + "\"");
}

class EntraTokenSourceTest : public testing::Test {
 protected:
  EntraTokenSource source(ScriptedTransport& transport) { return source(transport, public_); }
  EntraTokenSource source(ScriptedTransport& transport, ClientCredential& credential) {
    return EntraTokenSource({transport, governor_, clock_, telemetry_}, credential,
                            {.login = "https://login.example/",
                             .tenant_id = "tenant-1",
                             .client_id = "client 1",
                             .resource = "https://api.example",
                             .refresh_token_file = folder_.path() / "token"});
  }

  FakeClock clock_;
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 1}};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token"}};
  TemporaryFolder folder_;
  ClientCredential public_{"client 1", {}};
  ClientCredential secret_{"client 1", {.client_secret_file = folder_.path() / "secret"}};
};

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
  const std::string before = entra.inputs();
  EXPECT_EQ(entra.inputs(), before);
  ASSERT_TRUE(entra.issue({}));
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
  EXPECT_EQ(no_token.error().kind, ErrorKind::kSettings);
  folder_.write("token", "refresh-1");
  const auto no_secret = source(transport, secret_).issue({});
  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(no_secret.error().message,
              HasSubstr((folder_.path() / "secret").string() + ": No such file"));
  folder_.write("secret", "\n");
  const auto empty_secret = source(transport, secret_).issue({});
  ASSERT_FALSE(empty_secret);
  EXPECT_EQ(transport.requests().size(), 0U);
  EXPECT_EQ(reading(registry_, "partner_center_token_refresh_failures_total"), 3);
}

struct Lifetime {
  std::string name, member;
  int seconds;
};

class LifetimeOf : public EntraTokenSourceTest, public testing::WithParamInterface<Lifetime> {};

TEST_P(LifetimeOf, IsReadInEitherSpellingAndClamped) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport(
      [](const HttpRequest&) { return issued("access-1", GetParam().member); });
  const auto token = source(transport).issue({});
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->lifetime, seconds(GetParam().seconds));
}

INSTANTIATE_TEST_SUITE_P(Forms, LifetimeOf,
                         testing::Values(Lifetime{"number", R"("expires_in":4211)", 4211},
                                         Lifetime{"text", R"("expires_in":"3599")", 3599},
                                         Lifetime{"fraction", R"("expires_in":3599.0)", 3599},
                                         Lifetime{"zero", R"("expires_in":0)", 60},
                                         Lifetime{"negative", R"("expires_in":-1)", 60},
                                         Lifetime{"endless", R"("expires_in":1e12)", 86400},
                                         Lifetime{"null", R"("expires_in":null)", 600},
                                         Lifetime{"missing", R"("x":1)", 600},
                                         Lifetime{"words", R"("expires_in":"an hour")", 600},
                                         Lifetime{"object", R"("expires_in":{})", 600}),
                         [](const auto& row) { return row.param.name; });

TEST_F(EntraTokenSourceTest, StoresTheNewRefreshTokenBeforeItHandsOutTheAccessToken) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport([&](const HttpRequest& request) {
    // When a token is used for the first time it must have been stored: a crash now would lose it
    // otherwise.
    const std::string stored = folder_.read("token");
    const auto used = "refresh_token=" + stored.substr(0, stored.find('\n')) + "&";
    EXPECT_THAT(std::string(request.body.reveal()), HasSubstr(used));
    return rotated("access",
                   used.starts_with("refresh_token=refresh-1") ? "refresh-2" : "refresh-3");
  });
  auto entra = source(transport);
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(folder_.read("token"), "refresh-2\n");
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(folder_.read("token"), "refresh-3\n");
}

TEST_F(EntraTokenSourceTest, KeepsTheRefreshTokenWhenNoneComesBack) {
  const std::string kept[] = {R"("expires_in":60)", R"("refresh_token":"")",
                              R"("refresh_token":null)", R"("refresh_token":"two words")"};
  for (const std::string& rest : kept) {
    folder_.write("token", "refresh-1");
    ScriptedTransport transport([&](const HttpRequest&) { return issued("access", rest); });
    ASSERT_TRUE(source(transport).issue({}));
    EXPECT_EQ(folder_.read("token"), "refresh-1") << rest;
  }
}

TEST_F(EntraTokenSourceTest, GoesOnWithANewTokenItCannotStoreAndStoresItLater) {
  folder_.write("token", "refresh-1");
  const auto obstacle = folder_.path() / ".token.new";
  ASSERT_TRUE(std::filesystem::create_directory(obstacle));
  int nth = 1;
  ScriptedTransport transport([&](const HttpRequest&) {
    ++nth;
    return nth == 2 ? rotated("access", "refresh-2") : issued("access");
  });
  auto entra = source(transport);
  const auto first = entra.issue({});
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->warning);
  EXPECT_EQ(first->access_token.reveal(), "access");
  EXPECT_EQ(folder_.read("token"), "refresh-1");
  ASSERT_TRUE(std::filesystem::remove(obstacle));
  const auto second = entra.issue({});
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->warning);
  EXPECT_THAT(std::string(transport.requests().at(1).body.reveal()),
              HasSubstr("refresh_token=refresh-2&"));
  EXPECT_EQ(folder_.read("token"), "refresh-2\n");
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
  ASSERT_TRUE(std::filesystem::create_directory(folder_.path() / ".token.new"));
  ScriptedTransport transport([&](const HttpRequest&) { return rotated("access", "refresh-2"); });
  auto entra = source(transport);
  ASSERT_TRUE(entra.issue({}));
  folder_.write("token", "by-login");
  ASSERT_TRUE(entra.issue({}));
  EXPECT_THAT(std::string(transport.requests().at(1).body.reveal()),
              HasSubstr("refresh_token=by-login&"));
}

struct UnusableAnswer {
  std::string name, body, complaint;
};

class UnusableTokenAnswer : public EntraTokenSourceTest,
                            public testing::WithParamInterface<UnusableAnswer> {};

TEST_P(UnusableTokenAnswer, IsRefusedAndLosesNothing) {
  folder_.write("token", "refresh-1");
  ScriptedTransport transport(
      [](const HttpRequest&) { return HttpResponse{.status = 200, .body = GetParam().body}; });
  const auto token = source(transport).issue({});
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(token.error().message, HasSubstr("login.example"));
  EXPECT_THAT(token.error().message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(token.error().message, Not(HasSubstr("canary")));
  EXPECT_EQ(folder_.read("token"), "refresh-1");
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, UnusableTokenAnswer,
    testing::Values(UnusableAnswer{"empty", "", ""}, UnusableAnswer{"html", "<html>canary", ""},
                    UnusableAnswer{"array", "[]", "access_token"},
                    UnusableAnswer{"no_token", R"({"refresh_token":"canary"})", "access_token"},
                    UnusableAnswer{"empty_token", R"({"access_token":""})", "access_token"},
                    UnusableAnswer{"line_feed", R"({"access_token":"canary\r\nX: y"})",
                                   "access_token"},
                    UnusableAnswer{"other_type", R"({"access_token":"canary","token_type":"mac"})",
                                   "token_type"}),
    [](const auto& row) { return row.param.name; });

TEST_F(EntraTokenSourceTest, NeverRepeatsASecretOfOurs) {
  folder_.write("token", "canary-refresh-token-1");
  ScriptedTransport transport([](const HttpRequest&) {
    return HttpResponse{
        .status = 400,
        .body =
            R"({"error":"invalid_grant","error_description":"AADSTS70000: canary-refresh-token-1 is bad"})"};
  });
  const auto token = source(transport).issue({});
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kUnauthorized);
  EXPECT_THAT(token.error().message, Not(HasSubstr("canary")));
  EXPECT_THAT(token.error().message, HasSubstr("AADSTS70000"));
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
