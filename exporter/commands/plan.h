#pragma once
// `partner_center_exporter plan`: calls, time and series of a round before anything runs.
#include "exporter/settings/command_line.h"

namespace pce {

// Asks Partner Center a few questions through the account's own governor. Exit status: 0 it fits, 1
// it does not or could not be found out, 2 the configuration is wrong or has no such account.
int plan(const CommandLine& command_line);

}  // namespace pce
