#pragma once
// The sockets that our pages are served on.
#include <vector>

#include "exporter/base/result.h"
#include "exporter/settings/command_line.h"
#include "exporter/web/listen_socket.h"

namespace pce {

// Opened as the command line says, or with --web.systemd-socket those that were handed over to this
// process; then this works once. At least one. Source: sd_listen_fds(3). Errors: kSettings,
// kInternal, saying what to do.
Result<std::vector<ListenSocket>> listen_sockets(const CommandLine& command_line);

}  // namespace pce
