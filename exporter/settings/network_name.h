#pragma once
// Hosts and ports as people write them. Pure: nothing is resolved.
#include <cstdint>
#include <optional>
#include <string_view>

namespace pce {

bool is_ipv4(std::string_view text);  // four decimal numbers
bool is_ipv6(std::string_view text);  // without brackets and zone
bool is_host_name(
    std::string_view text);  // letters, digits, "-", "_" between dots; not digits and dots alone

// 127.0.0.0/8, ::1 (without brackets) and localhost.
bool is_loopback_host(std::string_view host);

std::optional<std::uint16_t> parse_port(std::string_view text);

// What stands between "scheme://" and the path. Views into the text it was read from.
struct Authority {
  std::string_view host;  // IPv6 without its brackets
  std::optional<std::uint16_t> port{};
};
// host or host:port, IPv6 in brackets; port 0 and user names are refused.
std::optional<Authority> parse_authority(std::string_view text);

}  // namespace pce
