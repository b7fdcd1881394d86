// The life of refresh tokens: years in seconds, by the movable clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(RefreshTokens, DieNinetyDaysAfterTheirIssue) {
  Bench bench;
  Person person(bench);
  const std::string token = person.issue({{"client_id", "app"}});
  bench.command("clock", {{"advance", "2159h"}});
  const auto next = Person::parsed(person.refresh(token))["refresh_token"].get<std::string>();
  bench.command("clock", {{"advance", "2h"}});
  EXPECT_EQ(Person::verdict(person.refresh(token)), "400 invalid_grant 700082");
  EXPECT_EQ(Person::verdict(person.refresh(next)), "200");
}

TEST(RefreshTokens, LiveForYearsWhenTheyAreUsedInTime) {
  Bench bench({}, {}, {}, "first");
  Person person(bench);
  std::string token = "first";
  for (int month = 0; month < 60; ++month) {
    bench.command("clock", {{"advance", "720h"}});
    const json body = Person::parsed(person.refresh(token));
    ASSERT_TRUE(body.contains("refresh_token")) << month << body;
    token = body["refresh_token"].get<std::string>();
  }
  EXPECT_EQ(Person::verdict(person.refresh("first")), "400 invalid_grant 700082");
}

// What happens to a client that never writes the new token back.
TEST(RefreshTokens, OfElsewhereDieNinetyDaysAfterTheStartHoweverOftenTheyAreUsed) {
  Bench bench;
  Person person(bench);
  for (int days = 0; days < 90; days += 30) {
    EXPECT_EQ(Person::verdict(person.refresh("of-elsewhere")), "200");
    bench.command("clock", {{"advance", "720h"}});
  }
  EXPECT_EQ(Person::verdict(person.refresh("of-elsewhere")), "400 invalid_grant 700082");
}

TEST(RefreshTokens, LiveAsLongAsTheSettingSays) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"refresh_token_lifetime", "1h"}});
  EXPECT_EQ(Person::verdict(person.refresh(person.issue({{"age", "59m"}}))), "200");
  EXPECT_EQ(Person::verdict(person.refresh(person.issue({{"age", "61m"}}))),
            "400 invalid_grant 700082");
}

TEST(RefreshTokens, SignInFrequencyCountsFromTheSignInThroughAllRefreshes) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"sign_in_frequency", "12h"}});
  std::string token = person.issue({{"client_id", "app"}});
  bench.command("clock", {{"advance", "11h"}});
  token = Person::parsed(person.refresh(token))["refresh_token"].get<std::string>();
  bench.command("clock", {{"advance", "2h"}});
  EXPECT_EQ(Person::verdict(person.refresh(token)), "400 invalid_grant 70043");
  bench.command("settings", {{"sign_in_frequency", nullptr}});
  EXPECT_EQ(Person::verdict(person.refresh(token)), "200");
}

TEST(RefreshTokens, AChangedPasswordEndsThoseOfPublicClientsOnly) {
  Bench bench;
  Person person(bench);
  const std::string of_public = person.issue({{"client_type", "public"}});
  const std::string of_confidential = person.issue({{"client_type", "confidential"}});
  bench.command("tokens", {{"change_password", true}});
  EXPECT_EQ(Person::verdict(person.refresh(of_public)), "400 invalid_grant 50173");
  EXPECT_EQ(Person::verdict(person.refresh("of-elsewhere")), "400 invalid_grant 50173");
  const Fields secret{{"client_secret", "s"}};
  EXPECT_EQ(Person::verdict(person.refresh(of_confidential, secret)), "200");
  EXPECT_EQ(Person::verdict(person.refresh("of-elsewhere", secret)), "200");
  EXPECT_EQ(Person::verdict(person.refresh(person.issue({{"client_type", "public"}}))), "200");
  bench.command("tokens", {{"revoke", "refresh"}});
  EXPECT_EQ(Person::verdict(person.refresh(of_confidential, secret)), "400 invalid_grant 50173");
}

TEST(RefreshTokens, KnowTheKindOfTheirClient) {
  Bench bench;
  Person person(bench);
  const Fields secret{{"client_secret", "s"}};
  EXPECT_EQ(Person::verdict(person.refresh(person.issue({{"client_type", "public"}}), secret)),
            "401 invalid_client 700025");
  EXPECT_EQ(Person::verdict(person.refresh(person.issue({{"client_type", "confidential"}}))),
            "401 invalid_client 7000218");
  const json body =
      Person::parsed(person.refresh(person.issue({{"client_type", "confidential"}}), secret));
  EXPECT_EQ(Person::claims(body["access_token"])["appidacr"], "1");
  EXPECT_EQ(Person::verdict(person.refresh(body["refresh_token"].get<std::string>())),
            "401 invalid_client 7000218");
}

