#pragma once
// The configuration in use, with every default, as the file that would say the same.
#include <string>

#include "exporter/settings/settings.h"

namespace pce {

// YAML that parse_settings() reads back equal. Secrets are never part of it, their files' paths
// are. With a metrics.customer_label other than name, customers are not named here either: what is
// no id in a list of them is left out, and a comment says how many entries that were.
std::string settings_yaml(const Settings& settings);

}  // namespace pce
