#pragma once
// `partner_center_exporter doctor`: walks the way of a number, from the name of the sign-in service
// to a series, and says at each step what is wrong and what to do. It may run beside the daemon.
#include "exporter/settings/command_line.h"

namespace pce {

// Exit status: 0 nothing failed, 1 something did, 2 wrong usage or configuration.
int doctor(const CommandLine& command_line);

}  // namespace pce
