// What there is too much of: series, calls in an interval. And what does not add up.
#include <cmath>
#include <map>
#include <signal.h>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

using nlohmann::json;

constexpr const char* kFamilies[] = {"licenses_sold",         "licenses_deployed",
                                     "deployment_percent",    "licenses_active",
                                     "licenses_qualified",    "usage_percent",
                                     "partner_licenses_sold", "partner_deployment_percent",
                                     "partner_usage_percent", "partner_center_customer_info"};

std::map<std::string, double> insight_series(const Exposition& exposition) {
  std::map<std::string, double> all;
  for (const char* family : kFamilies) all.merge(exposition.find(family));
  return all;
}

// customer_id, or nothing for what is about the partner → its series
std::map<std::string, std::map<std::string, double>> by_customer(const Exposition& exposition) {
  constexpr std::string_view kLabel = "customer_id=\"";
  std::map<std::string, std::map<std::string, double>> customers;
  for (const auto& [series, value] : insight_series(exposition)) {
    const auto at = series.find(kLabel);
    customers[at == std::string::npos ? "" : series.substr(at + kLabel.size(), 36)][series] = value;
  }
  return customers;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string limit(int series) {
  return "limits:\n  requests_per_minute: 60000\n  series: " + std::to_string(series) + "\n";
}

TEST(EndToEndSeriesLimit, LeavesOutWholeCustomersAndTheSameOnesAlways) {
  Stage stage;
  stage.start_simulator({"--customers=20"});
  stage.start_exporter({.more = limit(100'000)});
  const Exposition everything = stage.first_round();
  const auto all = by_customer(everything);
  const std::size_t series = insight_series(everything).size();
  ASSERT_EQ(all.size(), 22U);  // and what is about the partner
  ASSERT_EQ(everything.value("partner_center_exporter_series"), series);
  EXPECT_EQ(everything.value("partner_center_exporter_series_left_out"), 0);
  EXPECT_EQ(everything.value("partner_center_exporter_customers_left_out"), 0);

  const int cap = static_cast<int>(series / 2);
  const auto expect_capped = [&](const Exposition& e) {
    const auto shown = by_customer(e);
    EXPECT_LE(insight_series(e).size(), static_cast<std::size_t>(cap));
    EXPECT_GT(shown.size(), 2U);
    EXPECT_LT(shown.size(), all.size());
    for (const auto& [customer, samples] : shown) EXPECT_EQ(samples, all.at(customer)) << customer;
    EXPECT_TRUE(shown.contains(""));
    EXPECT_EQ(e.value("partner_center_exporter_series"), insight_series(e).size());
    EXPECT_EQ(e.value("partner_center_exporter_series_left_out"),
              series - insight_series(e).size());
    EXPECT_EQ(e.value("partner_center_exporter_customers_left_out"), all.size() - shown.size());
    EXPECT_EQ(e.value("partner_center_exporter_series_limit"), cap);
    EXPECT_TRUE(is_up(e));
  };
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .more = limit(cap)});
  const Exposition first = stage.scrape_until(is_up);
  expect_capped(first);
  const auto calls = [&] { return stage.simulator().calls("commercial_usage").size(); };
  const std::size_t before = calls();
  stage.scrape_until([&](const Exposition& e) {
    EXPECT_EQ(insight_series(e), insight_series(first));
    return calls() >= before + 3;
  });
  stage.exporter().signal(SIGTERM);
  ASSERT_EQ(stage.exporter().wait(), 0);
  stage.exporter().wait_for_last_word();
  EXPECT_EQ(count_of(stage.exporter().output(), "limits.series leaves customers out"), 1U)
      << stage.exporter().output();
  // It is said when the first of a round's answers brings too many; later ones may add to them.
  const std::string& said = stage.exporter().output();
  const std::string number = "customers_left_out=";
  ASSERT_THAT(said, testing::HasSubstr(number));
  const int left_out = std::atoi(said.c_str() + said.find(number) + number.size());
  EXPECT_GT(left_out, 0);
  EXPECT_LE(left_out, static_cast<int>(all.size() - by_customer(first).size()));

  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .more = limit(cap)});
  const Exposition again = stage.scrape_until(is_up);
  expect_capped(again);
  EXPECT_EQ(insight_series(again), insight_series(first));
}

