#pragma once
// The plan as a note for people and as JSON for scripts.
#include <optional>
#include <string>
#include <vector>

#include "exporter/commands/plan_facts.h"
#include "exporter/commands/plan_reckoning.h"
#include "exporter/commands/terminal.h"
#include "exporter/settings/settings.h"

namespace pce {

struct PlannedAccount {
  AccountFacts facts;
  std::optional<AccountReckoning> reckoning{};  // nullopt: facts.failure says why
};

struct PlanReport {
  std::vector<PlannedAccount> accounts{};
  SeriesReckoning series{};  // of the accounts that could be reckoned
  bool found_out() const;    // every account could be reckoned
  bool fits() const;         // everything was found out, and fits
};

// `terminal`: for its colours.
std::string plan_text(const PlanReport& plan, const Settings& settings, const Terminal& terminal);
// {"fits","series","series_margin","series_limit","series_fit","advice":[…],"accounts":[{"account",
//  "fits","error","customers":{…},"collectors":[{…}],"first_round":{"calls","seconds"},
//  "round":{"calls","seconds"},"interval_seconds","calls_a_day",…}…]}; times in seconds. The series
//  are null where not everything was found out.
std::string plan_json(const PlanReport& plan, const Settings& settings);

}  // namespace pce
