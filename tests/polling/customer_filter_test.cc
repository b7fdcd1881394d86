#include "exporter/polling/customer_filter.h"

namespace pce {
namespace {

constexpr const char* kIdText = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
const TenantId kId = *TenantId::parse(kIdText);
constexpr const char* kName = "Fabrikam Trial Co";

TEST(CustomerFilter, AdmitsEverybodyByDefault) {
  EXPECT_TRUE(CustomerFilter().admits(kId, kName));
  EXPECT_TRUE(CustomerFilter().admits_everybody());
}

TEST(CustomerFilter, KnowsACustomerByIdNameOrPattern) {
  for (const char* entry :
       {"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04", "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04", "4d3c*",
        "Fabrikam Trial Co", "fabrikam trial CO", "Fabrikam*", "*trial*", "*co", "*", "f*k*l*o"}) {
    EXPECT_TRUE(CustomerFilter({entry}, {}).admits(kId, kName)) << entry;
    EXPECT_FALSE(CustomerFilter({}, {entry}).admits(kId, kName)) << entry;
  }
  for (const char* entry :
       {"Fabrikam", "trial", "*trial", "Fabrikam Trial Co*x", "4d3cf487", "?*"}) {
    EXPECT_FALSE(CustomerFilter({entry}, {}).admits(kId, kName)) << entry;
    EXPECT_TRUE(CustomerFilter({}, {entry}).admits(kId, kName)) << entry;
  }
}

TEST(CustomerFilter, ExcludesEvenWhatItIncludes) {
  EXPECT_FALSE(CustomerFilter({"Fabrikam*"}, {"*Trial*"}).admits(kId, kName));
  EXPECT_TRUE(CustomerFilter({"Fabrikam*"}, {"Contoso"}).admits(kId, kName));
}

TEST(CustomerFilter, SaysWhichEntryExcludes) {
  using Kind = Admission::Kind;
  const CustomerFilter filter({"Fabrikam*", "Contoso*"}, {"*Nobody*", kIdText, "*Trial*"});
  EXPECT_EQ(filter.judge(kId, kName), (Admission{.kind = Kind::kExcluded, .entry = 1}));
  const auto other = *TenantId::parse("00000000-0000-4000-8000-00000000000f");
  EXPECT_EQ(filter.judge(other, "Fabrikam Trial"),
            (Admission{.kind = Kind::kExcluded, .entry = 2}));
  EXPECT_EQ(filter.judge(other, "Woodgrove"), (Admission{.kind = Kind::kNotIncluded}));
  EXPECT_EQ(filter.judge(other, "Woodgrove Trial").kind, Kind::kExcluded) << "exclude wins";
  EXPECT_EQ(filter.judge(other, "Contoso"), Admission());
}

TEST(CustomerFilter, AsksByIdOnlyWhenIdsAreAllThatIsIncluded) {
  EXPECT_EQ(CustomerFilter({kIdText}, {}).ids_to_ask_for().size(), 1U);
  EXPECT_TRUE(CustomerFilter({kIdText, "Fabrikam"}, {}).ids_to_ask_for().empty());
  EXPECT_TRUE(CustomerFilter({}, {kIdText}).ids_to_ask_for().empty());
  EXPECT_EQ(CustomerFilter(std::vector<CustomerPattern>(20, kIdText), {}).ids_to_ask_for().size(),
            20U);
  EXPECT_TRUE(
      CustomerFilter(std::vector<CustomerPattern>(21, kIdText), {}).ids_to_ask_for().empty());
}

}  // namespace
}  // namespace pce
