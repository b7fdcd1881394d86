#include "exporter/web/listen_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pce {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  int family() const { return storage.ss_family; }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

constexpr int kUnsentMax = 256 * 1024;  // bytes

enum class IPv6Only { kYes, kNo };

SocketAddress every_address(int family, std::uint16_t port) {
  SocketAddress address;
  if (family == AF_INET6) {
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_addr = in6addr_any;
    any.sin6_port = htons(port);
    std::memcpy(&address.storage, &any, address.length = sizeof any);
  } else {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_ANY);
    any.sin_port = htons(port);
    std::memcpy(&address.storage, &any, address.length = sizeof any);
  }
  return address;
}

Result<SocketAddress> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failure != 0) {
    return Error{.kind = ErrorKind::kSettings,
                 .message = "cannot listen on " + address_text(host, port) + ": \"" + host +
                            "\" is neither an address nor a name this machine knows (" +
                            gai_strerror(failure) +
                            "); give an address of this machine, or none for all of them"};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  const addrinfo* chosen = found;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_family == AF_INET) {
      chosen = each;
      break;
    }
  }
  SocketAddress address;
  std::memcpy(&address.storage, chosen->ai_addr, address.length = chosen->ai_addrlen);
  return address;
}

// The socket, or the errno of what went wrong, negative.
int open_socket(const SocketAddress& address, IPv6Only ipv6_only) {
  const int descriptor =
      socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (descriptor < 0) return -errno;
  const int on = 1;
  const int v6only = ipv6_only == IPv6Only::kYes ? 1 : 0;
  // Connections inherit it. Else the kernel would take 4 MB for each client that does not read.
  setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentMax, sizeof kUnsentMax);
  // SO_REUSEADDR: a restart must not wait for the old connections to be forgotten.
  if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      (address.family() == AF_INET6 &&
       setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) != 0) ||
      bind(descriptor, address.raw(), address.length) != 0 || listen(descriptor, SOMAXCONN) != 0) {
    const int cause = errno;
    close(descriptor);
    return -cause;
  }
  return descriptor;
}

int open_on_every_address(std::uint16_t port) {
  const int descriptor = open_socket(every_address(AF_INET6, port), IPv6Only::kNo);
  const bool no_ipv6 =
      descriptor == -EAFNOSUPPORT || descriptor == -EADDRNOTAVAIL || descriptor == -EPROTONOSUPPORT;
  return no_ipv6 ? open_socket(every_address(AF_INET, port), IPv6Only::kNo) : descriptor;
}

Error refused(const std::string& host, std::uint16_t port, int cause) {
  const std::string number = std::to_string(port);
  std::string what;
  switch (cause) {
    case EADDRINUSE:
      what = "port " + number +
             " is in use already; stop what holds it (`ss -lntp sport = :" + number +
             "` shows it) or choose another with --web.listen-address";
      break;
    case EACCES:
      what = "this user may not open port " + number +
             "; choose one above 1023, or grant CAP_NET_BIND_SERVICE";
      break;
    case EADDRNOTAVAIL:
      what =
          "this machine has no such address (`ip address` shows those it has); leave the host "
          "out to listen on all of them";
      break;
    case EAFNOSUPPORT:
      what = "this machine has no IPv6; give an IPv4 address, or leave the host out";
      break;
    default:
      what = std::generic_category().message(cause);
  }
  return Error{.kind = ErrorKind::kInternal,
               .message = "cannot listen on " + address_text(host, port) + ": " + what};
}

}  // namespace

Result<ListenSocket> ListenSocket::open(const std::string& host, std::uint16_t port) {
  int descriptor = 0;
  if (host.empty()) {
    descriptor = open_on_every_address(port);
  } else {
    const auto address = resolve(host, port);
    if (!address) return address.error();
    descriptor = open_socket(*address, IPv6Only::kYes);
  }
  if (descriptor < 0) return refused(host, port, -descriptor);

  ListenSocket socket(descriptor);
  SocketAddress bound;
  bound.length = sizeof bound.storage;
  std::array<char, NI_MAXHOST> name{};
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length) != 0 ||
      getnameinfo(bound.raw(), bound.length, name.data(), name.size(), nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return refused(host, port, errno);
  }
  socket.host_ = name.data();
  sockaddr_in numbered{};  // an IPv6 address has its port at the same place
  std::memcpy(&numbered, &bound.storage, sizeof numbered);
  socket.port_ = ntohs(numbered.sin_port);
  return socket;
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      host_(std::move(other.host_)),
      port_(other.port_) {}

ListenSocket::~ListenSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

int ListenSocket::release() { return std::exchange(descriptor_, -1); }

std::string address_text(std::string_view host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string_view::npos;
  return (ipv6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
}

}  // namespace pce
