#include "exporter/web/listen_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "exporter/settings/message_text.h"
#include "exporter/web/port_holder.h"
#include "exporter/web/socket_file.h"

namespace pce {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  int family() const { return storage.ss_family; }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

enum class IPv6Only { kYes, kNo };

std::string cannot_listen(const ListenAddress& address) {
  return "cannot listen on " + listen_address_text(address) + ": ";
}

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
                 .message = cannot_listen({.host = host, .port = port}) + "\"" + host +
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

// Connections inherit it. Else the kernel would take 4 MB for each client that does not read.
void keep_little_unsent(int descriptor) {
  constexpr int kUnsentMax = 256 * 1024;  // bytes
  setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentMax, sizeof kUnsentMax);
}

// The socket, or the errno of what went wrong, negative.
int open_socket(const SocketAddress& address, IPv6Only ipv6_only) {
  const int descriptor =
      socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (descriptor < 0) return -errno;
  const int on = 1;
  const int v6only = ipv6_only == IPv6Only::kYes ? 1 : 0;
  keep_little_unsent(descriptor);
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

// Which address it was tried on, and the socket or the errno.
struct Attempt {
  SocketAddress address;
  int descriptor = 0;
};

Attempt open_on_every_address(std::uint16_t port) {
  Attempt attempt{.address = every_address(AF_INET6, port)};
  attempt.descriptor = open_socket(attempt.address, IPv6Only::kNo);
  for (const int no_ipv6 : {EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT}) {
    if (attempt.descriptor != -no_ipv6) continue;
    attempt.address = every_address(AF_INET, port);
    attempt.descriptor = open_socket(attempt.address, IPv6Only::kNo);
    break;
  }
  return attempt;
}

// The port is taken: by whom, and what to do.
std::string taken(const SocketAddress& address, std::uint16_t port) {
  const std::string number = std::to_string(port);
  const auto holder = who_listens(address.storage);
  if (holder && holder->process == getpid()) {
    return "this exporter listens there already; another --web.listen-address covers this one: "
           "leave one of them out";
  }
  std::string who;
  std::string which = "it";
  if (holder && holder->process != 0) {
    who = ", by " + in_quotes(holder->program) + " (process " + std::to_string(holder->process) +
          ") of user " + in_quotes(holder->user);
  } else if (holder) {
    who = ", by a process of user " + in_quotes(holder->user);
    which = "what holds it (`ss -lntp sport = :" + number + "` shows it to root)";
  } else {
    which = "what holds it (`ss -lntp sport = :" + number + "` shows it)";
  }
  return "port " + number + " is in use already" + who + "; stop " + which +
         " or choose another with --web.listen-address";
}

Error refused(const ListenAddress& address, const SocketAddress& tried, int cause) {
  const std::string number = std::to_string(address.port);
  std::string what;
  switch (cause) {
    case EADDRINUSE:
      what = taken(tried, address.port);
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
  return Error{.kind = ErrorKind::kInternal, .message = cannot_listen(address) + what};
}

ListenAddress address_of(const SocketAddress& bound) {
  ListenAddress address;
  if (bound.family() == AF_UNIX) {
    sockaddr_un file{};
    std::memcpy(&file, &bound.storage, std::min<std::size_t>(bound.length, sizeof file));
    const std::size_t size = bound.length - offsetof(sockaddr_un, sun_path);
    address.path.assign(file.sun_path, strnlen(file.sun_path, size));
    // An abstract one, as systemd writes it.
    if (address.path.empty() && size > 1)
      address.path = "@" + std::string(file.sun_path + 1, size - 1);
    return address;
  }
  std::array<char, NI_MAXHOST> name{};
  getnameinfo(bound.raw(), bound.length, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST);
  address.host = name.data();
  sockaddr_in numbered{};  // an IPv6 address has its port at the same place
  std::memcpy(&numbered, &bound.storage, sizeof numbered);
  address.port = ntohs(numbered.sin_port);
  return address;
}

// Of no family at all where it is no socket.
SocketAddress bound_address(int descriptor) {
  SocketAddress bound;
  bound.length = sizeof bound.storage;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length);
  return bound;
}

int option_of(int descriptor, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  getsockopt(descriptor, SOL_SOCKET, option, &value, &size);
  return value;
}

}  // namespace

Result<ListenSocket> ListenSocket::open(const ListenAddress& wanted) {
  if (!wanted.path.empty()) {
    auto descriptor = open_socket_file(wanted.path);
    if (!descriptor)
      return with_context(std::move(descriptor).error(),
                          "cannot listen on " + listen_address_text(wanted));
    ListenSocket socket(*descriptor);
    socket.address_ = wanted;
    socket.owns_file_ = true;
    return socket;
  }
  Attempt attempt;
  if (wanted.host.empty()) {
    attempt = open_on_every_address(wanted.port);
  } else {
    const auto address = resolve(wanted.host, wanted.port);
    if (!address) return address.error();
    attempt = {.address = *address, .descriptor = open_socket(*address, IPv6Only::kYes)};
  }
  if (attempt.descriptor < 0) return refused(wanted, attempt.address, -attempt.descriptor);
  ListenSocket socket(attempt.descriptor);
  socket.address_ = address_of(bound_address(attempt.descriptor));
  return socket;
}

Result<std::vector<ListenSocket>> ListenSocket::open_all(const std::vector<ListenAddress>& wanted) {
  if (wanted.empty()) {
    return Error{.kind = ErrorKind::kSettings,
                 .message =
                     "there is no address to listen on; give one, as in "
                     "--web.listen-address=:10365"};
  }
  std::vector<ListenSocket> sockets;
  for (const ListenAddress& address : wanted) {
    auto socket = open(address);
    if (!socket) return socket.error();
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

Result<ListenSocket> ListenSocket::adopt(int descriptor) {
  ListenSocket socket(descriptor);
  const SocketAddress bound = bound_address(descriptor);
  const bool serves =
      bound.family() == AF_INET || bound.family() == AF_INET6 || bound.family() == AF_UNIX;
  if (!serves || option_of(descriptor, SO_TYPE) != SOCK_STREAM ||
      option_of(descriptor, SO_ACCEPTCONN) != 1) {
    return Error{.kind = ErrorKind::kSettings,
                 .message =
                     "it is no socket that listens for connections, as ListenStream= of a "
                     "systemd .socket unit (with Accept=no) makes it"};
  }
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  if (bound.family() != AF_UNIX) keep_little_unsent(descriptor);
  socket.address_ = address_of(bound);
  return socket;
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      address_(std::move(other.address_)),
      owns_file_(std::exchange(other.owns_file_, false)) {}

ListenSocket::~ListenSocket() {
  if (descriptor_ >= 0) close(descriptor_);
  if (owns_file_) unlink(address_.path.c_str());
}

int ListenSocket::release() { return std::exchange(descriptor_, -1); }

}  // namespace pce
