#pragma once
// A scripted HTTP server on a loopback socket that may lie, stall and break off. One thread for
// each connection; the script is asked on those threads.
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <list>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace pce {

class HttpImposter {
 public:
  enum class Then {
    kKeepOpen,  // wait for the next request on this connection
    kClose,     // end the connection in good order
    kReset,     // end it with RST
    kSilence,   // say nothing more until the other side gives up
    kForEver    // send `again` over and over until the other side gives up
  };
  struct Reply {
    std::string bytes;  // sent as they are
    Then then = Then::kKeepOpen;
    std::string again{};
  };
  // `request`: head and body as they came. `nth`: 0 for the first request of all.
  using Script = std::function<Reply(const std::string& request, int nth)>;

  // An answer with a right Content-Length. `headers`: whole lines, each with its CR LF.
  static Reply answer(int status, const std::string& body, const std::string& headers = "") {
    return {.bytes = "HTTP/1.1 " + std::to_string(status) + " Words\r\n" + headers +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  }

  // `greeting` is sent to everyone who connects, before any request.
  explicit HttpImposter(Script script, std::string greeting = "")
      : script_(std::move(script)), greeting_(std::move(greeting)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ended_ = eventfd(0, EFD_CLOEXEC);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ended_ < 0 || bind(listener_, generic, size) != 0 ||
        listen(listener_, 128) != 0 || getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("the imposter cannot listen on a loopback port");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~HttpImposter() {
    const std::uint64_t one = 1;
    if (write(ended_, &one, sizeof one) != sizeof one) std::abort();
    acceptor_.join();
    for (std::thread& server : servers_) server.join();
    close(listener_);
    close(ended_);
  }
  HttpImposter(const HttpImposter&) = delete;
  HttpImposter& operator=(const HttpImposter&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int connections() const { return connections_; }
  std::vector<std::string> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  // False: the imposter ends.
  bool readable(int socket) const {
    pollfd both[] = {{socket, POLLIN, 0}, {ended_, POLLIN, 0}};
    while (poll(both, 2, -1) < 0) {
      if (errno != EINTR) return false;
    }
    return both[1].revents == 0;
  }

  void accept_all() {
    while (readable(listener_)) {
      const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      ++connections_;
      servers_.emplace_back([this, peer] { serve(peer); });
    }
  }

  // Sends all of it; false: the other side is gone, or the imposter ends.
  bool send_all(int peer, std::string_view bytes) const {
    while (!bytes.empty()) {
      pollfd both[] = {{peer, POLLOUT, 0}, {ended_, POLLIN, 0}};
      if (poll(both, 2, -1) < 0 || both[1].revents != 0) return false;
      const ssize_t sent = send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Reads one request off `buffer` and the socket; empty: there will be no more.
  std::string read_request(int peer, std::string& buffer) const {
    while (true) {
      const auto end = buffer.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::size_t whole = end + 4;
        const auto length = buffer.find("Content-Length: ");
        if (length < end) whole += std::strtoul(buffer.c_str() + length + 16, nullptr, 10);
        if (buffer.size() >= whole) {
          std::string request = buffer.substr(0, whole);
          buffer.erase(0, whole);
          return request;
        }
      }
      char piece[4096];
      if (!readable(peer)) return {};
      const ssize_t got = recv(peer, piece, sizeof piece, 0);
      if (got <= 0) return {};
      buffer.append(piece, static_cast<std::size_t>(got));
    }
  }

  void serve(int peer) {
    std::string buffer;
    const bool greeted = send_all(peer, greeting_);
    while (greeted) {
      const std::string request = read_request(peer, buffer);
      if (request.empty()) break;
      int nth = 0;
      {
        const std::scoped_lock lock(mutex_);
        nth = static_cast<int>(requests_.size());
        requests_.push_back(request);
      }
      const Reply reply = script_(request, nth);
      if (!send_all(peer, reply.bytes)) break;
      if (reply.then == Then::kKeepOpen) continue;
      if (reply.then == Then::kSilence) readable(peer);
      if (reply.then == Then::kForEver) {
        while (send_all(peer, reply.again)) {
        }
      }
      if (reply.then == Then::kReset) {
        const linger at_once{1, 0};
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      }
      break;
    }
    close(peer);
  }

  const Script script_;
  const std::string greeting_;
  int listener_ = -1;
  int ended_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<std::thread>
      servers_;  // touched by the acceptor, and by the destructor once that has ended
  std::thread acceptor_;
};

}  // namespace pce
