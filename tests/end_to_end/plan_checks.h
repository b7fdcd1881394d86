#pragma once
// `plan` on a stage, and what the exporter really did there afterwards.
#include <string>
#include <vector>

#include "tests/end_to_end/stage.h"

namespace pce {

struct Planned {
  int status = -1;
  std::string output;
  nlohmann::json report;  // null where the output is no JSON
};
Planned plan_json_of(const std::filesystem::path& config,
                     const std::vector<std::string>& more = {});

// One account's first round as announced, or as it was.
struct RoundFigures {
  double calls = 0;  // of Partner Center's API: without sign-ins
  double seconds = 0;
  double rows = 0;
  double series = 0;
};
RoundFigures announced(const nlohmann::json& report);
// Runs the exporter with this configuration to the end of its first round, on a fresh log of the
// simulator.
RoundFigures first_round_of(Stage& stage, const std::filesystem::path& config);

// Plans, runs, and compares everything within a tenth. What else the machine does costs time only,
// so time alone may be tried four times. The last plan.
Planned expect_plan_comes_true(Stage& stage, const Stage::Choices& choices,
                               const std::vector<std::string>& more = {});

}  // namespace pce