TEST(RefreshTokens, ServeTheirClientOnly) {
  Bench bench;
  Person person(bench);
  const json body = Person::parsed(person.refresh(person.issue({{"client_id", "other"}})));
  EXPECT_EQ(body.value("error_codes", json()), json({70000}));
  EXPECT_EQ(body.value("suberror", ""), "client_mismatch");
}

TEST(RefreshTokens, MustNotBeChanged) {
  Bench bench;
  Person person(bench);
  std::string token = person.issue(json::object());
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Person::verdict(person.refresh(token)), "400 invalid_grant 70000");
  EXPECT_EQ(Person::verdict(person.refresh("1.SIM-REFRESH.")), "400 invalid_grant 70000");
}

TEST(RefreshTokens, AreStillHandedOutAtSignInWhenTheyDoNotRotate) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"rotate_refresh_tokens", false}});
  const json body = Person::parsed(person.redeem(person.code()));
  ASSERT_TRUE(body.contains("refresh_token"));
  EXPECT_FALSE(Person::parsed(person.refresh(body["refresh_token"].get<std::string>()))
                   .contains("refresh_token"));
}

TEST(TokenLoops, AreRefusedInTheirDisguiseUntilTwoQuietMinutes) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"loop_limit", 3}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Person::verdict(person.refresh("r")), "200");
  EXPECT_EQ(Person::verdict(person.refresh("r")), "400 invalid_grant 50196");
  EXPECT_EQ(Person::verdict(person.refresh("another")), "200");
  bench.command("clock", {{"advance", "119s"}});
  EXPECT_EQ(Person::verdict(person.refresh("r")), "400 invalid_grant 50196");
  bench.command("clock", {{"advance", "121s"}});
  EXPECT_EQ(Person::verdict(person.refresh("r")), "200");
}

TEST(TokensCommand, SaysWhatIsKnownOfAToken) {
  Bench bench({}, {}, {}, "first");
  Person person(bench);
  const auto inspect = [&](const std::string& token) {
    Request ask = Bench::request("/_sim/tokens");
    ask.method = "POST";
    ask.body = json({{"inspect", token}}).dump();
    return Person::parsed(control(ask, bench.world));
  };
  const std::string token = person.issue({{"age", "91d"},
                                          {"client_type", "public"},
                                          {"flow", "device_code"},
                                          {"mfa", false},
                                          {"user", "ada@partner.example"}});
  const json known = inspect(token);
  EXPECT_EQ(known["state"], "expired");
  EXPECT_EQ(known["client_type"], "public");
  EXPECT_EQ(known["flow"], "device_code");
  EXPECT_EQ(known["mfa"], false);
  EXPECT_EQ(known["user"], "ada@partner.example");
  EXPECT_EQ(inspect("first")["state"], "good");
  EXPECT_EQ(inspect("first")["issued_here"], false);
  EXPECT_EQ(inspect("second")["state"], "unknown");
}

TEST(TokensCommand, RefusesWhatItDoesNotKnow) {
  Bench bench;
  EXPECT_THAT(bench.complaint("tokens", json::array()), HasSubstr("wanted one of"));
  EXPECT_THAT(bench.complaint("tokens", {{"revoke", "all"}}), HasSubstr("wanted one of"));
  EXPECT_THAT(bench.complaint("tokens", {{"issue", {{"age", 3}}}}), HasSubstr("issue.age"));
  EXPECT_THAT(bench.complaint("tokens", {{"issue", {{"flow", "x"}}}}), HasSubstr("issue.flow"));
  EXPECT_THAT(bench.complaint("tokens", {{"issue", {{"colour", "x"}}}}), HasSubstr("issue.colour"));
  EXPECT_THAT(bench.complaint("settings", {{"sign_in_frequency", 3}}),
              HasSubstr("sign_in_frequency"));
  EXPECT_THAT(bench.complaint("settings", {{"loop_limit", 0}}), HasSubstr("loop_limit"));
  EXPECT_THAT(bench.complaint("settings", {{"account", "asleep"}}), HasSubstr("account"));
}

// Bytes of others must not end the simulator.
TEST(TokenEndpointTakes, NamesThatAreNotUtf8) {
  Bench bench;
  Person person(bench);
  const std::string odd = "\xFF\xC3";
  const std::string code = person.code({{"client_id", odd}}, {{"loginfmt", odd}});
  EXPECT_EQ(Person::verdict(person.redeem(code, {{"client_id", odd}})), "200");
}

}  // namespace
}  // namespace simulator
