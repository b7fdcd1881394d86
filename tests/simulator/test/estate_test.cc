#include "tests/simulator/estate.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

std::string fingerprint(const Customer& customer) {
  std::string out = customer.id + customer.name + std::to_string(customer.reseller);
  for (const Holding& h : customer.holdings) {
    out += std::string(h.product) + std::string(h.channel) + std::to_string(h.sold) + "/" +
           std::to_string(h.deployed);
    for (const Usage& u : h.usage) out += std::string(u.workload.name) + std::to_string(u.active);
  }
  return out;
}

TEST(Estate, FirstCustomersAreTheSameInALargerOne) {
  const Estate small({.customers = 10, .products = {}}), large({.customers = 2000, .products = {}});
  for (std::size_t number = 0; number < small.numbers(); ++number) {
    EXPECT_EQ(fingerprint(small.customer(number)), fingerprint(large.customer(number)));
  }
}

TEST(Estate, AnotherSeedIsAnotherEstateButTheDocumentedCustomerStays) {
  const Estate one({.seed = 1, .products = {}}), two({.seed = 2, .products = {}});
  EXPECT_EQ(fingerprint(one.customer(0)), fingerprint(two.customer(0)));
  EXPECT_NE(one.customer(1).id, two.customer(1).id);
}

// Pinned, so that a change of the generator is noticed: golden files elsewhere depend on it.
TEST(Estate, DefaultEstateDoesNotChangeUnnoticed) {
  const Estate estate(EstateShape{});
  EXPECT_EQ(estate.customer(1).id, "c6ddd2ef-ab2f-46c3-864a-4eb4d6ecdd76");
  EXPECT_EQ(estate.rows(Dataset::kDeployment), 91U);
  EXPECT_EQ(estate.rows(Dataset::kUsage), 188U);
}

TEST(Estate, HasNamesAndNumbersOfEveryKind) {
  const Estate estate(EstateShape{});
  std::string names;
  std::multiset<std::string> each;
  bool over = false, unsold = false, direct = false, crm = false, over_used = false;
  std::size_t longest = 0;
  for (std::size_t number = 0; number < estate.numbers(); ++number) {
    const Customer customer = estate.customer(number);
    names += customer.name;
    each.insert(customer.name);
    longest = std::max(longest, customer.name.size());
    for (const Holding& h : customer.holdings) {
      over |= h.sold > 0 && h.deployed > h.sold;
      unsold |= h.sold == 0;
      direct |= h.channel == "direct";
      crm |= h.service_code == "crm";
      for (const Usage& u : h.usage) over_used |= u.qualified > 0 && u.active > u.qualified;
    }
  }
  EXPECT_TRUE(over && unsold && direct && crm && over_used);
  for (const char* part : {"\"", "\\", "ü", "東京", "🚀", "\n", "  "})
    EXPECT_THAT(names, testing::HasSubstr(part));
  EXPECT_EQ(longest, 200U);
  EXPECT_EQ(each.count("Adventure Works"), 2U);
}

TEST(Estate, ProductsOfOneCustomerDiffer) {
  for (const std::size_t products : {20U, 60U}) {
    const Estate estate({.customers = 30, .products = products});
    for (std::size_t number = 1; number < estate.numbers(); ++number) {
      std::set<std::string_view> names;
      for (const Holding& h : estate.customer(number).holdings) names.insert(h.product);
      EXPECT_EQ(names.size(), products);
    }
  }
}

TEST(Estate, SizesMultiplyAndSeekFindsEveryRow) {
  const Estate estate({.customers = 100, .products = 15});
  EXPECT_EQ(estate.rows(Dataset::kDeployment), 3U + 1500U);
  EXPECT_EQ(estate.rows(Dataset::kUsage), 5U + 4500U);
  const auto& before = estate.rows_before(Dataset::kUsage);
  using Place = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(seek(before, 0), (Place{0, 0}));
  EXPECT_EQ(seek(before, 5), (Place{1, 0}));
  EXPECT_EQ(seek(before, 4504), (Place{100, 44}));
  EXPECT_EQ(seek(before, 4505), (Place{estate.numbers(), 0}));
}

TEST(Estate, EditsAreSeenByEveryEndpoint) {
  Bench bench;
  const Estate estate(EstateShape{});
  const Customer gone = estate.customer(3);
  bench.command(
      "estate",
      {{"remove", {gone.id}},
       {"rename", {{std::string(kSeedCustomerId), "Renamed"}}},
       {"add",
        {{{"id", "00000000-0000-4000-8000-00000000abcd"},
          {"name", "New One"},
          {"products",
           {{{"name", "SOMETHING NEW"},
             {"sold", 7},
             {"deployed", 3},
             {"usage", {{{"workload", "Teams"}, {"active", 2}, {"qualified", 7}}}}}}}}}},
       {"rows",
        {{{"customer", kSeedCustomerId}, {"product", "EXCHANGE ONLINE (PLAN 1)"}, {"deployed", 4}},
         {{"customer", kSeedCustomerId},
          {"product", "EXCHANGE ONLINE (PLAN 1)"},
          {"workload", "Exchange"},
          {"active", 3}}}}});
  const auto list = bench.json("/v1/customers").dump();
  EXPECT_THAT(list, testing::Not(testing::HasSubstr(gone.id)));
  EXPECT_THAT(list,
              testing::AllOf(testing::HasSubstr("\"Renamed\""), testing::HasSubstr("New One")));
  EXPECT_EQ(bench.get("/v1/customers/" + gone.id + "/analytics/licenses/usage").status, 403);
  const auto rows = bench.json(kDeployment)["items"];
  EXPECT_EQ(rows[1]["licensesDeployed"], 4);
  EXPECT_EQ(rows[1]["deploymentPercent"], 80.0);
  EXPECT_EQ(rows[1]["customerName"], "RENAMED");
  EXPECT_EQ(bench.json(kUsage)["items"][3]["usagePercent"], 60.0);
  const auto added = bench.json(kB2 + "?filter=" + url_encode("customerName eq 'new one'"));
  ASSERT_EQ(added["TotalCount"], 1);
  EXPECT_EQ(added["Value"][0]["workloadCode"], "TEAMS");
  const auto all = bench.json(kB1);
  EXPECT_EQ(all["TotalCount"], 91 - gone.holdings.size() + 1);
  EXPECT_EQ(all["Value"].size(), all["TotalCount"]);

  bench.command("estate", {{"restore", {gone.id}}, {"empty_list", true}, {"empty_data", true}});
  EXPECT_EQ(bench.json("/v1/customers")["items"].size(), 0U);
  EXPECT_EQ(bench.json(kB1)["TotalCount"], 0);
  EXPECT_EQ(bench.json(kDeployment)["items"].size(), 0U);
  bench.command("reset", nullptr);
  EXPECT_EQ(bench.json("/v1/customers")["items"].size(), 26U);
}

TEST(Estate, WrongEditsChangeNothingAndSayWhy) {
  Bench bench;
  EXPECT_THAT(bench.complaint("estate", {{"empty_list", true}, {"remove", {"nobody"}}}),
              testing::HasSubstr("no such customer to remove: 'nobody'"));
  EXPECT_THAT(bench.complaint("estate", {{"vanish", true}}), testing::HasSubstr("vanish"));
  EXPECT_THAT(bench.complaint("estate", {{"add", {{{"id", "x"}, {"name", "y"}}}}}),
              testing::HasSubstr("no GUID"));
  EXPECT_EQ(bench.json("/v1/customers")["items"].size(), 26U);
}

}  // namespace
}  // namespace simulator
