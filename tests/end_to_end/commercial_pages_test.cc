// The bulk answers' paths and pages: every spelling of both, pages that are lost or lead astray,
// and data that changes between two of them.
#include <algorithm>
#include <tuple>

#include "tests/end_to_end/runs.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

constexpr const char* kUsage = "customer_usage";
const std::string kUsageOnly = "  collectors: [customer_usage]\n";

using Path = std::tuple<const char*, const char*>;
class EndToEndPath : public testing::TestWithParam<Path> {};

TEST_P(EndToEndPath, IsFoundAndRemembered) {
  const auto& [prefix, slash] = GetParam();
  Stage stage;
  stage.start_simulator({"--customers=8"});
  stage.start_exporter({.source = "commercial"});
  const Exposition plain = stage.first_round();
  stage.simulate("/_sim/settings", std::string(R"({"commercial_prefix": ")") + prefix +
                                       R"(", "commercial_slash": ")" + slash + "\"}");
  stage.start_exporter({.interval = "300ms", .stale_after = "1h"});
  const auto calls = [](const Exposition& e, const std::string& code) {
    double sum = 0;
    for (const auto& [series, value] :
         e.find("partner_center_api_requests_total", {"code=\"" + code + "\""}))
      sum += value;
    return sum;
  };
  const Exposition first = stage.scrape_until(is_up);
  EXPECT_TRUE(all_read_from(first, "commercial"));
  EXPECT_EQ(insights_of(first), insights_of(plain));
  EXPECT_LE(calls(first, "404"), 4 * 3) << "four reports, three spellings that do not answer";
  const Exposition later = stage.scrape_until(
      [&](const Exposition& e) { return calls(e, "200") >= calls(first, "200") + 15; });
  EXPECT_EQ(calls(later, "404"), calls(first, "404"));
  EXPECT_TRUE(is_up(later));
}

INSTANTIATE_TEST_SUITE_P(Spellings, EndToEndPath,
                         testing::Combine(testing::Values("partner", "plain"),
                                          testing::Values("with", "without")),
                         [](const testing::TestParamInfo<Path>& param) {
                           return std::string(std::get<0>(param.param)) + "_" +
                                  std::get<1>(param.param) + "_slash";
                         });

// 11,255 usage rows, as a page holds 10,000: slow work for a build with all its checks, and minutes
// of it under a sanitizer, where the unit tests of the pages and the storm have to do.
class TwoPages : public testing::Test {
 protected:
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  void SetUp() override { GTEST_SKIP() << "too slow with a sanitizer"; }
#endif
  static constexpr std::size_t kCustomers = 251;
  static constexpr std::size_t kRows = 250 * 15 * 3 + 5;  // the documents' customer has five
  static constexpr std::chrono::seconds kPatience{100};

  void start_simulator(const std::string& next_link) {
    stage_.start_simulator({"--customers=250", "--products=15"});
    stage_.simulate("/_sim/settings", R"({"next_link": ")" + next_link + "\"}");
  }
  void start_exporter() {
    stage_.start_exporter(
        {.interval = "500ms", .stale_after = "1h", .source = "commercial", .insights = kUsageOnly});
    EXPECT_TRUE(eventually([&] { return stage_.get("/-/ready").status == 200; }, kPatience));
  }
  std::string body() const { return stage_.get("/metrics").body; }
  // What the exporter says of itself.
  Exposition state() const {
    std::string own;
    for (const std::string& line : lines_of(body())) {
      if (!line.starts_with("licenses_") && !line.starts_with("usage_percent"))
        own.append(line).append("\n");
    }
    return parse_exposition(own);
  }
  void wait_until_up(bool up) const {
    const std::string line = up ? "\npartner_center_up{partner=\"contoso\"} 1\n"
                                : "\npartner_center_up{partner=\"contoso\"} 0\n";
    EXPECT_TRUE(eventually([&] { return body().find(line) != std::string::npos; }, kPatience));
  }
  std::vector<std::string> insights() const {
    std::vector<std::string> samples;
    for (std::string& line : lines_of(body())) {
      if (line.starts_with("licenses_")) samples.push_back(std::move(line));
    }
    return samples;
  }

  Stage stage_;
};

class EndToEndNextLink : public TwoPages, public testing::WithParamInterface<const char*> {};

TEST_P(EndToEndNextLink, LeadsThroughAllPages) {
  start_simulator(GetParam());
  start_exporter();
  const Exposition shown = state();
  EXPECT_TRUE(is_up(shown)) << stage_.exporter().output();
  EXPECT_EQ(shown.value("partner_center_collector_rows", {of_collector(kUsage)}), kRows);
  EXPECT_EQ(shown.value("partner_center_collector_rows_difference", {of_collector(kUsage)}), 0);
  EXPECT_EQ(shown.value("partner_center_collector_rows_merged_total", {of_collector(kUsage)}), 0);
  EXPECT_EQ(insights().size(), 2 * kRows);
}

INSTANTIATE_TEST_SUITE_P(Forms, EndToEndNextLink,
                         testing::Values("last_segment", "root_relative", "absolute", "null"),
                         [](const auto& param) { return std::string(param.param); });

class EndToEndLinkTrap : public TwoPages, public testing::WithParamInterface<const char*> {};

