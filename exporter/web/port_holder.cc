#include "exporter/web/port_holder.h"

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <netinet/in.h>

namespace pce {
namespace {

namespace fs = std::filesystem;

// As the kernel writes addresses: each word of the address in hexadecimal, whatever its order of
// bytes.
template <typename Address>
std::string hexadecimal(const Address& address) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<std::uint32_t, sizeof(Address) / sizeof(std::uint32_t)> words{};
  std::memcpy(words.data(), &address, sizeof address);
  std::string text;
  for (const std::uint32_t word : words) {
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(word >> shift) & 0xFU];
  }
  return text;
}

bool is_every_address(std::string_view host) {
  return host.find_first_not_of('0') == std::string_view::npos;
}

struct Wanted {
  explicit Wanted(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
      sockaddr_in four{};
      std::memcpy(&four, &address, sizeof four);
      host = hexadecimal(four.sin_addr);
      port = ntohs(four.sin_port);
    } else {
      sockaddr_in6 six{};
      std::memcpy(&six, &address, sizeof six);
      host = hexadecimal(six.sin6_addr);
      port = ntohs(six.sin6_port);
    }
  }
  bool is_in_the_way(std::string_view other_host, unsigned other_port) const {
    return other_port == port &&
           (other_host == host || is_every_address(other_host) || is_every_address(host));
  }
  std::string host;
  unsigned port = 0;
};

struct Listener {
  std::string inode;
  unsigned user = 0;
};

std::optional<Listener> listener_in(const char* table, const Wanted& wanted) {
  std::ifstream lines(table);
  std::string line;
  std::getline(lines, line);  // the heading
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, queues, timer, retransmitted, timeout;
    Listener listener;
    fields >> number >> local >> remote >> state >> queues >> timer >> retransmitted >>
        listener.user >> timeout >> listener.inode;
    const std::size_t colon = local.find(':');
    if (!fields || state != "0A" || colon == std::string::npos) continue;
    unsigned port = 0;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), port, 16);
    if (wanted.is_in_the_way(std::string_view(local).substr(0, colon), port)) return listener;
  }
  return std::nullopt;
}

std::string name_of_user(unsigned number) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> room(16UL * 1024);
  getpwuid_r(number, &entry, room.data(), room.size(), &found);
  return found == nullptr ? std::to_string(number) : std::string(found->pw_name);
}

bool has_open(const fs::path& process, const std::string& socket) {
  std::error_code failure;
  for (fs::directory_iterator each(process / "fd", failure), end; !failure && each != end;
       each.increment(failure)) {
    std::error_code gone;
    if (fs::read_symlink(each->path(), gone) == socket) return true;
  }
  return false;
}

void find_process(const std::string& inode, PortHolder& holder) {
  const std::string socket = "socket:[" + inode + "]";
  std::error_code failure;
  for (fs::directory_iterator each("/proc", failure), end; !failure && each != end;
       each.increment(failure)) {
    const std::string name = each->path().filename();
    int process = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
    if (read.ptr != name.data() + name.size() || !has_open(each->path(), socket)) continue;
    std::error_code gone;
    holder.program = fs::read_symlink(each->path() / "exe", gone).filename();
    holder.process = process;
    return;
  }
}

}  // namespace

std::optional<PortHolder> who_listens(const sockaddr_storage& address) {
  const Wanted wanted(address);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const auto listener = listener_in(table, wanted);
    if (!listener) continue;
    PortHolder holder{.user = name_of_user(listener->user)};
    find_process(listener->inode, holder);
    return holder;
  }
  return std::nullopt;
}

}  // namespace pce
