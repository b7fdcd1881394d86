#include "exporter/http/proxy_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <arpa/inet.h>

namespace pce {
namespace {

constexpr std::array<std::string_view, 6> kSchemes{"http",    "https",  "socks4",
                                                   "socks4a", "socks5", "socks5h"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string_view without_brackets(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host;
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = static_cast<char>(c | 0x20);
  if (small >= 'a' && small <= 'f') return small - 'a' + 10;
  return std::nullopt;
}

Secret percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (text[i] == '%' && low) {
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return Secret(std::move(out));
}

// Bytes of an address of either kind; empty: it is a name.
std::vector<std::uint8_t> address_bytes(std::string_view text) {
  const std::string terminated(text);
  std::vector<std::uint8_t> bytes(4);
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(16);
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

// `entry`: an address, or the beginning of addresses with the number of its bits behind a slash.
bool names_address(std::string_view entry, const std::vector<std::uint8_t>& address) {
  const auto slash = std::min(entry.find('/'), entry.size());
  const auto network = address_bytes(without_brackets(entry.substr(0, slash)));
  if (network.size() != address.size()) return false;
  std::size_t bits = network.size() * 8;
  if (slash < entry.size()) {
    const std::string_view number = entry.substr(slash + 1);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return false;
    if (bits > network.size() * 8) return false;
  }
  for (std::size_t i = 0; i < network.size() && bits > 0; ++i) {
    const std::size_t here = std::min<std::size_t>(bits, 8);
    const unsigned mask = 0xFFU << (8 - here) & 0xFFU;
    if ((network[i] & mask) != (address[i] & mask)) return false;
    bits -= here;
  }
  return true;
}

bool names_host(std::string entry, std::string_view host) {
  while (entry.ends_with('.')) entry.pop_back();
  std::string_view name = entry;
  while (name.starts_with('.')) name.remove_prefix(1);
  if (name.empty() || !host.ends_with(name)) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
  in_addr address{};
  return host.starts_with("127.") && inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

bool named_by_no_proxy(std::string_view list, std::string_view host) {
  constexpr std::string_view kBetween = ", \t";
  std::string name = lower(without_brackets(host));
  const auto address = address_bytes(name);
  while (address.empty() && name.ends_with('.')) name.pop_back();
  std::vector<std::string_view> entries;
  for (auto from = list.find_first_not_of(kBetween); from != std::string_view::npos;) {
    const auto end = std::min(list.find_first_of(kBetween, from), list.size());
    entries.push_back(list.substr(from, end - from));
    from = list.find_first_not_of(kBetween, end);
  }
  if (entries.size() == 1 && entries.front() == "*") return true;
  return std::ranges::any_of(entries, [&](std::string_view entry) {
    return address.empty() ? names_host(lower(entry), name) : names_address(entry, address);
  });
}

std::optional<Proxy> parse_proxy(std::string_view text) {
  const auto colon = text.find("://");
  const std::string scheme =
      colon == std::string_view::npos ? "http" : lower(text.substr(0, colon));
  if (std::ranges::find(kSchemes, scheme) == kSchemes.end()) return std::nullopt;
  if (colon != std::string_view::npos) text.remove_prefix(colon + 3);
  const auto user_end = text.rfind('@');
  text =
      text.substr(0, text.find_first_of("/?#", user_end == std::string_view::npos ? 0 : user_end));

  Proxy proxy;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view user_info = text.substr(0, at);
    const auto between = std::min(user_info.find(':'), user_info.size());
    proxy.user = percent_decoded(user_info.substr(0, between));
    if (between < user_info.size()) proxy.password = percent_decoded(user_info.substr(between + 1));
    text.remove_prefix(at + 1);
  }
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const auto host_end = std::min(text.find(':', bracket), text.size());
  const std::string host = lower(text.substr(0, host_end));
  std::string_view port = text.substr(std::min(host_end + 1, text.size()));
  if (port.empty()) port = scheme == "https" ? "443" : "1080";
  std::uint16_t number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  constexpr std::string_view kHost = "abcdefghijklmnopqrstuvwxyz0123456789-._:[]";
  if (host.empty() || host.find_first_not_of(kHost) != std::string::npos || number == 0 ||
      read.ec != std::errc() || read.ptr != port.data() + port.size()) {
    return std::nullopt;
  }
  proxy.name = host + ":" + std::to_string(number);
  proxy.address = scheme + "://" + proxy.name;
  return proxy;
}

ProxyRules::ProxyRules(Options options, const Variable& variable) : options_(std::move(options)) {
  const auto value = [&](const char* name) -> std::string {
    const char* const found = variable ? variable(name) : std::getenv(name);
    return found == nullptr ? "" : found;
  };
  const auto first_of = [&](std::initializer_list<const char*> names) -> Named {
    for (const char* name : names) {
      if (std::string found = value(name); !found.empty()) {
        return {.value = Secret(std::move(found)), .source = name};
      }
    }
    return {};
  };
  for_https_ = first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  for_http_ = first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  no_proxy_ = value("no_proxy");
  if (no_proxy_.empty()) no_proxy_ = value("NO_PROXY");
}

Result<std::optional<Proxy>> ProxyRules::proxy_for(std::string_view scheme,
                                                   std::string_view host) const {
  if (is_loopback(host) || named_by_no_proxy(no_proxy_, host)) return std::optional<Proxy>();
  const Named& named = scheme == "https" ? for_https_ : for_http_;
  const bool configured = !options_.proxy.empty();
  if (!configured && named.value.empty()) return std::optional<Proxy>();
  auto proxy = parse_proxy(configured ? std::string_view(options_.proxy) : named.value.reveal());
  const std::string source = configured ? kConfiguredProxy : named.source;
  if (!proxy) {
    return Error{.kind = ErrorKind::kSettings,
                 .message = source + " names no proxy that could be used, wanted " +
                            (configured ? "" : source + "=") + "http://HOST:PORT"};
  }
  proxy->source = source;
  if (configured && options_.credentials) {
    const auto credentials = options_.credentials();
    if (!credentials) return with_context(credentials.error(), "the proxy's user and password");
    const std::string_view text = credentials->reveal();
    const auto between = std::min(text.find(':'), text.size());
    proxy->user = Secret(std::string(text.substr(0, between)));
    proxy->password = Secret(std::string(text.substr(std::min(between + 1, text.size()))));
  }
  return std::optional<Proxy>(std::move(*proxy));
}

}  // namespace pce
