// Customers come, go, are renamed, or run out of licences, and the list of them has many pages.
#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using nlohmann::json;

// A rule by which the customer list forgets the customer although there is still data about it.
json forgets(const json& customers, const std::string& id) {
  json items = json::array();
  for (const json& customer : customers) {
    if (customer.at("id") == id) continue;
    items.push_back({{"id", customer.at("id")},
                     {"companyProfile",
                      {{"tenantId", customer.at("id")}, {"companyName", customer.at("name")}}},
                     {"relationshipToPartner", "reseller"}});
  }
  const json body = {{"totalCount", items.size()}, {"items", items}};
  return {{"match", {{"operation", "customers"}}}, {"fault", {{"body", body.dump()}}}};
}

class EndToEndSource : public testing::TestWithParam<const char*> {
 protected:
  void start(const Stage::Choices& more = {}) {
    Stage::Choices choices = more;
    choices.interval = "300ms";
    choices.stale_after = "1h";
    choices.source = GetParam();
    stage_.start_exporter(choices);
  }
  bool shows_seed(const Exposition& e) {
    return !e.find("licenses_sold", {kSeedCustomer}).empty() &&
           !e.find("licenses_active", {kSeedCustomer}).empty() &&
           !e.find("partner_center_customer_info", {kSeedCustomer}).empty();
  }
  bool names_seed(const Exposition& e) {
    return std::ranges::any_of(e.samples, [](const auto& sample) {
      return sample.first.find(kSeedCustomer) != std::string::npos;
    });
  }
  Stage stage_;
};

TEST_P(EndToEndSource, ACustomerThatTheListForgetsGoesWithTheSecondList) {
  stage_.start_simulator();
  start();
  const Exposition before = stage_.scrape_until(is_up);
  ASSERT_TRUE(shows_seed(before));
  stage_.simulator().add_fault(forgets(stage_.simulator().customers(), kSeedId));
  int lists = 0;
  const Exposition after = stage_.scrape_until([&](const Exposition& e) {
    lists = stage_.simulator().hits();
    return !shows_seed(e);
  });
  EXPECT_GE(lists, 2);
  EXPECT_FALSE(names_seed(after));
  EXPECT_FALSE(after.find("licenses_sold").empty());
  stage_.scrape_until([](const Exposition& e) {
    return is_up(e) && e.value("partner_center_customers_leaving") == 0 &&
           e.value("partner_center_customers") == 3;
  });
  if (std::string(GetParam()) != "classic") {
    stage_.scrape_until([](const Exposition& e) {
      return e.value("partner_center_collector_customers_unlisted",
                     {"collector=\"customer_deployment\""}) == 1;
    });
  }
}

TEST_P(EndToEndSource, ACustomerThatOneListForgotNeverLeaves) {
  stage_.start_simulator();
  start();
  stage_.scrape_until(is_up);
  json rule = forgets(stage_.simulator().customers(), kSeedId);
  rule["times"] = 1;
  const auto lists = [&] { return stage_.simulator().calls("customers").size(); };
  const std::size_t before = lists();
  stage_.simulator().add_fault(rule);
  stage_.scrape_until([&](const Exposition& e) {
    EXPECT_TRUE(shows_seed(e));
    return lists() >= before + 4;
  });
  EXPECT_EQ(stage_.simulator().hits(), 1);
}

TEST_P(EndToEndSource, ACustomerThatLeftGoes) {
  stage_.start_simulator();
  start();
  ASSERT_TRUE(shows_seed(stage_.scrape_until(is_up)));
  stage_.simulator().post("/_sim/estate", {{"remove", {kSeedId}}});
  const Exposition after =
      stage_.scrape_until([&](const Exposition& e) { return !names_seed(e) && is_up(e); });
  EXPECT_FALSE(after.find("licenses_sold").empty());

  stage_.simulator().post("/_sim/estate", {{"restore", {kSeedId}}});
  stage_.scrape_until([&](const Exposition& e) { return shows_seed(e) && is_up(e); });
}

