#include "exporter/commands/service_manager.h"

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "exporter/base/descriptor.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::microseconds> watchdog_of_environment() {
  const auto interval = whole_number(environment("WATCHDOG_USEC"));
  if (!interval || *interval <= 0) return std::nullopt;
  const std::string_view whose = environment("WATCHDOG_PID");
  if (!whose.empty() && whole_number(whose) != getpid()) return std::nullopt;
  return std::chrono::microseconds(*interval);
}

bool send_to(const std::string& path, std::string_view state) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // An abstract name has no end but its length.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  return socket.valid() && sendto(socket.number(), state.data(), state.size(), MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr*>(&address), size) >= 0;
}

}  // namespace

ServiceManager ServiceManager::of_environment() {
  return {std::string(environment("NOTIFY_SOCKET")), watchdog_of_environment()};
}

void ServiceManager::tell(std::string_view state) const {
  if (socket_.empty() || send_to(socket_, state)) return;
  log_warn(
      "The service manager cannot be told",
      {{"socket", socket_}, {"state", state}, {"error", std::generic_category().message(errno)}});
}

}  // namespace pce
