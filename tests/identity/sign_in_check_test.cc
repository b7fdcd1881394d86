#include "exporter/identity/sign_in_check.h"

#include "exporter/base/base64url.h"

namespace pce {
namespace {

using testing::HasSubstr;

constexpr const char* kTenant = "11111111-2222-3333-4444-55555555555a";

struct Claims {
  std::string tenant = kTenant;
  std::string scopes = "user_impersonation";
  std::string methods = R"(["pwd","mfa"])";
};

TokenAnswer answer_with(const Claims& claims, const std::string& scope = {}) {
  const std::string payload = R"({"tid":")" + claims.tenant + R"(","scp":")" + claims.scopes +
                              R"(","upn":"ada@partner.example","amr":)" + claims.methods + "}";
  return {.access_token = Secret("e30." + base64url(payload) + ".c2ln"),
          .refresh_token = Secret("refresh-1"),
          .scope = scope};
}

std::string flaw_of(const TokenAnswer& answer, bool mfa = true) {
  const auto checked =
      check_sign_in(answer, {.tenant_id = kTenant, .resource = "https://api.example", .mfa = mfa});
  if (checked) return "";
  EXPECT_EQ(checked.error().kind, ErrorKind::kUnauthorized);
  return checked.error().message;
}

TEST(SignInCheck, TakesWhatTheExporterCanLiveOn) {
  const auto checked = check_sign_in(
      answer_with({}), {.tenant_id = kTenant, .resource = "https://api.example", .mfa = true});
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->user, "ada@partner.example");
  EXPECT_THAT(checked->methods, testing::ElementsAre("pwd", "mfa"));
}

TEST(SignInCheck, ComparesTenantsInAnyCase) {
  EXPECT_EQ(flaw_of(answer_with({.tenant = "11111111-2222-3333-4444-55555555555A"})), "");
}

TEST(SignInCheck, NamesTheFirstFlaw) {
  TokenAnswer no_refresh = answer_with({});
  no_refresh.refresh_token = Secret();
  EXPECT_THAT(flaw_of(no_refresh), HasSubstr("no refresh token"));
  EXPECT_THAT(flaw_of(answer_with({.tenant = "99999999-2222-3333-4444-555555555555"})),
              HasSubstr("tenant 99999999-2222-3333-4444-555555555555"));
  EXPECT_THAT(flaw_of(answer_with({.tenant = ""})), HasSubstr("(none named)"));
  EXPECT_THAT(flaw_of(answer_with({.scopes = "User.Read"})), HasSubstr("user_impersonation"));
  EXPECT_THAT(flaw_of(answer_with({.methods = R"(["pwd"])"})), HasSubstr("the token says pwd"));
  EXPECT_THAT(flaw_of(answer_with({.methods = "null"})), HasSubstr("no method at all"));
}

TEST(SignInCheck, LearnsThePermissionFromTheAnswerToo) {
  EXPECT_EQ(flaw_of(answer_with({.scopes = ""}, "https://api.example/user_impersonation")), "");
  EXPECT_NE(flaw_of(answer_with({.scopes = ""}, "https://other.example/user_impersonation")), "");
}

TEST(SignInCheck, CanDoWithoutMfaWhereThatIsWanted) {
  EXPECT_EQ(flaw_of(answer_with({.methods = R"(["pwd"])"}), false), "");
  TokenAnswer opaque = answer_with({}, "https://api.example/user_impersonation");
  opaque.access_token = Secret("opaque");
  EXPECT_THAT(flaw_of(opaque), HasSubstr("cannot be read"));
  EXPECT_EQ(flaw_of(opaque, false), "");
  // Everything else is still wanted.
  EXPECT_NE(flaw_of(answer_with({.scopes = ""}), false), "");
  EXPECT_NE(flaw_of(answer_with({.tenant = ""}), false), "");
}

}  // namespace
}  // namespace pce
