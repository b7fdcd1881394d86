#pragma once
// The daemon itself, and the check of its configuration.
#include "exporter/settings/command_line.h"

namespace pce {

// Runs until SIGTERM or SIGINT. Exit status: 0 ended by a signal, 1 it failed, 2 the configuration
// is wrong.
int run(const CommandLine& command_line);

// Prints a verdict about the configuration and contacts nobody. Exit status: 0 or 2.
int check_config(const CommandLine& command_line);

}  // namespace pce
