#include "exporter/identity/access_token_claims.h"

#include "exporter/base/base64url.h"

namespace pce {
namespace {

Secret token_of(const std::string& payload) {
  return Secret(base64url(R"({"alg":"none"})") + "." + base64url(payload) + ".signature");
}

TEST(AccessTokenClaims, AreReadFromThePayload) {
  const auto claims = access_token_claims(token_of(
      R"({"aud":"https://api.example","tid":"t-1","upn":"anna@contoso.example","appid":"a-1",)"
      R"("appidacr":"2","scp":"user_impersonation other","amr":["pwd","mfa"],"iat":1799990000,)"
      R"("exp":1800000000})"));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->audience, "https://api.example");
  EXPECT_EQ(claims->tenant_id, "t-1");
  EXPECT_EQ(claims->user, "anna@contoso.example");
  EXPECT_EQ(claims->application, "a-1");
  EXPECT_EQ(claims->application_authentication, "2");
  EXPECT_TRUE(claims->mfa());
  EXPECT_TRUE(claims->has_scope("user_impersonation"));
  EXPECT_FALSE(claims->has_scope("user"));
  EXPECT_EQ(claims->issued, 1799990000);
  EXPECT_EQ(claims->expires, 1800000000);
}

TEST(AccessTokenClaims, TellWhatIsMissing) {
  const auto claims = access_token_claims(token_of(R"({"unique_name":"anna","amr":["pwd"]})"));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->user, "anna");
  EXPECT_FALSE(claims->mfa());
  EXPECT_FALSE(claims->has_scope("user_impersonation"));
  EXPECT_FALSE(claims->has_scope(""));
  EXPECT_EQ(claims->expires, std::nullopt);
}

TEST(AccessTokenClaims, AreNotGuessed) {
  for (const char* token : {"", "opaque", "a.b", "a.b.c", "e30.W10.x", "e30.e.x"})
    EXPECT_FALSE(access_token_claims(Secret(token))) << token;
}

}  // namespace
}  // namespace pce