// Not followed, and what was read up to there is not shown.
TEST_P(EndToEndLinkTrap, ShowsNoPart) {
  start_simulator(GetParam());
  start_exporter();
  EXPECT_FALSE(is_up(state()));
  EXPECT_TRUE(insights().empty());
  EXPECT_NE(stage_.exporter().line_with("malformed=1"), "");
  EXPECT_EQ(stage_.times_said("elsewhere.example"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Traps, EndToEndLinkTrap, testing::Values("repeat", "other_host"),
                         [](const auto& param) { return std::string(param.param); });

using EndToEndPages = TwoPages;

TEST_F(EndToEndPages, ALostOneLeavesAllRowsAsTheyWere) {
  start_simulator("last_segment");
  start_exporter();
  const auto before = insights();
  ASSERT_EQ(before.size(), 2 * kRows);
  stage_.add_fault(
      R"({"match": {"operation": "commercial_usage", "page": 2}, "fault": {"variant": {"drop_rows": true}}})");
  wait_until_up(false);
  EXPECT_EQ(state().value("partner_center_collector_rows_difference", {of_collector(kUsage)}),
            kRows - 10'000);
  EXPECT_TRUE(insights() == before);
  stage_.clear_faults();
  wait_until_up(true);
  EXPECT_TRUE(insights() == before);
}

TEST_F(EndToEndPages, AProcessingRunBetweenThemMixesNothing) {
  start_simulator("last_segment");
  stage_.simulate("/_sim/estate", R"({"generation_in_rows": true})");
  start_exporter();

  // Under all three attempts of one reading, and the first one of another.
  stage_.add_fault(
      R"({"match": {"operation": "commercial_usage", "page": 2}, "times": 4, "fault": {"reprocess": true}})");
  const double runs_to_come = 4;
  bool refused = false;
  EXPECT_TRUE(eventually(
      [&] {
        const Runs runs = runs_in(body());
        EXPECT_EQ(runs.run_of.size(), kCustomers);
        EXPECT_THAT(runs.mixed, testing::IsEmpty());
        refused = refused || stage_.times_said("the data changed while it was read") > 0;
        return std::ranges::all_of(runs.run_of,
                                   [&](const auto& run) { return run.second == runs_to_come; });
      },
      kPatience));
  EXPECT_TRUE(refused);
  wait_until_up(true);
}

class EndToEndCustomersLink : public testing::TestWithParam<const char*> {};

TEST_P(EndToEndCustomersLink, LeadsThroughAllPagesOrNowhere) {
  const bool trap = GetParam() == std::string("repeat") || GetParam() == std::string("other_host");
  Stage stage;
  stage.start_simulator({"--customers=600", "--products=1"});
  stage.simulate("/_sim/settings", std::string(R"({"customers_link": ")") + GetParam() + "\"}");
  stage.start_exporter({.source = "commercial", .insights = kUsageOnly});
  const Exposition shown = stage.first_round();
  EXPECT_EQ(is_up(shown), !trap);
  EXPECT_EQ(shown.value("partner_center_collector_success", {of_collector("customers")}),
            trap ? 0 : 1);
  EXPECT_EQ(shown.find("partner_center_customer_info").size(), trap ? 500U : 601U);
}

INSTANTIATE_TEST_SUITE_P(Forms, EndToEndCustomersLink,
                         testing::Values("versioned", "unversioned", "absolute", "repeat",
                                         "other_host"),
                         [](const auto& param) { return std::string(param.param); });

struct Lure {
  const char* name;
  const char* path;   // of the question that is answered with it
  std::string fault;  // JSON; PORT is the stranger's
};
void PrintTo(const Lure& l, std::ostream* out) { *out << l.fault; }

class EndToEndStranger : public testing::TestWithParam<Lure> {};

// Somebody else listens, and hears nothing: no token, not even a call.
TEST_P(EndToEndStranger, IsNeverCalled) {
  Stage stranger;
  stranger.start_simulator();
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "commercial"});
  const Exposition before = stage.scrape_until(is_up);
  std::string fault = GetParam().fault;
  fault.replace(fault.find("PORT"), 4, std::to_string(stranger.simulator_port()));
  std::string rule = R"({"match": {"path_contains": ")";
  rule.append(GetParam().path).append(R"("}, "fault": )").append(fault).append("}");
  stage.add_fault(rule);
  const Exposition during = stage.scrape_until([](const Exposition& e) { return !is_up(e); });
  EXPECT_EQ(insights_of(during), insights_of(before));
  stage.clear_faults();
  stage.scrape_until(is_up);
  EXPECT_EQ(stranger.simulator_counted("total"), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Lures, EndToEndStranger,
    testing::Values(
        Lure{
            "next_page", "commercial/usage",
            R"({"body": "{\"Value\":[],\"@nextLink\":\"http://127.0.0.1:PORT/partner/v1/analytics/commercial/usage/license?top=10000&skip=10000\",\"TotalCount\":20000}"})"},
        Lure{
            "next_customers", "/v1/customers",
            R"({"body": "{\"totalCount\":1,\"items\":[],\"links\":{\"next\":{\"uri\":\"http://127.0.0.1:PORT/v1/customers?size=500\",\"method\":\"GET\",\"headers\":[]}}}"})"},
        Lure{"redirect", "/analytics/",
             R"({"status": 302, "headers": {"Location": "http://127.0.0.1:PORT/v1/customers"}})"},
        Lure{"permanent_redirect", "/v1/customers",
             R"({"status": 308, "headers": {"Location": "http://127.0.0.1:PORT/v1/customers"}})"}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace pce
