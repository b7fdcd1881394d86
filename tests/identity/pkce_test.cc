#include "exporter/identity/pkce.h"

#include <set>

#include "exporter/base/base64url.h"
#include "exporter/base/sha256.h"

namespace pce {
namespace {

TEST(Sha256, IsTheStandardsHash) {
  // FIPS 180-4, "abc" and the empty message.
  EXPECT_EQ(base64url(sha256("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  EXPECT_EQ(base64url(sha256("")), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST(Pkce, MakesTheChallengeOfRfc7636AppendixB) {
  EXPECT_EQ(s256_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Pkce, HasAVerifierThatFitsItsChallenge) {
  const Pkce pkce = new_pkce();
  EXPECT_EQ(pkce.verifier.reveal().size(), 43U);  // RFC 7636 wants 43 to 128
  EXPECT_EQ(pkce.challenge, s256_challenge(pkce.verifier.reveal()));
}

TEST(Pkce, TakesAnotherWordEachTime) {
  std::set<std::string> words;
  for (int i = 0; i < 1000; ++i) {
    const std::string word = random_word();
    const auto bytes = from_base64url(word);
    ASSERT_TRUE(bytes) << word;
    EXPECT_EQ(bytes->size(), 32U);
    words.insert(word);
  }
  EXPECT_EQ(words.size(), 1000U);
}

}  // namespace
}  // namespace pce
