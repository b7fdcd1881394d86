// Sign-in by device code: a person types a code on another machine while the application polls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct DeviceCode : testing::Test {
  Bench bench;
  Person person{bench};
  json pair;

  Response ask(const Fields& changes = {}) {
    return person.send("/" + std::string(kTenant) + "/oauth2/v2.0/devicecode",
                       changed({{"client_id", "app"}, {"scope", kScope}}, changes));
  }
  void SetUp() override {
    pair = Person::parsed(ask());
    ASSERT_TRUE(pair.contains("device_code")) << pair;
  }
  Response poll(const Fields& changes = {}) {
    return person.send("/" + std::string(kTenant) + "/oauth2/v2.0/token",
                       changed({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                {"client_id", "app"},
                                {"device_code", pair["device_code"].get<std::string>()}},
                               changes));
  }
  // After the interval.
  std::string due(const Fields& changes = {}) {
    bench.command("clock", {{"advance", "6s"}});
    return Person::verdict(poll(changes));
  }
  Response type(const Fields& form) {
    return person.send("/devicelogin",
                       changed(form, {{"user_code", pair["user_code"].get<std::string>()}}));
  }
};

TEST_F(DeviceCode, IsAnnouncedAsDocumented) {
  EXPECT_EQ(pair["expires_in"], 900);
  EXPECT_EQ(pair["interval"], 5);
  EXPECT_EQ(pair["verification_uri"], "http://127.0.0.1:1/devicelogin");
  EXPECT_EQ(pair["user_code"].get<std::string>().size(), 9U);
  EXPECT_THAT(pair["message"].get<std::string>(), HasSubstr(pair["user_code"].get<std::string>()));
  EXPECT_FALSE(pair.contains("verification_uri_complete"));
}

TEST_F(DeviceCode, BecomesTokensOfAPublicClient) {
  EXPECT_THAT(person.open("/devicelogin").body, HasSubstr("id=\"user_code\""));
  EXPECT_EQ(due(), "400 authorization_pending 70016");
  EXPECT_THAT(type({{"step", "next"}}).body, HasSubstr("id=\"loginfmt\""));
  EXPECT_EQ(due(), "400 authorization_pending 70016");
  EXPECT_THAT(type(Person::filled_in()).body, HasSubstr("You can close this window"));
  bench.command("clock", {{"advance", "6s"}});
  const json body = Person::parsed(poll());
  ASSERT_TRUE(body.contains("access_token")) << body;
  const json access = Person::claims(body["access_token"]);
  EXPECT_EQ(access["upn"], "Ada@partner.example");
  EXPECT_EQ(access["appidacr"], "0");
  EXPECT_EQ(access["amr"], json({"pwd", "mfa"}));
  EXPECT_TRUE(body.contains("id_token"));
  EXPECT_EQ(due(), "400 invalid_grant 54005");
  const auto token = body["refresh_token"].get<std::string>();
  EXPECT_EQ(Person::verdict(person.refresh(token)), "200");
  EXPECT_EQ(Person::verdict(person.refresh(token, {{"client_secret", "s"}})),
            "401 invalid_client 700025");
}

TEST_F(DeviceCode, SlowsDownWhoPollsTooEarlyByFiveSecondsEachTime) {
  EXPECT_EQ(Person::verdict(poll()), "400 slow_down 70016");
  EXPECT_EQ(due(), "400 slow_down 70016");  // ten seconds by now
  bench.command("clock", {{"advance", "15s"}});
  EXPECT_EQ(Person::verdict(poll()), "400 authorization_pending 70016");
}

TEST_F(DeviceCode, CanBeDeclined) {
  EXPECT_THAT(type({{"step", "cancel"}}).body, HasSubstr("Declined"));
  EXPECT_EQ(due(), "400 authorization_declined 65004");
  EXPECT_THAT(type({{"step", "next"}}).body, HasSubstr("AADSTS90120"));
}

TEST_F(DeviceCode, ExpiresAfterAQuarterOfAnHour) {
  bench.command("clock", {{"advance", "15m"}});
  EXPECT_EQ(due(), "400 expired_token 70019");
  EXPECT_THAT(type({{"step", "next"}}).body, HasSubstr("AADSTS70019"));
}

TEST_F(DeviceCode, RefusesWhoIsWrong) {
  EXPECT_EQ(due({{"device_code", "x"}}), "400 bad_verification_code 70018");
  EXPECT_EQ(due({{"client_id", "b"}}), "400 bad_verification_code 70018");
  EXPECT_EQ(due({{"client_secret", "s"}}), "401 invalid_client 700025");
  EXPECT_EQ(due({{"device_code", ""}}), "400 invalid_request 900144");
  EXPECT_THAT(person.send("/devicelogin", {{"user_code", "x"}}).body, HasSubstr("AADSTS90119"));
  EXPECT_EQ(Person::verdict(ask({{"scope", ""}})), "400 invalid_request 900144");
  EXPECT_EQ(Person::verdict(ask({{"client_id", ""}})), "400 invalid_request 900144");
  bench.command("settings", {{"public_flows", false}});
  EXPECT_EQ(due(), "401 invalid_client 7000218");
}

TEST_F(DeviceCode, UserCodeMayBeTypedInAnyCaseAndWithSpaces) {
  std::string code = ascii_lower(pair["user_code"].get<std::string>());
  code.insert(4, " ");
  EXPECT_THAT(person.send("/devicelogin", {{"user_code", code}}).body,
              HasSubstr("id=\"loginfmt\""));
}

// Conditional Access remembers how a session began, through all refreshes.
TEST_F(DeviceCode, PolicyBlocksItAndWhatWasBornOfIt) {
  type(Person::filled_in());
  bench.command("clock", {{"advance", "6s"}});
  const auto token = Person::parsed(poll())["refresh_token"].get<std::string>();
  const auto next = Person::parsed(person.refresh(token))["refresh_token"].get<std::string>();
  bench.command("settings", {{"conditional_access", "block_device_code"}});
  EXPECT_EQ(Person::verdict(person.refresh(next)), "400 invalid_grant 53003");
  pair = Person::parsed(ask());
  EXPECT_THAT(type(Person::filled_in()).body, HasSubstr("AADSTS53003"));
  EXPECT_EQ(due(), "400 authorization_pending 70016");
}

TEST_F(DeviceCode, AsksForConsentWhereItIsMissing) {
  bench.command("settings", {{"consent", "required"}});
  const Response page = type(Person::filled_in());
  EXPECT_THAT(page.body, HasSubstr("id=\"accept\""));
  EXPECT_THAT(page.body, HasSubstr("name=\"user_code\""));
  type({{"loginfmt", "ada@partner.example"}, {"second_factor", "yes"}, {"step", "accept"}});
  EXPECT_EQ(due(), "200");
}

TEST(DeviceCodes, TellTimesInTheClientsTime) {
  Bench bench({}, {}, {}, "", 60);
  Person person(bench);
  const json pair =
      Person::parsed(person.send("/" + std::string(kTenant) + "/oauth2/v2.0/devicecode",
                                 {{"client_id", "app"}, {"scope", kScope}}));
  EXPECT_EQ(pair["expires_in"], 15);
  EXPECT_EQ(pair["interval"], 1);
}

}  // namespace
}  // namespace simulator
