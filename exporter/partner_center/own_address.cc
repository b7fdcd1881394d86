#include "exporter/partner_center/own_address.h"

#include <algorithm>
#include <cctype>

#include "exporter/json/json_scalar.h"

namespace pce {
namespace {

// Without path: whoever compares two of these compares who is talked to.
struct Origin {
  std::string_view scheme, host, port;
};

struct Address {
  Origin origin;
  std::string_view rest;  // path, query and whatever follows
};

bool is_alpha(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// Whether `c` may stand as it is: letters, digits and `others`.
bool stands(char c, std::string_view others) {
  return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

void append_encoded(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out += '%';
  out += kHex[byte >> 4U];
  out += kHex[byte & 0xFU];
}

std::string_view scheme_of(std::string_view link) {
  const auto end = link.find(':');
  if (end == std::string_view::npos || end == 0 || !is_alpha(link.front())) return {};
  const std::string_view scheme = link.substr(0, end);
  const bool clean = std::ranges::all_of(scheme, [](char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  return clean ? scheme : std::string_view();
}

std::string_view usual_port(std::string_view scheme) {
  if (same_key(scheme, "https")) return "443";
  if (same_key(scheme, "http")) return "80";
  return {};
}

std::optional<Address> absolute(std::string_view link) {
  const std::string_view scheme = scheme_of(link);
  if (scheme.empty()) return std::nullopt;
  link.remove_prefix(scheme.size() + 1);
  if (!link.starts_with("//")) return std::nullopt;
  link.remove_prefix(2);
  // Some readers take a backslash for a slash; where the host ends must not depend on the reader.
  const auto end = std::min(link.find_first_of("/?#\\"), link.size());
  std::string_view host = link.substr(0, end);
  if (host.find('@') != std::string_view::npos) return std::nullopt;
  std::string_view port;
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (host.empty()) return std::nullopt;
  return Address{{scheme, host, port.empty() ? usual_port(scheme) : port}, link.substr(end)};
}

bool same_origin(const Origin& a, const Origin& b) {
  return same_key(a.scheme, b.scheme) && same_key(a.host, b.host) && a.port == b.port;
}

}  // namespace

std::optional<std::string_view> below_api_base(std::string_view link, std::string_view api_base) {
  if (scheme_of(link).empty()) return link;
  const auto there = absolute(link);
  const auto ours = absolute(api_base);
  if (!there || !ours || !same_origin(there->origin, ours->origin)) return std::nullopt;
  if (!there->rest.starts_with(ours->rest)) return std::nullopt;
  const std::string_view below = there->rest.substr(ours->rest.size());
  if (!below.starts_with('/')) return std::nullopt;
  return below;
}

std::string plain_path(std::string_view path) {
  std::string plain = "/";
  for (const char c : path) {
    if (c != '/' || plain.back() != '/') plain += c;
  }
  if (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  return plain;
}

std::optional<std::string> sendable_query(std::string_view query) {
  std::string sendable;
  for (std::size_t i = 0; i < query.size(); ++i) {
    const char c = query[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '#') return std::nullopt;
    const bool escape =
        c == '%' && i + 2 < query.size() && is_hex(query[i + 1]) && is_hex(query[i + 2]);
    if (escape || stands(c, "-._~!$&'()*+,;=:@/?")) {
      sendable += c;
    } else {
      append_encoded(sendable, byte);
    }
  }
  return sendable;
}

std::string query_value(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (stands(c, "-._~,:")) {
      encoded += c;
    } else {
      append_encoded(encoded, static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace pce
