#pragma once
// Who listens on a port that we could not have, as far as the kernel tells this user. Source:
// proc(5), /proc/net/tcp and /proc/PID/fd.
#include <optional>
#include <string>

#include <sys/socket.h>

namespace pce {

struct PortHolder {
  int process = 0;        // 0: not to be seen, as is usual for another user's
  std::string program{};  // the name of its file; empty without a process
  std::string user{};     // a name, or a number where it has none
};

// Of this TCP address or one that covers it; nullopt: not to be found out. Looks through the
// descriptors of every process it may look at, so only for a message.
std::optional<PortHolder> who_listens(const sockaddr_storage& address);

}  // namespace pce
