#pragma once
// The section `targets` of the configuration.
#include "exporter/settings/customer_targets.h"
#include "exporter/settings/section.h"

namespace pce {

void read_targets(const SettingField& field, TargetSettings& targets,
                  SettingComplaints& complaints);

}  // namespace pce
