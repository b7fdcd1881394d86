#include "exporter/settings/network_name.h"

#include <charconv>
#include <string>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace pce {

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(text).c_str(), &address) == 1 &&
         text.find('\0') == std::string_view::npos;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1 &&
         text.find('\0') == std::string_view::npos;
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) return false;
  std::size_t label = 0;
  for (const char c : text) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || (c == '-' && label > 0);
    if (!fits || ++label > 63) return false;
  }
  return label > 0 && text.back() != '-';
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost") return true;
  if (is_ipv4(host)) return host.starts_with("127.");
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&address);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return port;
}

std::optional<Authority> parse_authority(std::string_view text) {
  Authority found;
  std::string_view behind;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    found.host = text.substr(1, close - 1);
    behind = text.substr(close + 1);
    if (!is_ipv6(found.host)) return std::nullopt;
  } else {
    found.host = text.substr(0, text.find(':'));
    behind = text.substr(found.host.size());
    if (!is_ipv4(found.host) && !is_host_name(found.host)) return std::nullopt;
  }
  if (behind.empty()) return found;
  found.port = behind.starts_with(':') ? parse_port(behind.substr(1)) : std::nullopt;
  if (!found.port || *found.port == 0) return std::nullopt;
  return found;
}

}  // namespace pce
