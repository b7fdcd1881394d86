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

}  // namespace pce
