#pragma once
// From what was found to calls, time, series and a verdict. Pure.
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "exporter/commands/estimate.h"
#include "exporter/commands/plan_facts.h"
#include "exporter/polling/round_forecast.h"
#include "exporter/settings/settings.h"

namespace pce {

// What holds a round up.
enum class Pace { kRate, kAnswers };

struct AccountReckoning {
  RoundForecast first;  // round: what turns out not to serve is asked, too; without the sign-in
  RoundForecast round;  // every later one
  double calls_a_day = 0;
  Pace pace = Pace::kRate;
  bool fits = true;                   // the interval
  Estimate rows{}, series{};          // the list's included
  std::vector<std::string> advice{};  // what to change, each on its own; empty where it fits
};

// `facts` without failure.
AccountReckoning reckon(const AccountFacts& facts, const Settings& settings);

struct SeriesReckoning {
  Estimate series{};  // of all accounts
  bool fit = true;    // limits.series
  std::string advice{};
};
SeriesReckoning reckon_series(const std::vector<AccountReckoning>& accounts,
                              const Settings& settings);

}  // namespace pce