TEST_P(EndToEndSource, ARenamedCustomerIsRenamed) {
  stage_.start_simulator();
  start();
  const Exposition before = stage_.scrape_until(is_up);
  const std::vector<std::string> old_name{"customer=\"DT Demo CSP Customer 005\""};
  const std::vector<std::string> new_name{"customer=\"Litware, Inc.\"", kSeedCustomer};
  ASSERT_EQ(before.find("licenses_sold", old_name).size(), 3U);
  stage_.simulator().post("/_sim/estate", {{"rename", {{kSeedId, "Litware, Inc."}}}});
  const Exposition after = stage_.scrape_until([&](const Exposition& e) {
    return std::ranges::none_of(e.samples, [&](const auto& sample) {
      return sample.first.find(old_name[0]) != std::string::npos;
    });
  });
  for (const char* metric : {"licenses_sold", "licenses_active", "partner_center_customer_info"}) {
    EXPECT_EQ(after.find(metric, new_name).size(), before.find(metric, old_name).size()) << metric;
    EXPECT_EQ(after.find(metric).size(), before.find(metric).size()) << metric;
  }
}

TEST_P(EndToEndSource, DataThatReallyEndedGoesWhenThatIsConfirmed) {
  stage_.start_simulator();
  start({.insights = "  guard: {confirmations: 3, over: 300ms}\n"});
  ASSERT_TRUE(shows_seed(stage_.scrape_until(is_up)));
  stage_.simulator().post("/_sim/estate", {{"empty_data", true}});
  const Exposition after = stage_.scrape_until([](const Exposition& e) {
    return e.find("licenses_sold").empty() && e.find("licenses_active").empty();
  });
  EXPECT_GE(after.value("partner_center_collector_empty_answers_total",
                        {"collector=\"customer_deployment\""}),
            2);  // the third answer is believed
  EXPECT_EQ(customers_in(after, "partner_center_customer_info").size(), 4U);

  stage_.simulator().post("/_sim/estate", {{"empty_data", false}});
  stage_.scrape_until([&](const Exposition& e) { return shows_seed(e) && is_up(e); });
}

INSTANTIATE_TEST_SUITE_P(Sources, EndToEndSource, testing::Values("classic", "commercial", "auto"));

// One customer without rows, in both generations.
json empties_seed() {
  return {{{"match", {{"path_contains", "/commercial/"}}},
           {"fault", {{"variant", {{"without_customer", kSeedId}}}}}},
          {{"match", {{"path_contains", kSeedId + "/analytics/"}}},
           {"fault", {{"variant", {{"empty_items", true}}}}}}};
}

struct Confirmation {
  const char* source;
  const char* guard;
  int held;  // answers of each collector before the one that is believed, at least
};
void PrintTo(const Confirmation& c, std::ostream* out) { *out << c.source; }

class EndToEndConfirmation : public testing::TestWithParam<Confirmation> {};

TEST_P(EndToEndConfirmation, ACustomerThatRanOutOfLicencesLosesItsRowsAndStaysListed) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms",
                        .stale_after = "2h",
                        .source = GetParam().source,
                        .insights = GetParam().guard});
  const Exposition before = stage.scrape_until(is_up);
  ASSERT_EQ(customers_in(before, "licenses_sold").size(), 4U);
  stage.simulator().post("/_sim/faults", empties_seed());
  const Exposition after = stage.scrape_until([](const Exposition& e) {
    return customers_in(e, "licenses_sold").size() == 3 &&
           customers_in(e, "licenses_active").size() == 3;
  });
  for (const char* collector :
       {"collector=\"customer_deployment\"", "collector=\"customer_usage\""})
    EXPECT_GE(after.value("partner_center_collector_empty_answers_total", {collector}),
              GetParam().held);
  EXPECT_EQ(customers_in(after, "partner_center_customer_info").size(), 4U);
  stage.scrape_until([](const Exposition& e) {
    return is_up(e) &&
           e.value("partner_center_collector_suspect", {"collector=\"customer_deployment\""}) == 0;
  });
}

