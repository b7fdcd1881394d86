#pragma once
// One HTTP exchange over a plain socket, with whatever bytes come back.
#include <string>
#include <string_view>
#include <unistd.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/simulator/text.h"

namespace simulator {

class RawClient {
 public:
  explicit RawClient(std::string_view url)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(
        static_cast<std::uint16_t>(parse_integer(url.substr(url.rfind(':') + 1)).value_or(0)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Until the server closes, or `limit` bytes.
  std::string read_all(std::size_t limit = SIZE_MAX) const {
    std::string out;
    std::string piece(65536, '\0');
    while (out.size() < limit) {
      const ssize_t got = ::recv(socket_, piece.data(), piece.size(), 0);
      if (got <= 0) break;
      out.append(piece, 0, static_cast<std::size_t>(got));
    }
    return out;
  }
  std::string exchange(std::string_view method, std::string_view target,
                       std::string_view headers = "", std::string_view body = "") const {
    std::string request = std::string(method) + " " + std::string(target) +
                          " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(request + std::string(headers) + "\r\n" + std::string(body));
    return read_all();
  }

 private:
  int socket_;
};

inline std::string ask(std::string_view url, std::string_view method, std::string_view target,
                       std::string_view headers = "", std::string_view body = "") {
  return RawClient(url).exchange(method, target, headers, body);
}

}  // namespace simulator
