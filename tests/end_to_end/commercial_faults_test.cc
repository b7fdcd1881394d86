// What the other side can do to the bulk answers, what the metrics then say, and where the classic
// ones take over.
#include <algorithm>
#include <tuple>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

double sum_of(const Exposition& e, const std::string& name,
              const std::vector<std::string>& labels = {}) {
  double sum = 0;
  for (const auto& [series, value] : e.find(name, labels)) sum += value;
  return sum;
}
double good_calls(const Exposition& e, const std::vector<std::string>& labels = {}) {
  std::vector<std::string> all = labels;
  all.emplace_back("code=\"200\"");
  return sum_of(e, "partner_center_api_requests_total", all);
}

struct BulkFault {
  std::string name;
  std::string fault;   // JSON
  std::string reason;  // label of partner_center_api_request_failures_total
};
void PrintTo(const BulkFault& f, std::ostream* out) { *out << f.fault; }

class EndToEndCommercialFault : public testing::TestWithParam<BulkFault> {};

// One bulk answer goes wrong: all its rows stay, the other collectors stay fresh, the failure
// shows, and when the fault is gone all is well again.
TEST_P(EndToEndCommercialFault, TouchesNothingButWhatItHits) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "commercial"});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"operation": "commercial_deployment", "grouped": false}, "fault": )" +
      GetParam().fault + "}");
  const std::vector<std::string> labels{"operation=\"customer_deployment\"",
                                        "reason=\"" + GetParam().reason + "\""};
  const Exposition during = stage.scrape_until([&](const Exposition& e) {
    return e.value("partner_center_api_request_failures_total", labels) >= 1 && !is_up(e);
  });
  EXPECT_EQ(insights_of(during), insights_of(before));
  for (const std::string collector : kCollectors) {
    EXPECT_EQ(during.value("partner_center_collector_success", {of_collector(collector)}),
              collector == "customer_deployment" ? 0 : 1)
        << collector;
  }
  EXPECT_TRUE(all_read_from(during, "commercial"));
  stage.clear_faults();
  const Exposition after = stage.scrape_until(is_up);
  EXPECT_EQ(insights_of(after), insights_of(before));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, EndToEndCommercialFault,
    testing::Values(
        BulkFault{"404 on every path", R"({"status": 404, "code": "1000"})", "not_found"},
        BulkFault{"403 numeric code", R"({"status": 403, "code": 2032})", "forbidden"},
        BulkFault{"403 of one customer", R"({"status": 403, "code": "20002"})", "forbidden"},
        BulkFault{"400 E1 text code", R"({"status": 400, "code": "3000"})", "rejected"},
        BulkFault{"400 E2", R"({"status": 400, "shape": "E2"})", "rejected"},
        BulkFault{"400 E3", R"({"status": 400, "shape": "E3"})", "rejected"},
        BulkFault{"429 E2 with Retry After", R"({"status": 429, "shape": "E2", "retry_after": 1})",
                  "throttled"},
        BulkFault{"500 HTML", R"({"status": 500, "shape": "html"})", "upstream"},
        BulkFault{"500 E1 numeric code", R"({"status": 500, "code": 3000})", "upstream"},
        BulkFault{"502 E2", R"({"status": 502, "shape": "E2"})", "upstream"},
        BulkFault{"503 empty", R"({"status": 503, "shape": "empty"})", "upstream"},
        BulkFault{"504 E3", R"({"status": 504, "shape": "E3"})", "upstream"},
        BulkFault{"cut", R"({"close": true})", "cut"},
        BulkFault{"truncated", R"({"truncate": true})", "cut"},
        BulkFault{"half body", R"({"half_body": true})", "malformed"},
        BulkFault{"half body in gzip", R"({"half_body": true, "variant": {"gzip": true}})",
                  "malformed"},
        BulkFault{"no content", R"({"status": 204})", "malformed"},
        BulkFault{"not JSON", R"({"shape": "not_json"})", "malformed"},
        BulkFault{"HTML with 200", R"({"status": 200, "shape": "html"})", "malformed"},
        BulkFault{"empty with 200", R"({"status": 200, "shape": "empty"})", "malformed"},
        BulkFault{"array", R"({"shape": "array"})", "malformed"},
        BulkFault{"nested", R"({"shape": "nested"})", "malformed"},
        BulkFault{"no rows member", R"({"body": "{\"TotalCount\": 3}"})", "malformed"},
        BulkFault{"link that is no text",
                  R"({"body": "{\"Value\": [], \"@nextLink\": {}, \"TotalCount\": 3}"})",
                  "malformed"},
        BulkFault{"redirect", R"({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}})",
                  "rejected"},
        BulkFault{"endless", R"({"endless": true})", "too_large"}),
    [](const auto& param) { return as_test_name(param.param.name); });

