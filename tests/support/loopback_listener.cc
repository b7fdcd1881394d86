#include "tests/support/loopback_listener.h"

#include <stdexcept>
#include <unistd.h>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

namespace pce {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace

DeafPort::DeafPort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockets_.push_back(listener);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 0) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on a loopback port");
  }
  port_ = ntohs(address.sin_port);
  // Once the queue of those nobody has accepted is full, the kernel drops who else comes.
  for (int i = 0; i < 4; ++i) {
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(sockets_.back(), generic, size);
  }
}

DeafPort::~DeafPort() {
  for (const int each : sockets_) close(each);
}

LoopbackListener::LoopbackListener(std::function<void(int)> serve) : serve_(std::move(serve)) {
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket_ < 0 || bind(socket_, generic, size) != 0 || listen(socket_, 128) != 0 ||
      getsockname(socket_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on a loopback port");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackListener::~LoopbackListener() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    for (const int watched : watched_) shutdown(watched, SHUT_RDWR);
  }
  shutdown(socket_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& server : servers_) server.join();
  close(socket_);
}

bool LoopbackListener::watch(int socket) {
  const std::scoped_lock lock(mutex_);
  if (!ending_) watched_.insert(socket);
  return !ending_;
}

void LoopbackListener::forget(int socket) {
  const std::scoped_lock lock(mutex_);
  watched_.erase(socket);
}

void LoopbackListener::accept_all() {
  for (int peer = 0; (peer = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    ++connections_;
    servers_.emplace_back([this, peer] {
      if (watch(peer)) serve_(peer);
      forget(peer);
      close(peer);
    });
  }
}

int connect_to_loopback(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

bool send_whole(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string read_head(int socket) {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n")) {
    if (recv(socket, &byte, 1, 0) != 1) return {};
    head += byte;
  }
  return head;
}

}  // namespace pce
