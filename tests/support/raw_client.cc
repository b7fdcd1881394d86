#include "tests/support/raw_client.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <netdb.h>
#include <strings.h>
#include <unistd.h>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace pce {

std::string RawAnswer::header(std::string_view name) const {
  std::size_t line = head.find("\r\n");
  while (line != std::string::npos) {
    line += 2;
    const std::size_t colon = head.find(':', line);
    const std::size_t end = head.find("\r\n", line);
    if (colon == std::string::npos || end == std::string::npos || colon > end) break;
    if (colon - line == name.size() &&
        strncasecmp(head.data() + line, name.data(), name.size()) == 0) {
      return head.substr(colon + 2, end - colon - 2);
    }
    line = end;
  }
  return "";
}

RawClient::RawClient(const std::string& host, std::uint16_t port, const std::string& from) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* address = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &address) != 0) return;
  descriptor_ = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = 30, .tv_usec = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in ours{};
  ours.sin_family = AF_INET;
  const bool ready =
      from.empty() || (inet_pton(AF_INET, from.c_str(), &ours.sin_addr) == 1 &&
                       bind(descriptor_, reinterpret_cast<sockaddr*>(&ours), sizeof ours) == 0);
  if (!ready || connect(descriptor_, address->ai_addr, address->ai_addrlen) != 0) {
    close(descriptor_);
    descriptor_ = -1;
  }
  freeaddrinfo(address);
}

RawClient::RawClient(RawClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}

RawClient::~RawClient() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

RawClient::Received RawClient::read_more() {
  std::array<char, 65536> piece;
  const ssize_t count = recv(descriptor_, piece.data(), piece.size(), 0);
  if (count == 0 || (count < 0 && errno == ECONNRESET)) return Received::kEnd;
  if (count < 0) return Received::kNothing;
  received_.append(piece.data(), static_cast<std::size_t>(count));
  return Received::kBytes;
}

std::optional<RawAnswer> RawClient::read_answer(Expect expect) {
  while (received_.find("\r\n\r\n") == std::string::npos) {
    if (read_more() != Received::kBytes) return std::nullopt;
  }
  RawAnswer answer;
  answer.head = received_.substr(0, received_.find("\r\n\r\n") + 4);
  received_.erase(0, answer.head.size());
  answer.status = std::atoi(answer.head.c_str() + answer.head.find(' ') + 1);
  const std::size_t length = std::strtoull(answer.header("Content-Length").c_str(), nullptr, 10);
  if (expect == Expect::kNoBody || answer.status < 200) return answer;
  while (received_.size() < length) {
    if (read_more() != Received::kBytes) return std::nullopt;
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

std::optional<std::string> RawClient::read_rest() {
  Received last = Received::kBytes;
  while (last == Received::kBytes) last = read_more();
  if (last == Received::kNothing) return std::nullopt;
  return std::exchange(received_, {});
}

bool RawClient::read_end() { return read_rest() == ""; }

std::optional<RawAnswer> RawClient::get(std::string_view path) {
  if (!send(request_text("GET", path))) return std::nullopt;
  return read_answer();
}

std::string request_text(std::string_view method, std::string_view path,
                         std::string_view header_lines) {
  std::string text(method);
  text += " ";
  text += path;
  text += " HTTP/1.1\r\nHost: localhost\r\n";
  text += header_lines;
  text += "\r\n";
  return text;
}

}  // namespace pce
