// An application proves itself by certificate, or by somebody else's token.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/person.h"
#include "tests/simulator/test/signed_assertion.h"

namespace simulator {
namespace {

using nlohmann::json;

const std::string kEndpoint =
    "https://login.example/" + std::string(kTenant) + "/oauth2/v2.0/token";

struct Assertions : testing::Test {
  // One key for all tests: making one takes a noticeable time.
  static const SigningKey& key() {
    static const SigningKey made;
    return made;
  }
  static std::shared_ptr<const Certificate> certificate(const SigningKey& of) {
    std::string problem;
    auto read = Certificate::read(of.certificate_pem(), problem);
    EXPECT_TRUE(read) << problem;
    return read;
  }
  static json header() {
    return {{"alg", "PS256"},
            {"typ", "JWT"},
            {"x5t#S256", base64url(certificate(key())->sha256_thumbprint())}};
  }
  static json claims() {
    const std::int64_t now = std::time(nullptr);
    static int serial = 0;
    return {{"aud", kEndpoint}, {"iss", "app"},     {"sub", "app"},
            {"nbf", now},       {"exp", now + 600}, {"jti", "id-" + std::to_string(++serial)}};
  }
  static Registration registered(std::shared_ptr<const Certificate> certificate) {
    Registration registration;
    registration.certificate = std::move(certificate);
    return registration;
  }

  Bench bench{{}, {}, registered(certificate(key()))};
  Person person{bench};

