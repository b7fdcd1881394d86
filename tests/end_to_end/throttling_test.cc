// When the other side asks to be left alone.
#include <tuple>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

double good_calls(const Exposition& e) {
  double sum = 0;
  for (const auto& [series, value] : e.find("partner_center_api_requests_total", {"code=\"200\""}))
    sum += value;
  return sum;
}

struct Refusal {
  std::string name;
  std::string fault;  // JSON
};
void PrintTo(const Refusal& r, std::ostream* out) { *out << r.fault; }

using RefusedSource = std::tuple<Refusal, const char*>;
class EndToEndRetryAfter : public testing::TestWithParam<RefusedSource> {};

TEST_P(EndToEndRetryAfter, HoldsForEveryCall) {
  const auto& [refusal, source] = GetParam();
  Stage stage;
  stage.start_simulator({"--customers=12"});
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = source});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(R"({"match": {"path_contains": "/analytics/"}, "times": 1, "fault": )" +
                  refusal.fault + "}");
  const Exposition during = stage.scrape_until(
      [](const Exposition& e) { return e.value("partner_center_api_paused_seconds") > 0; });
  EXPECT_LE(during.value("partner_center_api_paused_seconds"), 5);
  EXPECT_LT(during.value("partner_center_api_pace_ratio"),
            refusal.name.starts_with("429") ? 1 : 1.1);
  const double calls = good_calls(during);
  const Exposition after = stage.scrape_until(
      [&](const Exposition& e) { return is_up(e) && good_calls(e) >= calls + 20; });
  EXPECT_EQ(insights_of(after), insights_of(before));
  // Three calls may have been on their way when the refusal came, however late they arrived.
  EXPECT_LE(stage.simulator_counted("inside_retry_after"), 3);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, EndToEndRetryAfter,
    testing::Combine(
        testing::Values(
            Refusal{"429 E1 numeric code", R"({"status": 429, "code": 4290, "retry_after": 4})"},
            Refusal{"429 E2", R"({"status": 429, "shape": "E2", "retry_after": 4})"},
            Refusal{"429 E3", R"({"status": 429, "shape": "E3", "retry_after": 4})"},
            Refusal{"429 as date",
                    R"({"status": 429, "retry_after": 5, "retry_after_as_date": true})"},
            Refusal{"503 HTML", R"({"status": 503, "shape": "html", "retry_after": 4})"}),
        testing::Values("classic", "commercial")),
    [](const testing::TestParamInfo<RefusedSource>& param) {
      return as_test_name(std::get<0>(param.param).name + " " + std::get<1>(param.param));
    });

TEST(EndToEndThrottling, WithoutRetryAfterStopsTheBulkReadsForAMinute) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({.interval = "300ms", .stale_after = "1h", .source = "commercial"});
  const Exposition before = stage.scrape_until(is_up);
  stage.add_fault(
      R"({"match": {"path_contains": "/analytics/"}, "fault": {"status": 429, "shape": "E3"}})");
  const Exposition during = stage.scrape_until(
      [](const Exposition& e) { return e.value("partner_center_api_paused_seconds") > 0; });
  EXPECT_GT(during.value("partner_center_api_paused_seconds"), 30);
  EXPECT_LE(during.value("partner_center_api_paused_seconds"), 60);
  EXPECT_EQ(insights_of(during), insights_of(before));
  EXPECT_LE(stage.simulator_counted("429"), 4) << "at most those on their way";
}

class EndToEndThrottle : public testing::TestWithParam<int> {};

// An allowance far below what we were told we may use.
TEST_P(EndToEndThrottle, IsObeyedAndTheRoundEnds) {
  const int concurrency = GetParam();
  Stage stage;
  stage.start_simulator(
      {"--customers=25", "--requests-per-minute=10", "--speed=60", "--latency=5ms"});
  std::string limits = "limits: {requests_per_minute: 60000, concurrency: ";
  limits.append(std::to_string(concurrency)).append("}\n");
  stage.start_exporter(
      {.interval = "2s", .stale_after = "1h", .source = "classic", .more = limits});
  const Exposition shown = stage.scrape_until(is_up);
  EXPECT_EQ(shown.find("partner_center_customer_info").size(), 26U);
  const double refused = stage.simulator_counted("429");
  EXPECT_GE(refused, 1);
  EXPECT_LE(stage.simulator_counted("max_parallel"), concurrency);
  // Calls that were on their way when a refusal came may arrive late; with one place there are
  // none.
  EXPECT_LE(stage.simulator_counted("inside_retry_after"), (concurrency - 1) * refused);
}

INSTANTIATE_TEST_SUITE_P(Places, EndToEndThrottle, testing::Values(1, 3));

}  // namespace
}  // namespace pce
