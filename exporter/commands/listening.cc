#include "exporter/commands/listening.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr int kFirst = 3;  // the descriptor behind standard error
constexpr int kCountMax = 64;

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

Error refused(const std::string& why) {
  return {.kind = ErrorKind::kSettings, .message = "--web.systemd-socket: " + why};
}

Result<std::vector<ListenSocket>> sockets_of_systemd() {
  const char* const process = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  if (process == nullptr || count == nullptr) {
    return refused(
        "no socket was handed over (LISTEN_FDS is not set); start it by a systemd .socket unit, or "
        "leave the flag out and say --web.listen-address");
  }
  if (whole_number(process) != getpid()) {
    return refused("LISTEN_PID is " + in_quotes(process) + ", and this is process " +
                   std::to_string(getpid()) +
                   ": the sockets were handed to another one, such as a script; let it exec us");
  }
  const auto number = whole_number(count);
  if (!number || *number < 1 || *number > kCountMax) {
    return refused("LISTEN_FDS is " + in_quotes(count) + ", wanted a number from 1 to " +
                   std::to_string(kCountMax));
  }
  std::vector<ListenSocket> sockets;
  for (int descriptor = kFirst; descriptor < kFirst + *number; ++descriptor) {
    auto socket = ListenSocket::adopt(descriptor);
    if (!socket)
      return refused("descriptor " + std::to_string(descriptor) + ": " + socket.error().message);
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

}  // namespace

Result<std::vector<ListenSocket>> listen_sockets(const CommandLine& command_line) {
  if (command_line.systemd_socket) return sockets_of_systemd();
  return ListenSocket::open_all(command_line.listen_addresses);
}

}  // namespace pce
