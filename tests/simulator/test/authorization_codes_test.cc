#include "tests/simulator/authorization_codes.h"

#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"

namespace simulator {
namespace {

struct BadRedemption {
  std::string name;
  Fields changes;
  std::string verdict;
};
class CodesRefuse : public testing::TestWithParam<BadRedemption> {};
TEST_P(CodesRefuse, AWrongRedemptionAndStayGoodForTheRightOne) {
  Bench bench;
  Person person(bench);
  const std::string code = person.code();
  EXPECT_EQ(Person::verdict(person.redeem(code, GetParam().changes)), GetParam().verdict);
  EXPECT_EQ(Person::verdict(person.redeem(code)), "200");
}
INSTANTIATE_TEST_SUITE_P(
    , CodesRefuse,
    testing::Values(
        BadRedemption{"NoVerifier", {{"code_verifier", ""}}, "400 invalid_grant 501481"},
        BadRedemption{"WrongVerifier", {{"code_verifier", "x"}}, "400 invalid_grant 501481"},
        BadRedemption{"NoCode", {{"code", ""}}, "400 invalid_request 900144"},
        BadRedemption{"WrongCode", {{"code", "x"}}, "400 invalid_grant 70000"},
        BadRedemption{"OtherClient", {{"client_id", "b"}}, "400 invalid_grant 70000"},
        BadRedemption{"OtherRedirect",
                      {{"redirect_uri", "http://localhost:1/"}},
                      "400 invalid_grant 500112"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Codes, AreForOneUse) {
  Bench bench;
  Person person(bench);
  const std::string code = person.code();
  EXPECT_EQ(Person::verdict(person.redeem(code)), "200");
  EXPECT_EQ(Person::verdict(person.redeem(code)), "400 invalid_grant 54005");
}

TEST(Codes, LiveTenMinutes) {
  Bench bench;
  Person person(bench);
  const std::string code = person.code();
  const std::string other = person.code();
  bench.command("clock", {{"advance", "9m"}});
  EXPECT_EQ(Person::verdict(person.redeem(code)), "200");
  bench.command("clock", {{"advance", "61s"}});
  EXPECT_EQ(Person::verdict(person.redeem(other)), "400 invalid_grant 70008");
}

TEST(Codes, WithoutChallengeNeedNoVerifierAndPlainOnesAreTheVerifier) {
  Bench bench;
  Person person(bench);
  const std::string bare = person.code({{"code_challenge", ""}, {"code_challenge_method", ""}});
  EXPECT_EQ(Person::verdict(person.redeem(bare, {{"code_verifier", ""}})), "200");
  const std::string plain =
      person.code({{"code_challenge", kVerifier}, {"code_challenge_method", "plain"}});
  EXPECT_EQ(Person::verdict(person.redeem(plain)), "200");
}

// RFC 7636, appendix B.
TEST(Codes, KnowTheChallengeOfTheStandardsExample) {
  const AuthorizationRequest asked{.challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"};
  EXPECT_TRUE(proves_possession(asked, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
  EXPECT_FALSE(proves_possession(asked, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
}

TEST(Codes, FollowTheTypeOfTheRedirectUri) {
  Bench bench;
  Person person(bench);
  const auto redeem = [&](const char* type, const Fields& changes) {
    bench.command("settings", {{"redirect_type", type}});
    return Person::verdict(person.redeem(person.code(), changes));
  };
  EXPECT_EQ(redeem("native", {{"client_secret", "s"}}), "401 invalid_client 700025");
  EXPECT_EQ(redeem("native", {}), "200");
  EXPECT_EQ(redeem("web", {}), "401 invalid_client 7000218");
  EXPECT_EQ(redeem("web", {{"client_secret", "s"}}), "200");
  EXPECT_EQ(redeem("spa", {}), "400 invalid_request 9002327");
}

}  // namespace
}  // namespace simulator
