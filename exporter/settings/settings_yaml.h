#pragma once
// The configuration in use, with every default, as the file that would say the same.
#include <string>

#include "exporter/settings/settings.h"

namespace pce {

// YAML that parse_settings() reads back equal. Secrets are never part of it, their files' paths
// are. Of the customers in its lists it shows no more than metrics.customer_label lets labels show:
// ids only with `id`, none with `hash`. A comment says how many entries are left out.
std::string settings_yaml(const Settings& settings);

}  // namespace pce
