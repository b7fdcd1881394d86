#pragma once
// The other end of NOTIFY_SOCKET, as systemd has it.
#include <chrono>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

namespace pce {

class NotifySocket {
 public:
  // `path`: of a file to be made, or a name that begins with @.
  explicit NotifySocket(std::string path)
      : path_(std::move(path)), socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    if (path_.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0)
        << path_ << ": " << strerror(errno);
  }
  ~NotifySocket() { close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  const std::string& path() const { return path_; }
  // The next message; empty: none came within `patience`.
  std::string next(std::chrono::milliseconds patience = std::chrono::seconds(20)) const {
    pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, static_cast<int>(patience.count())) != 1) return {};
    char text[4096];
    const ssize_t got = recv(socket_, text, sizeof text, 0);
    return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : std::string();
  }

 private:
  const std::string path_;
  const int socket_;
};

}  // namespace pce
