#pragma once
// The command `login`: a human signs in once, and the exporter lives on it.
#include "exporter/settings/command_line.h"

namespace pce {

// Signs in, looks at what came of it, makes one call to Partner Center, and only then stores the
// refresh token. 0: stored; 1: not signed in, or refused, and nothing stored; 2: wrong
// configuration. Source: authentication.md sections 2.5, 5 and 9.4.
int login(const CommandLine& command_line);

}  // namespace pce