// Customer by customer, more and more of those already shown turn out to be too many.
TEST(EndToEndSeriesLimit, IsSaidOnceARoundHoweverLongThatTakes) {
  Stage stage;
  stage.start_simulator({"--customers=40", "--latency=40ms"});
  stage.start_exporter({.source = "classic",
                        .insights = "  collectors: [customer_deployment, customer_usage]\n",
                        .more = limit(350) + "  concurrency: 1\n"});
  const Exposition shown = stage.first_round();
  EXPECT_GT(shown.value("partner_center_exporter_customers_left_out"), 10);
  stage.exporter().signal(SIGTERM);
  ASSERT_EQ(stage.exporter().wait(), 0);
  stage.exporter().wait_for_last_word();
  EXPECT_EQ(count_of(stage.exporter().output(), "limits.series leaves customers out"), 1U)
      << stage.exporter().output();
}

// The round itself would take minutes: it is said before it has begun.
TEST(EndToEndRound, OfTooManyCallsIsAnnouncedAtStart) {
  Stage stage;
  stage.start_simulator({"--customers=99"});
  stage.start_exporter(
      {.interval = "1m", .source = "classic", .more = "limits:\n  requests_per_minute: 100\n"});
  // One page of customers, two insights each of 100 customers, two of the partner.
  const std::string line = stage.exporter().line_with("A round does not fit its interval");
  EXPECT_THAT(line, testing::HasSubstr("partner=contoso"));
  EXPECT_THAT(line, testing::HasSubstr("calls=203"));
  EXPECT_THAT(line, testing::HasSubstr("requests_per_minute=100"));
  EXPECT_THAT(line, testing::HasSubstr("minutes_needed=2.03"));
  EXPECT_THAT(line, testing::HasSubstr("interval_minutes=1"));
  EXPECT_EQ(stage.get("/-/ready").status, 503);
}

// A page of customers, the list of resellers, the customers of three, and four bulk reports.
TEST(EndToEndRound, CountsWhatResellersTake) {
  Stage stage;
  stage.start_simulator({"--customers=99"});
  stage.start_exporter({.interval = "1m",
                        .more = "customers: {resellers: true}\n"
                                "limits: {requests_per_minute: 8, concurrency: 8}\n"});
  const std::string line = stage.exporter().line_with("A round does not fit its interval");
  EXPECT_THAT(line, testing::HasSubstr("calls=9 "));
  EXPECT_THAT(line, testing::HasSubstr("minutes_needed=1.125"));
}

TEST(EndToEndRound, ThatFitsIsNotAnnounced) {
  Stage stage;
  stage.start_simulator({"--customers=99"});
  stage.start_exporter({.interval = "1m", .source = "classic"});
  stage.first_round();
  EXPECT_EQ(count_of(stage.exporter().output(), "does not fit"), 0U);
}

TEST(EndToEndReconciliation, FindsNoDifferenceInAHealthyEstate) {
  Stage stage;
  stage.start_simulator({"--customers=20"});
  stage.start_exporter({});
  const auto differences = stage.first_round().find("partner_center_licenses_sold_difference");
  EXPECT_GE(differences.size(), 2U);
  for (const auto& [series, difference] : differences) EXPECT_EQ(difference, 0) << series;
}

TEST(EndToEndReconciliation, ShowsWhatTheBulkAnswerLacks) {
  Stage stage;
  stage.start_simulator({"--customers=20"});
  stage.simulator().add_fault(
      {{"match", {{"operation", "commercial_deployment"}, {"grouped", false}}},
       {"fault", {{"variant", {{"without_customer", kSeedId}}}}}});
  stage.start_exporter({});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(shown.find("licenses_sold", {kSeedCustomer}).empty());
  // Its documented rows: 1, 5 and 2 seats, all of them o365 and sold by a reseller.
  for (const auto& [series, difference] : shown.find("partner_center_licenses_sold_difference")) {
    const bool lacking = series.find("channel=\"reseller\"") != std::string::npos &&
                         series.find("service_code=\"o365\"") != std::string::npos;
    EXPECT_EQ(difference, lacking ? 8 : 0) << series;
  }
  EXPECT_EQ(shown.value("partner_center_licenses_sold_difference",
                        {"channel=\"reseller\"", "service_code=\"o365\""}),
            8);
  EXPECT_EQ(shown.value("partner_center_collector_customers_missing",
                        {"collector=\"customer_deployment\""}),
            1);
}

TEST(EndToEndProcessedDate, IsAskedForInEachBulkRead) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.source = "commercial", .insights = "  processed_date: 2017-03-08\n"});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown));
  EXPECT_FALSE(shown.find("licenses_sold").empty());
  int reads = 0;
  for (const json& call : stage.simulator().calls()) {
    if (call.at("path").get<std::string>().find("/commercial/") == std::string::npos) continue;
    ++reads;
    EXPECT_THAT(call.at("query").get<std::string>(),
                testing::HasSubstr("processedDateTime=2017-03-08"));
  }
  EXPECT_EQ(reads, 4);
}

}  // namespace
}  // namespace pce
