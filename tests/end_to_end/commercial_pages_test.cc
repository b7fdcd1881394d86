// Bulk answers of two pages: every form of the link between them, pages that are lost or lead astray,
// and data that changes between the two.
#include <algorithm>

#include "tests/end_to_end/runs.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

constexpr const char* kUsage = "customer_usage";
const std::string kUsageOnly = "  collectors: [customer_usage]\n";

// 11,255 usage rows, as a page holds 10,000.
class TwoPages : public testing::Test {
 protected:
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

}  // namespace
}  // namespace pce
