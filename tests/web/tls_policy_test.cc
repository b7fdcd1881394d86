#include "exporter/web/tls_policy.h"

#include <algorithm>

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::size_t suite(std::string_view name) {
  const auto names = cipher_suite_names();
  const auto found = std::ranges::find(names, name);
  EXPECT_NE(found, names.end()) << name;
  return static_cast<std::size_t>(found - names.begin());
}

TlsPriorities priorities(const TlsPolicy& policy, TlsKeyKind key = TlsKeyKind::kRsa) {
  const auto result = priorities_of(policy, key);
  EXPECT_TRUE(result) << result.error().message;
  return *result;
}

TEST(TlsPolicy, OffersTwoVersionsAndForwardSecrecyUnlessAskedOtherwise) {
  const auto made = priorities({});
  for (const std::string& text : {made.up_to_12, made.of_13}) {
    EXPECT_THAT(text,
                AllOf(HasSubstr("NONE:+VERS-TLS1.3:+VERS-TLS1.2:+"), Not(HasSubstr("VERS-TLS1.1")),
                      Not(HasSubstr("VERS-TLS1.0")), HasSubstr(":+ECDHE-RSA"),
                      Not(HasSubstr(":+RSA")), Not(HasSubstr("CBC")), HasSubstr("%NO_TICKETS")));
  }
}

TEST(TlsPolicy, TakesOldVersionsWithTheirCiphersWhereAsked) {
  const auto made = priorities({.min = TlsVersion::k10});
  EXPECT_THAT(made.up_to_12,
              AllOf(HasSubstr("NONE:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:+"),
                    HasSubstr(":+AES-128-CBC:+SHA1")));
  EXPECT_THAT(made.of_13, Not(HasSubstr("CBC")));
  const auto only = priorities({.min = TlsVersion::k11, .max = TlsVersion::k11});
  EXPECT_THAT(only.up_to_12, HasSubstr("NONE:+VERS-TLS1.1:+AES"));
  EXPECT_EQ(only.of_13, "");
}

TEST(TlsPolicy, KeepsTheOrderOfTheListAndEachSideApart) {
  const auto made = priorities({.cipher_suites = {suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                                                  suite("TLS_CHACHA20_POLY1305_SHA256"),
                                                  suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                                                  suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")}});
  EXPECT_THAT(made.up_to_12, HasSubstr("+VERS-TLS1.2:+AES-256-GCM:+AEAD:+AES-128-GCM:+ECDHE"));
  EXPECT_THAT(made.of_13, HasSubstr("+VERS-TLS1.2:+CHACHA20-POLY1305:+AEAD:+ECDHE"));
}

TEST(TlsPolicy, ChoosesTheSuitesOfTheKey) {
  const TlsPolicy both{.cipher_suites = {suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                                         suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")}};
  EXPECT_THAT(priorities(both, TlsKeyKind::kRsa).up_to_12,
              AllOf(HasSubstr("AES-128"), Not(HasSubstr("AES-256")), HasSubstr("ECDHE-RSA")));
  EXPECT_THAT(priorities(both, TlsKeyKind::kEcdsa).up_to_12,
              AllOf(HasSubstr("AES-256"), Not(HasSubstr("AES-128")), HasSubstr("ECDHE-ECDSA")));
}

TEST(TlsPolicy, OffersNoVersionWithoutASuite) {
  const TlsPolicy curves{.cipher_suites = {suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")}};
  const auto made = priorities(curves, TlsKeyKind::kRsa);
  EXPECT_EQ(made.up_to_12, "");
  EXPECT_THAT(made.of_13, HasSubstr("NONE:+VERS-TLS1.3:+AES-128-GCM"));
  TlsPolicy no_13 = curves;
  no_13.max = TlsVersion::k12;
  const auto refused = priorities_of(no_13, TlsKeyKind::kRsa);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("with an RSA key can use before TLS 1.3"));
}

TEST(TlsPolicy, HasOurOrderOrTheClients) {
  EXPECT_THAT(priorities({}).up_to_12, HasSubstr("%SERVER_PRECEDENCE"));
  EXPECT_THAT(priorities({.servers_order = false}).up_to_12, Not(HasSubstr("%SERVER_PRECEDENCE")));
}

TEST(TlsPolicy, NamesTheCurves) {
  const auto names = curve_names();
  ASSERT_EQ(names[3], "CurveP521");
  const auto made = priorities({.curves = {3, 0}});
  EXPECT_THAT(made.of_13,
              AllOf(HasSubstr(":+GROUP-SECP521R1:+GROUP-X25519:%"), Not(HasSubstr("SECP256R1"))));
}

}  // namespace
}  // namespace pce
