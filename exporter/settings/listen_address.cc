#include "exporter/settings/listen_address.h"

#include "exporter/settings/message_text.h"
#include "exporter/settings/network_name.h"

namespace pce {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kPathBytesMax = 107;  // sockaddr_un has no room for more

Error refused(std::string_view text, const std::string& why) {
  return Error{
      .kind = ErrorKind::kSettings,
      .message =
          "found " + in_quotes(text) +
          ", wanted HOST:PORT such as :10365, 127.0.0.1:10365 or [::1]:10365, or unix:/PATH" + why};
}

Result<ListenAddress> unix_address(std::string_view text) {
  std::string_view path = text.substr(kUnix.size());
  while (path.starts_with("//")) path.remove_prefix(1);  // unix:///run/… is meant likewise
  if (!path.starts_with('/') || path.ends_with('/'))
    return refused(text, ": the path of a socket begins with / and ends with a name");
  if (path.size() > kPathBytesMax) {
    return refused(
        text, ": the path of a socket has at most " + std::to_string(kPathBytesMax) + " bytes");
  }
  return ListenAddress{.path = std::string(path)};
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  if (text.starts_with(kUnix)) return unix_address(text);
  if (text.starts_with("vsock://")) return refused(text, ": vsock is not supported");
  if (text.find('/') != std::string_view::npos) return refused(text, ": without scheme and path");

  std::string_view host;
  std::string_view rest = text;
  const bool brackets = text.starts_with('[');
  if (brackets) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return refused(text, ": the ] is missing");
    host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    // The zone ("%eth0") belongs to the host, not to the number.
    if (!is_ipv6(host.substr(0, host.find('%'))))
      return refused(text, ": that is no IPv6 address in the brackets");
  } else {
    if (is_ipv6(text)) return refused(text, ": put an IPv6 address in [brackets]");
    host = text.substr(0, text.rfind(':'));
    rest = text.substr(host.size());
  }
  if (!rest.starts_with(':')) return refused(text, ": the port is missing");
  if (!brackets && host.find(':') != std::string_view::npos) {
    return refused(text, ": put an IPv6 address in [brackets]");
  }
  const auto port = parse_port(rest.substr(1));
  if (!port) return refused(text, ": a port is a number from 0 to 65535");
  if (!brackets && !host.empty() && !is_ipv4(host) && !is_host_name(host)) {
    return refused(text, ": that is no host");
  }
  return ListenAddress{.host = std::string(host), .port = *port};
}

std::string listen_address_text(const ListenAddress& address) {
  if (!address.path.empty()) return std::string(kUnix) + address.path;
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace pce
