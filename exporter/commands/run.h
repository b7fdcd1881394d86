#pragma once
// The daemon itself.
#include "exporter/settings/command_line.h"

namespace pce {

// Runs until SIGTERM or SIGINT. Exit status: 0 ended by a signal, 1 it failed, 2 the configuration
// is wrong.
int run(const CommandLine& command_line);

}  // namespace pce
