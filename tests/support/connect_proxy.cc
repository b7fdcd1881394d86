#include "tests/support/connect_proxy.h"

#include <algorithm>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <sys/socket.h>

namespace pce {

ConnectProxy::ConnectProxy(int target_port, Manners manners)
    : target_port_(target_port),
      manners_(std::move(manners)),
      listener_([this](int peer) { serve(peer); }) {}

std::vector<std::string> ConnectProxy::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void ConnectProxy::serve(int peer) {
  for (std::string head; !(head = read_head(peer)).empty();) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(head);
    }
    if (manners_.silent) {
      read_head(peer);  // until the other side gives up
      return;
    }
    if (manners_.die_after == 0U) return;
    const auto answer = [&](const std::string& status, const std::string& headers) {
      send_whole(peer, "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n");
    };
    if (manners_.refuse_with != 0) {
      answer(std::to_string(manners_.refuse_with) + " Refused", "");
      continue;
    }
    if (!manners_.authorization.empty() &&
        head.find("\r\nProxy-Authorization: " + manners_.authorization + "\r\n") ==
            std::string::npos) {
      answer("407 Who are you", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n");
      continue;
    }
    const int target = head.starts_with("CONNECT ") ? connect_to_loopback(target_port_) : -1;
    if (target < 0) {
      answer("502 Nobody there", "");
      continue;
    }
    if (listener_.watch(target)) {
      send_whole(peer, "HTTP/1.1 200 Connected\r\n\r\n");
      relay(peer, target);
    }
    listener_.forget(target);
    close(target);
    return;
  }
}

void ConnectProxy::relay(int peer, int target) const {
  std::size_t left = manners_.die_after.value_or(SIZE_MAX);
  while (left > 0) {
    pollfd both[] = {{peer, POLLIN, 0}, {target, POLLIN, 0}};
    if (poll(both, 2, -1) < 0) return;
    const bool back = both[1].revents != 0;
    char piece[16384];
    const ssize_t got = recv(back ? target : peer, piece, sizeof piece, 0);
    if (got <= 0) return;
    const std::size_t size =
        back ? std::min(static_cast<std::size_t>(got), left) : static_cast<std::size_t>(got);
    if (!send_whole(back ? peer : target, {piece, size})) return;
    if (back) left -= size;
  }
}

}  // namespace pce
