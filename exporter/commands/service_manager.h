#pragma once
// Who started us and wants to hear how we are: systemd with Type=notify, by datagrams to a socket.
// Source: sd_notify(3), sd_watchdog_enabled(3).
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pce {

class ServiceManager {
 public:
  // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Nobody there is no error: nothing is told.
  static ServiceManager of_environment();

  ServiceManager(std::string socket, std::optional<std::chrono::microseconds> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  // Lines as sd_notify takes them: "READY=1". What cannot be sent is said in the log.
  void tell(std::string_view state) const;
  // How often it wants to hear WATCHDOG=1, or it ends us; nullopt: it does not.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

 private:
  std::string socket_;  // its path; a leading @ is an abstract one; empty: nobody there
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace pce
