// A person signs in at the authorize page, and the application redeems the code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"

namespace simulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(SignInPage, IsAFormWithoutScripts) {
  Bench bench;
  Person person(bench);
  const Response page = person.open(
      Person::authorize_path(Person::asked({{"login_hint", "ada\"><script>@partner.example"}})));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(find_field(page.headers, "Content-Type"), "text/html; charset=utf-8");
  for (const char* part : {"<form method=\"post\">", "id=\"loginfmt\"", "id=\"passwd\"",
                           "id=\"second_factor\"", "id=\"sign_in\"", "id=\"cancel\"",
                           "value=\"ada&quot;&gt;&lt;script&gt;@partner.example\""}) {
    EXPECT_THAT(page.body, HasSubstr(part));
  }
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
}

TEST(SignInPage, AsksForTheSecondFactorWhereItIsWanted) {
  Bench bench;
  Person person(bench);
  const std::string path = Person::authorize_path(Person::asked());
  EXPECT_THAT(person.send(path, Person::filled_in({{"second_factor", ""}})).body,
              HasSubstr("AADSTS50074"));
  bench.command("settings", {{"mfa", false}});
  EXPECT_THAT(person.open(path).body, Not(HasSubstr("second_factor")));
  EXPECT_EQ(person.send(path, Person::filled_in({{"second_factor", ""}})).status, 302);
  bench.command("settings", {{"conditional_access", "require_mfa"}});
  EXPECT_THAT(person.open(path).body, HasSubstr("second_factor"));
}

TEST(SignInPage, NeedsANameAndAPassword) {
  Bench bench;
  Person person(bench);
  const std::string path = Person::authorize_path(Person::asked());
  for (const char* field : {"loginfmt", "passwd"}) {
    const Response page = person.send(path, Person::filled_in({{field, ""}}));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("AADSTS50126")) << field;
  }
}

TEST(SignIn, EndsAtTheApplicationWithCodeAndState) {
  Bench bench;
  Person person(bench);
  const Response answer = person.send(Person::authorize_path(Person::asked()), Person::filled_in());
  const Fields told = Person::told(answer);
  EXPECT_EQ(find_field(told, "state"), "s t&1");
  EXPECT_THAT(find_field(told, "code").value_or(""), StartsWith("1.SIM-CODE."));
  EXPECT_FALSE(find_field(told, "error"));
}

TEST(SignIn, PostsOrUsesTheFragmentOnRequest) {
  Bench bench;
  Person person(bench);
  const auto answer = [&](const char* mode) {
    return person.send(Person::authorize_path(Person::asked({{"response_mode", mode}})),
                       Person::filled_in());
  };
  const Response posted = answer("form_post");
  EXPECT_EQ(posted.status, 200);
  EXPECT_THAT(posted.body, HasSubstr("action=\"" + kRedirect + "\""));
  EXPECT_THAT(posted.body, HasSubstr("name=\"state\" value=\"s t&amp;1\""));
  EXPECT_THAT(find_field(answer("fragment").headers, "Location").value_or(""),
              StartsWith(kRedirect + "#code="));
}

TEST(SignIn, GivesTokensWithTheClaimsOfThePersonAndTheClient) {
  Bench bench;
  Person person(bench);
  const json body = Person::parsed(person.redeem(person.code(), {{"client_secret", "s"}}));
  ASSERT_TRUE(body.contains("access_token")) << body;
  const json access = Person::claims(body["access_token"]);
  EXPECT_EQ(access["aud"], kResource);
  EXPECT_EQ(access["tid"], kTenant);
  EXPECT_EQ(access["amr"], json({"pwd", "mfa"}));
  EXPECT_EQ(access["scp"], "user_impersonation");
  EXPECT_EQ(access["upn"], "Ada@partner.example");
  EXPECT_EQ(access["appid"], "app");
  EXPECT_EQ(access["appidacr"], "1");
  EXPECT_EQ(access["ver"], "1.0");
  const json id = Person::claims(body["id_token"]);
  EXPECT_EQ(id["aud"], "app");
  EXPECT_EQ(id["nonce"], "n1");
  EXPECT_EQ(id["ver"], "2.0");
  EXPECT_EQ(id["preferred_username"], "Ada@partner.example");
  EXPECT_EQ(id["oid"], access["oid"]);
  const std::string bearer = "Bearer " + body["access_token"].get<std::string>();
  EXPECT_EQ(bench.service.handle(Bench::request(kDeployment, {{"Authorization", bearer}})).status,
            200);
  const json again = Person::parsed(
      person.refresh(body["refresh_token"].get<std::string>(), {{"client_secret", "s"}}));
  EXPECT_EQ(Person::claims(again["access_token"])["upn"], "Ada@partner.example");
}

