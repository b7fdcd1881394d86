#include "exporter/identity/token_owner.h"

namespace pce {
namespace {

using testing::HasSubstr;

const TokenOwner kOwner{.authority = "https://login.example",
                        .tenant_id = "aaaa",
                        .client_id = "bbbb",
                        .has_proof = false};

TEST(TokenOwner, TakesWhatTheRecordDoesNotSayOnTrust) {
  EXPECT_EQ(complaint_about_owner({.refresh_token = Secret("abc")}, kOwner), std::nullopt);
}

TEST(TokenOwner, IsTheSameInEitherCaseAndWithASlash) {
  EXPECT_EQ(complaint_about_owner({.authority = "https://LOGIN.example/",
                                   .tenant_id = "AAAA",
                                   .client_id = "BBBB",
                                   .client_type = ClientType::kPublic},
                                  kOwner),
            std::nullopt);
}

TEST(TokenOwner, IsNoOtherServiceTenantOrApplication) {
  for (const auto& [record, what] :
       {std::pair(TokenRecord{.authority = "https://login.example.org"}, "sign-in service"),
        std::pair(TokenRecord{.tenant_id = "aaab"}, "tenant"),
        std::pair(TokenRecord{.client_id = "bbbc"}, "application")}) {
    const auto why = complaint_about_owner(record, kOwner);
    ASSERT_TRUE(why);
    EXPECT_THAT(*why, HasSubstr(std::string("belongs to the ") + what));
    EXPECT_THAT(*why, HasSubstr("partner_center_exporter login"));
  }
  const auto why = complaint_about_owner({.tenant_id = "aaab"}, kOwner);
  EXPECT_THAT(*why, HasSubstr("\"aaab\", wanted \"aaaa\""));
}

TEST(TokenOwner, HasToProveItselfWhereTheTokenIsAConfidentialClients) {
  const TokenRecord confidential{.client_type = ClientType::kConfidential};
  TokenOwner owner = kOwner;
  EXPECT_THAT(complaint_about_owner(confidential, owner).value_or(""),
              HasSubstr("client_secret_file"));
  owner.has_proof = true;
  EXPECT_EQ(complaint_about_owner(confidential, owner), std::nullopt);
  EXPECT_EQ(complaint_about_owner({.client_type = ClientType::kPublic}, owner), std::nullopt);
}

TEST(TokenOwner, LooksLikeItsConfigurationWhereTheRecordSaysNothing) {
  TokenOwner owner = kOwner;
  EXPECT_EQ(client_type_of({}, owner), ClientType::kPublic);
  owner.has_proof = true;
  EXPECT_EQ(client_type_of({}, owner), ClientType::kConfidential);
  EXPECT_EQ(client_type_of({.client_type = ClientType::kPublic}, owner), ClientType::kPublic);
}

}  // namespace
}  // namespace pce
