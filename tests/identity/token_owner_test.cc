#include "exporter/identity/token_owner.h"

namespace pce {
namespace {

using testing::HasSubstr;

const TokenOwner kOwner{.authority = "https://login.example",
                        .tenant_id = "aaaa",
                        .client_id = "bbbb",
                        .has_proof = false};

std::string complaint(const TokenRecord& record, const TokenOwner& owner = kOwner) {
  const auto why = complaint_about_owner(record, owner);
  if (why) {
    EXPECT_EQ(why->kind, ErrorKind::kSettings);
    EXPECT_FALSE(why->next_step.empty());
  }
  return why ? why->message : "none";
}

TEST(TokenOwner, TakesWhatTheRecordDoesNotSayOnTrust) {
  EXPECT_EQ(complaint({.refresh_token = Secret("abc")}), "none");
}

TEST(TokenOwner, IsTheSameInEitherCaseAndWithASlash) {
  EXPECT_EQ(complaint({.authority = "https://LOGIN.example/",
                       .tenant_id = "AAAA",
                       .client_id = "BBBB",
                       .client_type = ClientType::kPublic}),
            "none");
}

TEST(TokenOwner, IsNoOtherServiceTenantOrApplication) {
  for (const auto& [record, what] :
       {std::pair(TokenRecord{.authority = "https://login.example.org"}, "sign-in service"),
        std::pair(TokenRecord{.tenant_id = "aaab"}, "tenant"),
        std::pair(TokenRecord{.client_id = "bbbc"}, "application")}) {
    EXPECT_THAT(complaint(record), HasSubstr(std::string("belongs to the ") + what));
    EXPECT_THAT(complaint(record), HasSubstr("partner_center_exporter login"));
  }
  EXPECT_THAT(complaint({.tenant_id = "aaab"}), HasSubstr("\"aaab\", wanted \"aaaa\""));
}

TEST(TokenOwner, HasToProveItselfWhereTheTokenIsAConfidentialClients) {
  const TokenRecord confidential{.client_type = ClientType::kConfidential};
  TokenOwner owner = kOwner;
  EXPECT_THAT(complaint(confidential, owner), HasSubstr("client_secret_file"));
  owner.has_proof = true;
  EXPECT_EQ(complaint(confidential, owner), "none");
  EXPECT_EQ(complaint({.client_type = ClientType::kPublic}, owner), "none");
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