class EndToEndSlowness : public testing::TestWithParam<BulkFault> {};

TEST_P(EndToEndSlowness, IsNoFailure) {
  Stage stage;
  stage.start_simulator({"--customers=0"});
  stage.add_fault(R"({"match": {"path_contains": "/analytics/"}, "fault": )" + GetParam().fault +
                  "}");
  stage.start_exporter({.source = "commercial"});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown));
  EXPECT_EQ(shown.find("licenses_sold", {kSeedCustomer}).size(), 3U);
  EXPECT_EQ(sum_of(shown, "partner_center_api_request_failures_total"), 0);
}

INSTANTIATE_TEST_SUITE_P(Answers, EndToEndSlowness,
                         testing::Values(BulkFault{"late", R"({"delay": "700ms"})", ""},
                                         BulkFault{"dripping", R"({"between_bytes": "1ms"})", ""}),
                         [](const auto& param) { return param.param.name; });

struct Disservice {
  std::string name;
  std::string path;     // of the simulator's interface
  std::string request;  // JSON
};
void PrintTo(const Disservice& d, std::ostream* out) { *out << d.request; }

std::string commercial_rule(const std::string& fault) {
  return R"({"match": {"path_contains": "commercial"}, "fault": )" + fault + "}";
}

class EndToEndFallback : public testing::TestWithParam<Disservice> {};

// The same numbers come from the classic endpoints, without a gap, and that is said once.
TEST_P(EndToEndFallback, ShowsTheSameNumbersFromTheClassicEndpoints) {
  Stage stage;
  stage.start_simulator({"--customers=8", "--computed-partner-usage"});
  stage.start_exporter({.interval = "300ms", .stale_after = "1h"});
  const Exposition before = stage.scrape_until(is_up);
  ASSERT_TRUE(all_read_from(before, "commercial"));
  stage.simulate(GetParam().path, GetParam().request);
  const auto same = [&](const Exposition& e) {
    EXPECT_EQ(insights_of(e), insights_of(before));
    return insights_of(e) == insights_of(before);
  };
  stage.scrape_until(
      [&](const Exposition& e) { return !same(e) || (is_up(e) && all_read_from(e, "classic")); });
  stage.scrape_until([&](const Exposition& e) {
    return !same(e) || good_calls(e, {"operation=\"customer_usage\""}) >= 5 * 9;
  });
  EXPECT_EQ(stage.times_said("The commercial endpoints do not serve"), 4U)
      << stage.exporter().output();

  stage.start_exporter({});
  const Exposition fresh = stage.first_round();
  EXPECT_TRUE(is_up(fresh));
  EXPECT_TRUE(all_read_from(fresh, "classic"));
  EXPECT_EQ(insights_of(fresh), insights_of(before));
  EXPECT_EQ(stage.times_said("The commercial endpoints do not serve"), 4U)
      << stage.exporter().output();
}

