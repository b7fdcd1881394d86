#include "tests/identity/entra_fixture.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

using TokenEndpointTest = EntraFixture;

struct Lifetime {
  std::string name, member;
  int seconds;
};

class LifetimeOf : public TokenEndpointTest, public testing::WithParamInterface<Lifetime> {};

TEST_P(LifetimeOf, IsBelievedWhenItCanBeTrue) {
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
                                         Lifetime{"short", R"("expires_in":2)", 2},
                                         Lifetime{"one", R"("expires_in":1)", 1},
                                         Lifetime{"day", R"("expires_in":86400)", 86400},
                                         Lifetime{"week", R"("expires_in":604800)", 86400},
                                         Lifetime{"beyond_a_week", R"("expires_in":604801)", 600},
                                         Lifetime{"zero", R"("expires_in":0)", 600},
                                         Lifetime{"negative", R"("expires_in":-1)", 600},
                                         Lifetime{"endless", R"("expires_in":1e12)", 600},
                                         Lifetime{"endless_text", R"("expires_in":"1e400")", 600},
                                         Lifetime{"null", R"("expires_in":null)", 600},
                                         Lifetime{"missing", R"("x":1)", 600},
                                         Lifetime{"words", R"("expires_in":"an hour")", 600},
                                         Lifetime{"object", R"("expires_in":{})", 600}),
                         [](const auto& row) { return row.param.name; });

TEST_F(TokenEndpointTest, PassesOnWhenTheServiceWantsTheTokenRenewed) {
  folder_.write("token", "refresh-1");
  std::string member;
  ScriptedTransport transport(
      [&](const HttpRequest&) { return issued("access-1", R"("expires_in":3600)" + member); });
  auto entra = source(transport);
  const auto renew_after = [&](const std::string& said) {
    member = said.empty() ? "" : R"(,"refresh_in":)" + said;
    const auto token = entra.issue({});
    return token ? token->renew_after : seconds(-1);
  };
  EXPECT_EQ(renew_after("1800"), seconds(1800));
  EXPECT_EQ(renew_after("\"1800\""), seconds(1800));
  EXPECT_EQ(renew_after(""), std::nullopt);
  for (const char* nonsense : {"0", "-5", "3600", "1e300", "null", "\"soon\"", "[]"})
    EXPECT_EQ(renew_after(nonsense), std::nullopt) << nonsense;
}

struct UnusableAnswer {
  std::string name, body, complaint;
};

class UnusableTokenAnswer : public TokenEndpointTest,
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

TEST_F(TokenEndpointTest, NeverRepeatsASecretOfOurs) {
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

TEST_F(TokenEndpointTest, TellsTheScopeAsGranted) {
  ScriptedTransport transport([](const HttpRequest&) {
    return issued("a",
                  R"("scope":"openid https://api.partnercenter.microsoft.com/user_impersonation")");
  });
  TokenEndpoint endpoint({transport, governor_, clock_, telemetry_}, "https://login.example", "t");
  const auto answer = endpoint.ask({}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->scope, "openid https://api.partnercenter.microsoft.com/user_impersonation");
}

TEST_F(TokenEndpointTest, TellsOAuthsWordBesideTheNumber) {
  ScriptedTransport transport(
      [](const HttpRequest&) { return refused("authorization_pending", 70016); });
  TokenEndpoint endpoint({transport, governor_, clock_, telemetry_}, "https://login.example", "t");
  const auto answer = endpoint.ask({}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().api_word, "authorization_pending");
  EXPECT_EQ(answer.error().api_code, "AADSTS70016");
}

TEST_F(TokenEndpointTest, AsksForDeviceCodesBesideIt) {
  ScriptedTransport transport([](const HttpRequest& request) {
    EXPECT_EQ(request.url, "https://login.example/t/oauth2/v2.0/devicecode");
    return HttpResponse{.status = 200, .body = "whatever it is"};
  });
  TokenEndpoint endpoint({transport, governor_, clock_, telemetry_}, "https://login.example", "t");
  const auto answer = endpoint.ask_device_code({}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->reveal(), "whatever it is");
}

}  // namespace
}  // namespace pce
