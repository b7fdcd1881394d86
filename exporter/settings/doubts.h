#pragma once
// What a configuration may say and hardly anybody means.
#include <string>
#include <vector>

#include "exporter/settings/settings.h"

namespace pce {

struct SettingDoubt {
  std::string path;     // "insights.interval"
  std::string message;  // what will happen, and what to write instead
};

// In the order of the file's sections. Looks whether files that may come later are there. Source of
// the figures: partner-center-api.md 7.4 (insights are processed once a day at best) and 8.5 (500
// calls a minute where a limit is documented).
std::vector<SettingDoubt> doubts_about(const Settings& settings);

}  // namespace pce