// What may pass is waited out for an interval; then the classic endpoints have their turn.
TEST(EndToEndFallbackLater, ReadsTheClassicEndpointsWhenRowsStayLost) {
  Stage stage;
  stage.start_simulator({"--customers=8", "--computed-partner-usage"});
  stage.start_exporter({.interval = "300ms", .stale_after = "1h"});
  const Exposition before = stage.scrape_until(is_up);
  ASSERT_TRUE(all_read_from(before, "commercial"));
  stage.add_fault(commercial_rule(R"({"variant": {"drop_rows": true}})"));
  const Exposition during = stage.scrape_until([](const Exposition& e) { return !is_up(e); });
  EXPECT_EQ(insights_of(during), insights_of(before));
  const Exposition after = stage.scrape_until(
      [](const Exposition& e) { return is_up(e) && all_read_from(e, "classic"); });
  EXPECT_EQ(insights_of(after), insights_of(before));
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, EndToEndFallback,
    testing::Values(
        Disservice{"404 on every path", "/_sim/settings", R"({"commercial_prefix": "none"})"},
        Disservice{"403", "/_sim/faults", commercial_rule(R"({"status": 403, "code": 2032})")},
        Disservice{"400", "/_sim/faults", commercial_rule(R"({"status": 400, "code": "3000"})")},
        Disservice{"silence", "/_sim/faults",
                   commercial_rule(R"({"variant": {"empty_items": true}})")},
        Disservice{"words for numbers", "/_sim/faults",
                   commercial_rule(R"({"variant": {"wrong_types": true}})")},
        Disservice{"HTML", "/_sim/faults", commercial_rule(R"({"status": 200, "shape": "html"})")},
        Disservice{"half body", "/_sim/faults", commercial_rule(R"({"half_body": true})")}),
    [](const auto& param) { return as_test_name(param.param.name); });

// Not at once: see EndToEndFallbackLater for when it stays.
TEST(EndToEndSources, TroubleThatMayPassChangesNoSource) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(commercial_rule(R"({"status": 503, "shape": "E2"})"));
  stage.start_exporter({});
  const Exposition during = stage.first_round();
  EXPECT_FALSE(is_up(during));
  EXPECT_TRUE(all_read_from(during, "commercial"));
  EXPECT_TRUE(insights_of(during).empty());
  EXPECT_EQ(stage.simulator_counted("customer_deployment"), 0);
}

TEST(EndToEndSources, EachReportIsJudgedByItself) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(
      R"({"match": {"operation": "commercial_deployment"}, "fault": {"status": 403, "code": 2032}})");
  stage.start_exporter({});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown));
  for (const std::string collector : kCollectors) {
    const bool usage = collector.ends_with("usage");
    EXPECT_EQ(
        shown
            .find("partner_center_collector_source_info",
                  {of_collector(collector), usage ? "source=\"commercial\"" : "source=\"classic\""})
            .size(),
        1U)
        << collector;
  }
}

TEST(EndToEndSources, TheCommercialOneIsReadAgainWhenItSpeaks) {
  Stage stage;
  stage.start_simulator({"--customers=8", "--computed-partner-usage"});
  stage.add_fault(commercial_rule(R"({"variant": {"empty_items": true}})"));
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .insights = "  reexamine: 1s\n"});
  const Exposition before = stage.scrape_until(
      [](const Exposition& e) { return is_up(e) && all_read_from(e, "classic"); });
  stage.clear_faults();
  const Exposition after = stage.scrape_until(
      [](const Exposition& e) { return is_up(e) && all_read_from(e, "commercial"); });
  EXPECT_EQ(insights_of(after), insights_of(before));
  EXPECT_TRUE(
      eventually([&] { return stage.times_said("The commercial endpoints answer again") >= 4; }));
  EXPECT_EQ(stage.times_said("The commercial endpoints answer again"), 4U);
}

class EndToEndExamination : public testing::TestWithParam<BulkFault> {};