TEST(SignIn, WorksAtVersion1) {
  Bench bench;
  Person person(bench);
  const Fields told = Person::told(person.send(
      Person::authorize_path(Person::asked({{"scope", ""}, {"resource", std::string(kResource)}}),
                             "oauth2/authorize"),
      Person::filled_in()));
  const Response answer = bench.token(form_of({{"grant_type", "authorization_code"},
                                               {"client_id", "app"},
                                               {"code", *find_field(told, "code")},
                                               {"redirect_uri", kRedirect},
                                               {"code_verifier", kVerifier}}),
                                      "oauth2/token");
  const json body = Person::parsed(answer);
  EXPECT_EQ(body.value("resource", ""), kResource) << body;
  EXPECT_EQ(Person::claims(body["id_token"])["upn"], "Ada@partner.example");
  EXPECT_TRUE(body.contains("refresh_token"));
}

// The second factor belongs to the sign-in: no setting and no refresh adds it later.
TEST(SignIn, WithoutSecondFactorStaysWithoutIt) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"mfa", false}});
  const json body = Person::parsed(person.redeem(person.code({}, {{"second_factor", ""}})));
  EXPECT_EQ(Person::claims(body["access_token"])["amr"], json({"pwd"}));
  bench.command("settings", {{"mfa", true}});
  const auto token = body["refresh_token"].get<std::string>();
  EXPECT_EQ(Person::claims(Person::parsed(person.refresh(token))["access_token"])["amr"],
            json({"pwd"}));
  bench.command("settings", {{"conditional_access", "require_mfa"}});
  const json refused = Person::parsed(person.refresh(token));
  ASSERT_EQ(refused.value("error", ""), "interaction_required");
  EXPECT_EQ(refused["suberror"], "basic_action");
  EXPECT_TRUE(json::parse(refused["claims"].get<std::string>()).contains("access_token"));
}

struct BadPage {
  std::string name;
  Fields changes;
  std::string tenant;
  int number;
};
class SignInStaysOnThePage : public testing::TestWithParam<BadPage> {};
TEST_P(SignInStaysOnThePage, WithTheNumber) {
  Bench bench({}, {}, {.tenant = std::string(kTenant), .client_id = "app", .client_secret = {}});
  Person person(bench);
  const auto& p = GetParam();
  const Response page = person.send(
      Person::authorize_path(Person::asked(p.changes), "oauth2/v2.0/authorize", p.tenant),
      Person::filled_in());
  EXPECT_EQ(page.status, 400);
  EXPECT_FALSE(find_field(page.headers, "Location"));
  EXPECT_THAT(page.body, HasSubstr("AADSTS" + std::to_string(p.number) + ":"));
}
INSTANTIATE_TEST_SUITE_P(
    , SignInStaysOnThePage,
    testing::Values(
        BadPage{"Common", {}, "common", 50194},
        BadPage{"WrongTenant", {}, "99999999-2222-3333-4444-555555555555", 90002},
        BadPage{"NoClient", {{"client_id", ""}}, std::string(kTenant), 900144},
        BadPage{"WrongClient", {{"client_id", "b"}}, std::string(kTenant), 700016},
        BadPage{"NoRedirect", {{"redirect_uri", ""}}, std::string(kTenant), 50011},
        BadPage{
            "OtherHost", {{"redirect_uri", "http://evil.example/"}}, std::string(kTenant), 50011},
        BadPage{"HostThatBeginsTheSame",
                {{"redirect_uri", "http://localhost.evil.example/"}},
                std::string(kTenant),
                50011},
        BadPage{"UserPart",
                {{"redirect_uri", "http://localhost:1@evil.example/"}},
                std::string(kTenant),
                50011},
        BadPage{"Encrypted", {{"redirect_uri", "https://localhost/"}}, std::string(kTenant), 50011},
        BadPage{"Number", {{"redirect_uri", "http://127.0.0.1:5/"}}, std::string(kTenant), 50011},
        BadPage{"NumberV6", {{"redirect_uri", "http://[::1]:5/"}}, std::string(kTenant), 50011}),
    [](const auto& tested) { return tested.param.name; });

