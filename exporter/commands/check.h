#pragma once
// `partner_center_exporter check`: whether the configuration is right, and where it is not.
#include <string>

#include "exporter/settings/command_line.h"
#include "exporter/settings/settings.h"
#include "exporter/web/web_config.h"

namespace pce {

// The file of --web.config.file, where there is one.
struct WebCheck {
  std::string file{};  // as the user named it; empty: none
  WebConfigReading reading{};
};

// Returns the exit status: 0 fine, 2 wrong or unreadable. Nothing is contacted.
int check(const CommandLine& command_line);

// What is printed; `file` as the user named it.
std::string check_text(const std::string& file, const SettingsReading& reading);
std::string check_web_text(const WebCheck& web);
// {"file","ok","errors":[{"line","column","path","message","suggestion"}…],
//  "warnings":[{"path","message"}…]}; without line and column where the file cannot be read,
//  without
// path and suggestion where there is none. "web_config" has the same of that file, if there is one.
std::string check_json(const std::string& file, const SettingsReading& reading,
                       const WebCheck& web = {});

}  // namespace pce