// The commercial source is tried again and again in vain, as often as anything is read.
TEST_P(EndToEndExamination, KeepsNothingFromBeingRead) {
  Stage stage;
  stage.start_simulator();
  stage.add_fault(commercial_rule(R"({"status": 404, "code": "1000"})"));
  stage.start_exporter(
      {.interval = "300ms", .stale_after = "1h", .insights = "  reexamine: 100ms\n"});
  stage.scrape_until([](const Exposition& e) { return is_up(e) && all_read_from(e, "classic"); });
  stage.clear_faults();
  stage.add_fault(commercial_rule(GetParam().fault));
  const double examined = stage.simulator_counted("commercial_deployment");
  for (const char* const operation : {"partner_deployment", "partner_usage", "customer_usage"}) {
    const double calls = stage.simulator_counted(operation);
    EXPECT_TRUE(eventually([&] { return stage.simulator_counted(operation) >= calls + 4; }))
        << operation;
  }
  EXPECT_GT(stage.simulator_counted("commercial_deployment"), examined);
  EXPECT_TRUE(all_read_from(stage.scrape(), "classic"));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, EndToEndExamination,
    testing::Values(BulkFault{"404", R"({"status": 404, "code": "1000"})", "not_found"},
                    BulkFault{"silence", R"({"variant": {"empty_items": true}})", ""},
                    BulkFault{"503", R"({"status": 503, "shape": "E2"})", "upstream"}),
    [](const auto& param) { return param.param.name; });

TEST(EndToEndSources, SilenceOfBothIsHeld) {
  Stage stage;
  stage.start_simulator({"--customers=8", "--computed-partner-usage"});
  stage.start_exporter({.interval = "300ms", .stale_after = "1h"});
  const Exposition before = stage.scrape_until(is_up);
  stage.simulate("/_sim/estate", R"({"empty_data": true})");
  const Exposition during = stage.scrape_until([](const Exposition& e) {
    return !is_up(e) && all_read_from(e, "classic") &&
           sum_of(e, "partner_center_collector_suspect") == 4;
  });
  EXPECT_EQ(insights_of(during), insights_of(before));
  stage.simulate("/_sim/estate", R"({"empty_data": false})");
  const Exposition after = stage.scrape_until([](const Exposition& e) {
    return is_up(e) && sum_of(e, "partner_center_collector_suspect") == 0;
  });
  EXPECT_EQ(insights_of(after), insights_of(before));
}

TEST(EndToEndCustomers, ALostPageForgetsNobody) {
  Stage stage;
  const Stage::Choices choices{.interval = "300ms",
                               .stale_after = "1h",
                               .source = "commercial",
                               .insights = "  collectors: [customer_deployment]\n"};
  stage.start_simulator({"--customers=600", "--products=1"});
  stage.start_exporter(choices);
  const Exposition before = stage.scrape_until(is_up);
  ASSERT_EQ(before.value("partner_center_customers"), 601);
  stage.add_fault(
      R"({"match": {"operation": "customers", "continued": true}, "fault": {"status": 404, "code": "1000"}})");
  // A collector's failure shows at once, the round's when it has ended.
  const Exposition during = stage.scrape_until([](const Exposition& e) {
    return e.value("partner_center_collector_success", {of_collector("customers")}) == 0 &&
           !is_up(e);
  });
  EXPECT_EQ(insights_of(during), insights_of(before));
  EXPECT_EQ(during.value("partner_center_customers"), 601);
  EXPECT_EQ(during.find("partner_center_customer_info").size(), 601U);
  EXPECT_EQ(during.value("partner_center_collector_success", {of_collector("customer_deployment")}),
            1);

  stage.start_exporter(choices);
  const Exposition fresh = stage.first_round();
  EXPECT_EQ(fresh.value("partner_center_collector_success", {of_collector("customers")}), 0);
  EXPECT_EQ(fresh.find("partner_center_customer_info").size(), 500U);
  stage.clear_faults();
  // Those only rows told of were shown under the rows' names.
  stage.scrape_until([&](const Exposition& e) { return insights_of(e) == insights_of(before); });
}

}  // namespace
}  // namespace pce