TEST(RedirectUris, AreComparedWithoutThePortOnLoopbackOnly) {
  Registration registration;
  EXPECT_TRUE(is_registered_redirect(registration, "http://localhost:1/any/path?x=1"));
  EXPECT_TRUE(is_registered_redirect(registration, "http://LOCALHOST"));
  EXPECT_FALSE(is_registered_redirect(registration, "http://localhost:99999/"));
  EXPECT_FALSE(is_registered_redirect(registration, "http://localhost/#x"));
  registration.redirect_uris = {"http://localhost/callback", "https://app.example:444/x",
                                "http://127.0.0.1"};
  EXPECT_TRUE(is_registered_redirect(registration, "http://localhost:9/callback"));
  EXPECT_FALSE(is_registered_redirect(registration, "http://localhost:9/"));
  EXPECT_TRUE(is_registered_redirect(registration, "http://127.0.0.1:7/"));
  EXPECT_TRUE(is_registered_redirect(registration, "https://app.example:444/x"));
  EXPECT_FALSE(is_registered_redirect(registration, "https://app.example:445/x"));
}

struct BadQuestion {
  std::string name;
  Fields changes;
  std::string error;
  int number;
};
class SignInTellsTheApplication : public testing::TestWithParam<BadQuestion> {};
TEST_P(SignInTellsTheApplication, WhatIsWrong) {
  Bench bench;
  Person person(bench);
  const auto& p = GetParam();
  const Fields told = Person::told(
      person.send(Person::authorize_path(Person::asked(p.changes)), Person::filled_in()));
  EXPECT_EQ(find_field(told, "error"), p.error);
  EXPECT_THAT(find_field(told, "error_description").value_or(""),
              StartsWith("AADSTS" + std::to_string(p.number) + ":"));
  EXPECT_EQ(find_field(told, "state"), "s t&1");
  EXPECT_FALSE(find_field(told, "code"));
}
INSTANTIATE_TEST_SUITE_P(
    , SignInTellsTheApplication,
    testing::Values(
        BadQuestion{"NoType", {{"response_type", ""}}, "invalid_request", 900144},
        BadQuestion{"Token", {{"response_type", "token"}}, "unsupported_response_type", 70005},
        BadQuestion{"Mode", {{"response_mode", "web_message"}}, "invalid_request", 70007},
        BadQuestion{"NoScope", {{"scope", ""}}, "invalid_request", 900144},
        BadQuestion{"Resource", {{"resource", "x"}}, "invalid_request", 901002},
        BadQuestion{"ShortChallenge", {{"code_challenge", "abc"}}, "invalid_request", 501491},
        BadQuestion{"Method", {{"code_challenge_method", "S512"}}, "invalid_request", 90023},
        BadQuestion{"Prompt", {{"prompt", "never"}}, "invalid_request", 90023},
        BadQuestion{"PromptNone", {{"prompt", "none"}}, "login_required", 50058}),
    [](const auto& tested) { return tested.param.name; });

TEST(SignIn, CancelledIsAccessDenied) {
  Bench bench;
  Person person(bench);
  const Fields told =
      Person::told(person.send(Person::authorize_path(Person::asked()), {{"step", "cancel"}}));
  EXPECT_EQ(find_field(told, "error"), "access_denied");
  EXPECT_EQ(find_field(told, "error_subcode"), "cancel");
}

