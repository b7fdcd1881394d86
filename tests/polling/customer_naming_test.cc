#include "exporter/polling/customer_naming.h"

namespace pce {
namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";
const TenantId kTenant = *TenantId::parse("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04");

Customer contoso() {
  return {.id = kTenant,
          .name = "Contoso",
          .domain = "contoso.example",
          .relationship = "reseller",
          .reseller = "Fabrikam"};
}

TEST(CustomerNaming, ByNameLeavesEverythingAsItIs) {
  const CustomerNaming naming;
  EXPECT_TRUE(naming.shows_names());
  EXPECT_TRUE(naming.shows_ids());
  const Customer shown = naming.named(contoso());
  EXPECT_EQ(shown.id, kTenant);
  EXPECT_EQ(shown.name, "Contoso");
  EXPECT_EQ(shown.domain, "contoso.example");
  EXPECT_EQ(shown.true_id(), kTenant);
}

TEST(CustomerNaming, ByIdHasNeitherNameNorDomain) {
  const CustomerNaming naming = CustomerNaming::by_id();
  EXPECT_FALSE(naming.shows_names());
  EXPECT_TRUE(naming.shows_ids());
  const Customer shown = naming.named(contoso());
  EXPECT_EQ(shown.id, kTenant);
  EXPECT_EQ(shown.name, "");
  EXPECT_EQ(shown.domain, "");
  EXPECT_EQ(shown.relationship, "reseller");
  EXPECT_EQ(shown.reseller, "Fabrikam");
  EXPECT_EQ(shown.true_name(), "Contoso");
  EXPECT_EQ(shown.true_id(), kTenant);
}

// Fixed for good: whoever upgrades keeps the pseudonyms, and with them the history.
TEST(CustomerNaming, ByHashIsAPseudonymThatStays) {
  const CustomerNaming naming = CustomerNaming::by_hash(Secret(kKey));
  EXPECT_FALSE(naming.shows_names());
  EXPECT_FALSE(naming.shows_ids());
  // printf 'customer 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04' | openssl dgst -sha256 -hmac KEY
  EXPECT_EQ(naming.id_of(kTenant).text(), "75ffaccc-4eb9-846d-9bd3-17ca0df68e6b");
  const Customer shown = naming.named(contoso());
  EXPECT_EQ(shown.id, naming.id_of(kTenant));
  EXPECT_EQ(shown.name, "");
  EXPECT_EQ(shown.domain, "");
  EXPECT_EQ(shown.true_id(), kTenant);
}

TEST(CustomerNaming, ByHashDependsOnKeyAndCustomerAndNothingElse) {
  const CustomerNaming naming = CustomerNaming::by_hash(Secret(kKey));
  Customer renamed = contoso();
  renamed.name = "Contoso Holding";
  EXPECT_EQ(naming.named(renamed).id, naming.named(contoso()).id);
  const TenantId other = *TenantId::parse("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f05");
  EXPECT_NE(naming.id_of(other), naming.id_of(kTenant));
  EXPECT_NE(CustomerNaming::by_hash(Secret(kKey + "x")).id_of(kTenant), naming.id_of(kTenant));
}

}  // namespace
}  // namespace pce
