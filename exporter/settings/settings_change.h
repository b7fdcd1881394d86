#pragma once
// A configuration as lines, and what one says otherwise than another. Nothing secret is in them:
// of secrets a configuration knows the files only.
#include <string>
#include <vector>

#include "exporter/settings/settings.h"

namespace pce {

// One key, or one entry of a list, which has as many lines of the same key.
struct SettingLine {
  enum class Kind {
    kValue,
    kEntry,     // of a list
    kCustomer,  // likewise, and a customer's name may be in it
    kFile       // a file that is read again by itself when it changes
  };
  std::string key;  // "insights.interval", "accounts[contoso].tenant_id"
  std::string value;
  Kind kind = Kind::kValue;
};

// In the order of the file's sections, defaults included; what is not set has no line.
std::vector<SettingLine> setting_lines(const Settings& settings);

// One line a key: "insights.interval: from 6h to 1h", "accounts[contoso]: added". Customers are
// counted instead of named unless both show their names on /metrics. Empty: nothing that matters
// changed.
std::vector<std::string> changes_between(const Settings& before, const Settings& after);

}  // namespace pce
