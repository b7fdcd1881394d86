#pragma once
// Asks the running exporter whether it is healthy: for a container's HEALTHCHECK, where there is
// neither a shell nor curl.
#include "exporter/settings/command_line.h"

namespace pce {

// Exit status: 0 it is, 1 it is not or cannot be asked; then standard error says why.
int healthcheck(const CommandLine& command_line);

}  // namespace pce
