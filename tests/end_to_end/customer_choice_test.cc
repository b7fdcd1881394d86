// Whom the configuration chooses to read and show, and whose customers they are.
#include <set>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using nlohmann::json;

const std::string kLimits = "limits:\n  requests_per_minute: 60000\n";

std::set<std::string> ids_of(const json& customers) {
  std::set<std::string> ids;
  for (const json& customer : customers) ids.insert(customer.at("id").get<std::string>());
  return ids;
}

bool is_insight(const json& call) {
  return call.at("path").get<std::string>().find("/analytics/") != std::string::npos;
}

struct Choice {
  std::string name;
  std::string customers;  // of the configuration
  bool seed, others;      // who is shown
};
void PrintTo(const Choice& c, std::ostream* out) { *out << c.name; }

class EndToEndChoice : public testing::TestWithParam<std::tuple<Choice, const char*>> {};

TEST_P(EndToEndChoice, ShowsWhomItNames) {
  const auto& [choice, source] = GetParam();
  Stage stage;
  stage.start_simulator({"--customers=5"});
  stage.start_exporter({.source = source, .more = kLimits + "customers:\n" + choice.customers});
  const Exposition shown = stage.first_round();
  const auto everybody = ids_of(stage.simulator().customers());
  std::set<std::string> wanted = everybody;
  std::erase_if(
      wanted, [&](const std::string& id) { return id == kSeedId ? !choice.seed : !choice.others; });
  EXPECT_TRUE(is_up(shown));
  for (const char* metric : {"licenses_sold", "licenses_active", "partner_center_customer_info"})
    EXPECT_EQ(customers_in(shown, metric), wanted) << metric;
  EXPECT_EQ(shown.value("partner_center_customers"), everybody.size());
  EXPECT_EQ(shown.value("partner_center_customers_excluded"), everybody.size() - wanted.size());
  // Customer by customer, nobody else is asked about.
  std::set<std::string> asked;
  for (const json& call : stage.simulator().calls()) {
    if (is_insight(call) && call.at("customer") != "") asked.insert(call.at("customer"));
  }
  EXPECT_EQ(asked, std::string(source) == "classic" ? wanted : std::set<std::string>());
}

INSTANTIATE_TEST_SUITE_P(
    Customers, EndToEndChoice,
    testing::Combine(
        testing::Values(
            Choice{"include an id", "  include: [" + kSeedId + "]\n", true, false},
            Choice{"include a name", "  include: [DT Demo CSP Customer 005]\n", true, false},
            Choice{"include a pattern", "  include: [\"dt demo*\"]\n", true, false},
            Choice{"exclude an id", "  exclude: [" + kSeedId + "]\n", false, true},
            Choice{"exclude a pattern", "  exclude: [\"*csp customer*\"]\n", false, true},
            Choice{"exclude wins", "  include: [\"*\"]\n  exclude: [DT Demo CSP Customer 005]\n",
                   false, true}),
        testing::Values("classic", "commercial")));

TEST(EndToEndCustomers, AreAskedForInBulkByTheirIdsWhereOnlyIdsAreIncluded) {
  Stage stage;
  stage.start_simulator({"--customers=5"});
  const std::string second = stage.simulator().customers().at(2).at("id");
  stage.start_exporter(
      {.more = kLimits + "customers:\n  include: [" + kSeedId + ", " + second + "]\n"});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown));
  EXPECT_EQ(customers_in(shown, "licenses_sold"), (std::set<std::string>{kSeedId, second}));
  EXPECT_EQ(customers_in(shown, "licenses_active"), (std::set<std::string>{kSeedId, second}));
  int bulk = 0;
  int sums = 0;
  for (const json& call : stage.simulator().calls()) {
    if (!is_insight(call)) continue;
    const std::string query = call.at("query");
    const bool grouped = query.find("groupby=") != std::string::npos;
    ++(grouped ? sums : bulk);
    EXPECT_EQ(query.find("filter=") == std::string::npos, grouped) << query;
    if (grouped) continue;
    EXPECT_THAT(query, testing::HasSubstr(kSeedId));
    EXPECT_THAT(query, testing::HasSubstr(second));
  }
  EXPECT_EQ(bulk, 2);
  EXPECT_EQ(sums, 2);
  // What the partner as a whole has is not theirs alone.
  EXPECT_TRUE(shown.find("partner_center_licenses_sold_difference").empty());
}

std::string label(const std::string& series, const std::string& name) {
  const auto at = series.find(name + "=\"");
  if (at == std::string::npos) return "no label";
  const auto start = at + name.size() + 2;
  return series.substr(start, series.find('"', start) - start);
}

// customer_id → reseller
std::map<std::string, std::string> resellers_in(const Exposition& exposition) {
  std::map<std::string, std::string> resellers;
  for (const auto& [series, value] : exposition.find("partner_center_customer_info"))
    resellers[label(series, "customer_id")] = label(series, "reseller");
  return resellers;
}

TEST(EndToEndResellers, AreShownAndOneListThatFailsLeavesTheRestUntouched) {
  Stage stage;
  stage.start_simulator({"--customers=12"});
  const json fault = {{"match", {{"operation", "relationships"}}},
                      {"fault", {{"status", 403}, {"code", 2032}}}};
  stage.simulator().add_fault(fault);
  stage.start_exporter({.interval = "300ms",
                        .stale_after = "1h",
                        .more = kLimits + "customers:\n  resellers: true\n"});
  const Exposition without = stage.scrape_until(is_up);
  EXPECT_GE(without.value("partner_center_api_request_failures_total",
                          {"operation=\"relationships\"", "reason=\"forbidden\""}),
            1);
  const json customers = stage.simulator().customers();
  EXPECT_EQ(customers_in(without, "licenses_sold"), ids_of(customers));
  for (const auto& [id, reseller] : resellers_in(without)) EXPECT_EQ(reseller, "") << id;

  stage.clear_faults();
  const Exposition with = stage.scrape_until([&](const Exposition& e) {
    const auto resellers = resellers_in(e);
    return std::ranges::any_of(resellers, [](const auto& one) { return one.second != ""; });
  });
  const auto shown = resellers_in(with);
  std::map<std::string, std::set<std::string>> names;  // by the simulator's id of the reseller
  ASSERT_EQ(shown.size(), customers.size());
  for (const json& customer : customers) {
    const json& reseller = customer.at("reseller");
    names[reseller.is_null() ? "none" : reseller.get<std::string>()].insert(
        shown.at(customer.at("id")));
  }
  ASSERT_GE(names.size(), 3U) << "the estate has too few resellers for this test";
  std::set<std::string> different;
  for (const auto& [reseller, labels] : names) {
    EXPECT_EQ(labels.size(), 1U) << reseller;
    different.insert(*labels.begin());
  }
  EXPECT_EQ(different.size(), names.size());
  EXPECT_EQ(names.at("none"), std::set<std::string>{""});
  EXPECT_EQ(with.find("licenses_sold"), without.find("licenses_sold"));

  stage.simulator().add_fault(fault);
  ASSERT_TRUE(eventually([&] { return stage.simulator().hits() >= 2; }));
  const Exposition again = stage.scrape();
  EXPECT_EQ(resellers_in(again), shown);
  EXPECT_EQ(again.find("licenses_sold"), with.find("licenses_sold"));
  EXPECT_TRUE(is_up(again));
}

}  // namespace
}  // namespace pce