// With source auto the other generation's word is enough, whatever the guard would wait for.
INSTANTIATE_TEST_SUITE_P(
    Sources, EndToEndConfirmation,
    testing::Values(Confirmation{"classic", "  guard: {confirmations: 3, over: 300ms}\n", 2},
                    Confirmation{"commercial", "  guard: {confirmations: 3, over: 300ms}\n", 2},
                    Confirmation{"auto", "  guard: {confirmations: 100, over: 2h}\n", 1}));

const json kNotOurs = {{"match", {{"path_contains", kSeedId + "/analytics/"}}},
                       {"fault", {{"status", 403}, {"code", 20002}}}};

// Both insights of the customer are asked for, so each interval says it twice.
TEST(EndToEndNotOurs, IsNotBelievedOfAListedCustomerWhileItIsSaidTooSeldom) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms",
                        .stale_after = "1h",
                        .source = "classic",
                        .insights = "  guard: {confirmations: 3, over: 0s}\n"});
  const Exposition before = stage.scrape_until(is_up);
  json rule = kNotOurs;
  rule["times"] = 2;
  stage.simulator().add_fault(rule);
  const auto answers = [&] { return stage.simulator().calls("customer_deployment").size(); };
  const std::size_t so_far = answers();
  stage.scrape_until([&](const Exposition& e) {
    EXPECT_EQ(e.find("licenses_sold"), before.find("licenses_sold"));
    EXPECT_EQ(e.find("licenses_active"), before.find("licenses_active"));
    EXPECT_TRUE(is_up(e));
    return answers() >= so_far + 12 && e.value("partner_center_customers_unavailable") == 0;
  });
  EXPECT_EQ(stage.simulator().hits(), 2);
}

TEST(EndToEndNotOurs, IsBelievedWhenItWasSaidOftenAndLongEnough) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms",
                        .stale_after = "1h",
                        .source = "classic",
                        .insights = "  guard: {confirmations: 3, over: 1s}\n"});
  ASSERT_EQ(stage.scrape_until(is_up).find("licenses_sold", {kSeedCustomer}).size(), 3U);
  stage.simulator().add_fault(kNotOurs);
  const Exposition held = stage.scrape_until(
      [](const Exposition& e) { return e.value("partner_center_customers_unavailable") == 1; });
  EXPECT_TRUE(is_up(held));
  int said = 0;
  const Exposition after = stage.scrape_until([&](const Exposition& e) {
    said = stage.simulator().hits();
    return e.find("licenses_sold", {kSeedCustomer}).empty() &&
           e.find("licenses_active", {kSeedCustomer}).empty();
  });
  EXPECT_GE(said, 3);
  EXPECT_TRUE(is_up(after));
  EXPECT_EQ(after.value("partner_center_customer_info", {kSeedCustomer}), 1);
  EXPECT_FALSE(after.find("licenses_sold").empty());
}

class EndToEndLink : public testing::TestWithParam<const char*> {};

TEST_P(EndToEndLink, LeadsToTheCustomersAfterTheFirst500) {
  Stage stage;
  stage.start_simulator({"--customers=600"});
  stage.simulator().post("/_sim/settings", {{"customers_link", GetParam()}});
  stage.start_exporter({.insights = "  collectors: [customer_deployment]\n"});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown));
  EXPECT_EQ(shown.value("partner_center_customers"), 601);
  EXPECT_EQ(customers_in(shown, "partner_center_customer_info").size(), 601U);
  EXPECT_EQ(customers_in(shown, "licenses_sold").size(), 601U);
  EXPECT_EQ(stage.simulator().calls("customers").size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Links, EndToEndLink, testing::Values("versioned", "unversioned"));

}  // namespace
}  // namespace pce
