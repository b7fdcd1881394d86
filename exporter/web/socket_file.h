#pragma once
// Listening on a path instead of a port. For listen_socket.cc. Source: unix(7).
#include <string>

#include "exporter/base/result.h"

namespace pce {

// The descriptor of a socket that listens on `path`, for its owner and group (0660). A file that
// the socket of a process before left there is replaced. The caller closes the one and removes the
// other. Errors: kInternal, what the machine refuses and what to do, without the path.
Result<int> open_socket_file(const std::string& path);

}  // namespace pce
