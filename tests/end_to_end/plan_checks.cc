#include "tests/end_to_end/plan_checks.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "tests/support/files.h"

namespace pce {
namespace {

constexpr int kAttempts = 4;
constexpr double kTolerance = 0.1;

// Of all lines about rounds: where the source changes a round has two.
double seconds_of_rounds(const std::string& log) {
  constexpr std::string_view kField = " duration_seconds=";
  double seconds = 0;
  for (const std::string& line : lines_of(log)) {
    const auto at = line.find(kField);
    if (at != std::string::npos && line.find("Round finished") != std::string::npos)
      seconds += std::atof(line.c_str() + at + kField.size());
  }
  return seconds;
}

double api_calls(const nlohmann::json& counters) {
  double calls = 0;
  for (const auto& [operation, count] : counters.at("by_operation").items()) {
    if (!operation.starts_with("token")) calls += count.get<double>();
  }
  return calls;
}

bool near(double announced, double real) { return std::abs(announced - real) <= kTolerance * real; }

std::string text_of(const RoundFigures& figures) {
  std::ostringstream text;
  text << figures.calls << " calls, " << figures.seconds << " s, " << figures.rows << " rows, "
       << figures.series << " series";
  return text.str();
}

}  // namespace

Planned plan_json_of(const std::filesystem::path& config, const std::vector<std::string>& more) {
  std::vector<std::string> argv{binary_dir() / "partner_center_exporter", "plan",
                                "--config.file=" + config.string(), "--output=json"};
  argv.insert(argv.end(), more.begin(), more.end());
  const Finished ended = run_program(argv, std::chrono::minutes(2));
  // Behind what the log says on standard error.
  const std::string json =
      ended.output.substr(std::min(ended.output.find("{\n"), ended.output.size()));
  return {.status = ended.status,
          .output = ended.output,
          .report = nlohmann::json::parse(json, nullptr, false)};
}

RoundFigures announced(const nlohmann::json& report) {
  const nlohmann::json& account = report.at("accounts").at(0);
  return {.calls = account.at("first_round").at("calls").get<double>(),
          .seconds = account.at("first_round").at("seconds").get<double>(),
          .rows = account.at("rows").get<double>(),
          .series = report.at("series").get<double>()};
}

RoundFigures first_round_of(Stage& stage, const std::filesystem::path& config) {
  stage.simulator().forget_calls();
  stage.start_exporter_with(
      {"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0"});
  EXPECT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  EXPECT_TRUE(
      eventually([&] { return stage.get("/-/ready").status == 200; }, std::chrono::minutes(2)))
      << stage.exporter().output();
  RoundFigures real{.calls = api_calls(stage.simulator().counters())};
  const Exposition shown = stage.scrape();
  EXPECT_TRUE(is_up(shown));
  real.series = shown.value("partner_center_exporter_series");
  for (const auto& [series, rows] : shown.find("partner_center_collector_rows")) real.rows += rows;
  stage.exporter().signal(SIGTERM);
  EXPECT_EQ(stage.exporter().wait(), 0);
  stage.exporter().wait_for_last_word();
  real.seconds = seconds_of_rounds(stage.exporter().output());
  return real;
}

Planned expect_plan_comes_true(Stage& stage, const Stage::Choices& choices,
                               const std::vector<std::string>& more) {
  for (int attempt = 1;; ++attempt) {
    const auto config = stage.write_config(choices);
    Planned planned = plan_json_of(config, more);
    EXPECT_TRUE(planned.report.is_object()) << planned.output;
    if (!planned.report.is_object()) return planned;
    const RoundFigures plan = announced(planned.report);
    const RoundFigures real = first_round_of(stage, config);
    if (!near(plan.seconds, real.seconds) && attempt < kAttempts) continue;
    const std::string both = "announced: " + text_of(plan) + "; really: " + text_of(real);
    EXPECT_NEAR(plan.seconds, real.seconds, kTolerance * real.seconds) << both;
    EXPECT_NEAR(plan.calls, real.calls, kTolerance * real.calls) << both;
    EXPECT_NEAR(plan.rows, real.rows, kTolerance * real.rows) << both;
    EXPECT_NEAR(plan.series, real.series, kTolerance * real.series) << both;
    testing::Test::RecordProperty("figures", both);
    if (std::getenv("PCE_SHOW") != nullptr) std::cout << both << " (attempt " << attempt << ")\n";
    return planned;
  }
}

}  // namespace pce