TEST(SignIn, AsksForConsentWhereItIsMissing) {
  Bench bench;
  Person person(bench);
  bench.command("settings", {{"consent", "required"}});
  const std::string path = Person::authorize_path(Person::asked());
  const Response page = person.send(path, Person::filled_in());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("id=\"accept\""));
  EXPECT_THAT(page.body, Not(HasSubstr("anything"))) << "a password has no business there";
  const Fields accepted{
      {"loginfmt", "ada@partner.example"}, {"second_factor", "yes"}, {"step", "accept"}};
  const Fields told = Person::told(person.send(path, accepted));
  const json body = Person::parsed(person.redeem(*find_field(told, "code")));
  EXPECT_TRUE(body.contains("access_token")) << body;
  EXPECT_EQ(Person::verdict(person.refresh(body["refresh_token"].get<std::string>())), "200");
  EXPECT_EQ(Person::verdict(person.refresh("of-elsewhere")), "400 invalid_grant 65001");
  bench.command("settings", {{"consent", "admin"}});
  EXPECT_THAT(person.send(path, Person::filled_in()).body, HasSubstr("AADSTS90094"));
}

TEST(SignIn, PromptForConsentShowsThatPageAlways) {
  Bench bench;
  Person person(bench);
  const std::string path = Person::authorize_path(Person::asked({{"prompt", "consent"}}));
  EXPECT_THAT(person.send(path, Person::filled_in()).body, HasSubstr("id=\"accept\""));
}

struct Obstacle {
  std::string name;
  json settings;
  int at_page;           // 0: none
  std::string at_token;  // of a token that was good before
};
class SignInMeets : public testing::TestWithParam<Obstacle> {};
TEST_P(SignInMeets, WhatIsInTheWay) {
  Bench bench;
  Person person(bench);
  const auto token =
      Person::parsed(person.redeem(person.code()))["refresh_token"].get<std::string>();
  bench.command("settings", GetParam().settings);
  const Response page = person.send(Person::authorize_path(Person::asked()), Person::filled_in());
  if (GetParam().at_page == 0) {
    EXPECT_EQ(page.status, 302);
  } else {
    EXPECT_THAT(page.body, HasSubstr("AADSTS" + std::to_string(GetParam().at_page) + ":"));
  }
  EXPECT_EQ(Person::verdict(person.refresh(token)), GetParam().at_token);
}
INSTANTIATE_TEST_SUITE_P(
    , SignInMeets,
    testing::Values(
        Obstacle{"Disabled", {{"account", "disabled"}}, 50057, "400 invalid_grant 50057"},
        Obstacle{"Locked", {{"account", "locked"}}, 50053, "400 invalid_grant 50053"},
        Obstacle{"ExpiredPassword", {{"account", "password_expired"}}, 50055, "200"},
        Obstacle{"NotFound", {{"account", "not_found"}}, 50034, "400 invalid_grant 50034"},
        Obstacle{"Guest", {{"account", "guest"}}, 50020, "400 invalid_grant 50020"},
        Obstacle{"Unassigned", {{"account", "unassigned"}}, 50105, "400 invalid_grant 50105"},
        Obstacle{"Blocked", {{"conditional_access", "block"}}, 53003, "400 invalid_grant 53003"},
        Obstacle{"DeviceCodeBlocked", {{"conditional_access", "block_device_code"}}, 0, "200"},
        Obstacle{"MfaRequired", {{"conditional_access", "require_mfa"}}, 0, "200"},
        Obstacle{"AdminConsent", {{"consent", "admin"}}, 90094, "400 consent_required 90094"}),
    [](const auto& tested) { return tested.param.name; });

TEST(SignInFaults, AreToldToTheApplication) {
  Bench bench;
  Person person(bench);
  bench.command("faults", {{"match", {{"operation", "authorize_v2"}}},
                           {"fault", {{"aadsts", 65001}, {"error", "consent_required"}}}});
  const Fields told = Person::told(person.open(Person::authorize_path(Person::asked())));
  EXPECT_EQ(find_field(told, "error"), "consent_required");
  EXPECT_THAT(find_field(told, "error_description").value_or(""), StartsWith("AADSTS65001:"));
  EXPECT_EQ(person.open(Person::authorize_path(Person::asked({{"redirect_uri", ""}}))).status, 400);
}

}  // namespace
}  // namespace simulator
