#include "tests/support/web_client.h"

#include <algorithm>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
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

std::string joined_chunks(const std::string& chunked) {
  std::string body;
  std::size_t at = 0;
  while (at < chunked.size()) {
    const std::size_t size = std::stoul(chunked.substr(at), nullptr, 16);
    const auto start = chunked.find("\r\n", at) + 2;
    if (size == 0 || start + size > chunked.size()) break;
    body += chunked.substr(start, size);
    at = start + size + 2;
  }
  return body;
}

// Whether the answer's announced length has come: some servers are slow to hang up.
bool is_whole(const std::string& raw) {
  const auto head_end = raw.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  std::string head = raw.substr(0, head_end);
  std::ranges::transform(head, head.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kLength = "\r\ncontent-length:";
  const auto at = head.find(kLength);
  return at != std::string::npos &&
         raw.size() - head_end - 4 >= std::stoul(head.substr(at + kLength.size()));
}

WebAnswer parsed(const std::string& raw) {
  WebAnswer answer;
  const auto head_end = raw.find("\r\n\r\n");
  if (head_end == std::string::npos || raw.size() < 12) return answer;
  answer.status = std::stoi(raw.substr(9, 3));
  for (std::size_t at = raw.find("\r\n") + 2; at < head_end;) {
    const auto end = raw.find("\r\n", at);
    const auto colon = raw.find(':', at);
    std::string name = raw.substr(at, colon - at);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto value = raw.find_first_not_of(' ', colon + 1);
    answer.headers[name] = raw.substr(value, end - value);
    at = end + 2;
  }
  answer.body = raw.substr(head_end + 4);
  if (answer.headers["transfer-encoding"] == "chunked") answer.body = joined_chunks(answer.body);
  return answer;
}

}  // namespace

WebAnswer ask(int port, const WebQuestion& question, std::chrono::milliseconds deadline) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return {};
  }
  const std::string request =
      question.method + " " + question.path +
      " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + question.headers +
      (question.body.empty() ? ""
                             : "Content-Length: " + std::to_string(question.body.size()) + "\r\n") +
      "\r\n" + question.body;
  std::size_t sent = 0;
  while (sent < request.size()) {
    const auto put = send(fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) break;
    sent += static_cast<std::size_t>(put);
  }
  std::string raw;
  char piece[65536];
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!is_whole(raw) && std::chrono::steady_clock::now() < end) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, 200) <= 0) continue;
    const auto got = recv(fd, piece, sizeof piece, 0);
    if (got <= 0) break;
    raw.append(piece, static_cast<std::size_t>(got));
  }
  close(fd);
  return parsed(raw);
}

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace pce
