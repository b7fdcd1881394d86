#pragma once
// What `doctor` found, as text for people and as JSON.
#include <string>
#include <vector>

#include "exporter/commands/terminal.h"

namespace pce {

enum class StepVerdict {
  kOk,
  kWarning,  // it works, but will not for ever, or not as one might think
  kFailed,
  kSkipped  // could not be tried, because of an earlier one that failed
};

struct Finding {
  StepVerdict verdict = StepVerdict::kOk;
  std::string detail{};              // what was found, on one line
  std::string fix{};                 // one sentence; where the verdict is kWarning or kFailed
  std::vector<std::string> lines{};  // of the preview
};

struct StepReport {
  std::string step;  // in words; JSON has underscores for its spaces
  Finding finding{};
  double seconds = 0;
};

struct AccountReport {
  std::string name;
  std::vector<StepReport> steps{};
};

// Whether no step failed.
bool all_is_well(const AccountReport& account);

// One step as a person reads it, with a line feed at its end.
std::string step_text(const StepReport& step, const Terminal& terminal);
// The last line about an account.
std::string verdict_text(const AccountReport& account, const Terminal& terminal);

// {"accounts":[{"name","steps":[{"step","verdict","seconds","detail","fix","lines"?}]}],"ok"}
std::string doctor_json(const std::vector<AccountReport>& accounts);

}  // namespace pce
