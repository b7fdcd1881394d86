#pragma once
// The section `insights` of the configuration.
#include "exporter/settings/section.h"
#include "exporter/settings/settings.h"

namespace pce {

// Fills source, collectors, interval, stale_after, guard, reexamine and processed_date.
void read_insights(const SettingField& insights, Settings& settings, SettingComplaints& complaints);

}  // namespace pce