  std::string verdict(const std::string& assertion, const Fields& changes = {}) {
    return Person::verdict(
        person.refresh("r", changed({{"client_assertion_type", std::string(kAssertionType)},
                                     {"client_assertion", assertion}},
                                    changes)));
  }
};

TEST_F(Assertions, AreAcceptedWhenTheyAreRight) {
  EXPECT_EQ(verdict(key().jwt(header(), claims())), "200");
}

TEST_F(Assertions, SayInTheTokenThatTheyWereUsed) {
  const json body =
      Person::parsed(person.refresh("r", {{"client_assertion_type", std::string(kAssertionType)},
                                          {"client_assertion", key().jwt(header(), claims())}}));
  EXPECT_EQ(Person::claims(body["access_token"])["appidacr"], "2");
}

TEST_F(Assertions, OfTheOlderKindAreAcceptedToo) {
  const json older{
      {"alg", "RS256"}, {"typ", "JWT"}, {"x5t", base64url(certificate(key())->sha1_thumbprint())}};
  EXPECT_EQ(verdict(key().jwt(older, claims(), GNUTLS_SIGN_RSA_SHA256)), "200");
}

TEST_F(Assertions, AreForOneUse) {
  const std::string assertion = key().jwt(header(), claims());
  EXPECT_EQ(verdict(assertion), "200");
  EXPECT_EQ(verdict(assertion), "401 invalid_client 50012");
}

TEST_F(Assertions, AreDemandedWithTheirType) {
  EXPECT_EQ(verdict(""), "401 invalid_client 7000218");
  EXPECT_EQ(verdict("", {{"client_secret", "s"}}), "401 invalid_client 7000215");
  EXPECT_EQ(verdict(key().jwt(header(), claims()), {{"client_assertion_type", "x"}}),
            "400 invalid_request 900144");
}

TEST_F(Assertions, OfAnotherKeyAreRefused) {
  const SigningKey other;
  EXPECT_EQ(verdict(other.jwt(header(), claims())), "401 invalid_client 700027");
}

TEST_F(Assertions, OfTheWrongPaddingAreRefused) {
  EXPECT_EQ(verdict(key().jwt(header(), claims(), GNUTLS_SIGN_RSA_SHA256)),
            "401 invalid_client 700027");
}

TEST_F(Assertions, ChangedAfterSigningAreRefused) {
  const std::string assertion = key().jwt(header(), claims());
  json other = claims();
  other["sub"] = "app";
  other["exp"] = other["exp"].get<std::int64_t>() + 1;
  const auto first = assertion.find('.');
  const auto last = assertion.rfind('.');
  EXPECT_EQ(
      verdict(assertion.substr(0, first + 1) + base64url(other.dump()) + assertion.substr(last)),
      "401 invalid_client 700027");
}

TEST_F(Assertions, WithPaddedPartsAreNoJwts) {
  EXPECT_EQ(verdict(key().jwt(header(), claims()) + "="), "401 invalid_client 50027");
  EXPECT_EQ(verdict("a.b"), "401 invalid_client 50027");
  EXPECT_EQ(verdict("a.b.c.d"), "401 invalid_client 50027");
}

TEST_F(Assertions, OfAnExpiredCertificateAreRefused) {
  const SigningKey old(std::time(nullptr) - 3600);
  Bench expired({}, {}, registered(certificate(old)));
  Person other(expired);
  json of_old = header();
  of_old["x5t#S256"] = base64url(certificate(old)->sha256_thumbprint());
  EXPECT_EQ(
      Person::verdict(other.refresh("r", {{"client_assertion_type", std::string(kAssertionType)},
                                          {"client_assertion", old.jwt(of_old, claims())}})),
      "401 invalid_client 700027");
}

TEST_F(Assertions, AndSecretsCanHaveExpired) {
  bench.command("settings", {{"client_credential", "expired"}});
  EXPECT_EQ(verdict(key().jwt(header(), claims())), "401 invalid_client 700027");
  Bench with_secret({}, {}, {.tenant = {}, .client_id = {}, .client_secret = "s"});
  with_secret.command("settings", {{"client_credential", "expired"}});
  EXPECT_EQ(Person::verdict(Person(with_secret).refresh("r", {{"client_secret", "s"}})),
            "401 invalid_client 7000222");
}

struct Flaw {
  std::string name;
  std::function<void(json& header, json& claims)> make;
  int number;
};
class FlawedAssertions : public Assertions, public testing::WithParamInterface<Flaw> {};
TEST_P(FlawedAssertions, AreRefused) {
  json head = header(), body = claims();
  GetParam().make(head, body);
  EXPECT_EQ(verdict(key().jwt(head, body)),
            "401 invalid_client " + std::to_string(GetParam().number));
}
std::int64_t from_now(std::int64_t seconds) { return std::time(nullptr) + seconds; }
INSTANTIATE_TEST_SUITE_P(
    , FlawedAssertions,
    testing::Values(
        Flaw{"Unsigned", [](json& h, json&) { h["alg"] = "none"; }, 50027},
        Flaw{"OddType", [](json& h, json&) { h["typ"] = "at+jwt"; }, 50027},
        Flaw{"NoThumbprint", [](json& h, json&) { h.erase("x5t#S256"); }, 700027},
        Flaw{"OtherThumbprint", [](json& h, json&) { h["x5t#S256"] = base64url("x"); }, 700027},
        Flaw{"Issuer", [](json&, json& c) { c["iss"] = "b"; }, 700021},
        Flaw{"NoSubject", [](json&, json& c) { c.erase("sub"); }, 700021},
        Flaw{"OtherTenant",
             [](json&, json& c) { c["aud"] = "https://login.example/x/oauth2/v2.0/token"; },
             700023},
        Flaw{"AudienceWithoutHost",
             [](json&, json& c) { c["aud"] = "/" + std::string(kTenant) + "/oauth2/v2.0/token"; },
             700023},
        Flaw{"NoAudience", [](json&, json& c) { c.erase("aud"); }, 700023},
        Flaw{"NoEnd", [](json&, json& c) { c.erase("exp"); }, 50027},
        Flaw{"TextEnd", [](json&, json& c) { c["exp"] = "tomorrow"; }, 50027},
        Flaw{"NoBeginning", [](json&, json& c) { c.erase("nbf"); }, 50027},
        Flaw{"Over",
             [](json&, json& c) {
               c["nbf"] = from_now(-1000);
               c["exp"] = from_now(-400);
             },
             700024},
        Flaw{"NotYet",
             [](json&, json& c) {
               c["nbf"] = from_now(400);
               c["exp"] = from_now(1000);
             },
             700024},
        Flaw{"EndsBeforeItBegins", [](json&, json& c) { c["exp"] = from_now(-1); }, 700024},
        Flaw{"NoId", [](json&, json& c) { c.erase("jti"); }, 50027}),
    [](const auto& tested) { return tested.param.name; });

TEST(FederatedTokens, AreComparedWhenOneIsRegistered) {
  Registration registration;
  registration.federated_token = "of.another.issuer";
  Bench bench({}, {}, registration);
  Person person(bench);
  const auto verdict = [&](const std::string& assertion) {
    return Person::verdict(person.refresh(
        "r",
        {{"client_assertion_type", std::string(kAssertionType)}, {"client_assertion", assertion}}));
  };
  EXPECT_EQ(verdict("of.another.issuer"), "200");
  EXPECT_EQ(verdict("of.a.stranger"), "401 invalid_client 700213");
}

TEST(FederatedTokens, AreAcceptedUnreadWhenNothingIsRegistered) {
  Bench bench;
  Person person(bench);
  EXPECT_EQ(Person::verdict(person.refresh("r", {{"client_assertion", "anything"}})), "200");
}

TEST(Certificates, OfNonsenseAreRefusedInWords) {
  std::string problem;
  EXPECT_FALSE(Certificate::read("-----BEGIN CERTIFICATE-----\nAAAA\n", problem));
  EXPECT_THAT(problem, testing::HasSubstr("PEM"));
}

}  // namespace
}  // namespace simulator
