#pragma once
// Where to listen, as Prometheus programs write it.
#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

struct ListenAddress {
  std::string host{};  // name or number, IPv6 without brackets; empty: every address, IPv4 and IPv6
  std::uint16_t port = 0;  // 0: a free one
  std::string path{};      // of a unix socket, which has neither host nor port; empty: TCP
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// ":10365", "localhost:10365", "127.0.0.1:10365", "[::1]:10365", "unix:/run/exporter.sock". The
// error says what was found and wanted.
Result<ListenAddress> parse_listen_address(std::string_view text);

// The same form again.
std::string listen_address_text(const ListenAddress& address);

}  // namespace pce
