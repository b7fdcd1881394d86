#include "exporter/web/request_gate.h"

#include <algorithm>
#include <utility>

#include "exporter/http/transport.h"

namespace pce {
namespace {

constexpr std::string_view kTokenPunctuation = "!#$%&'*+-.^_`|~";
constexpr std::string_view kHostPunctuation = "-._~!$&'()*+;=:[]%";  // a comma would be a list
constexpr std::size_t kTargetMax = 16UL * 1024;
constexpr std::size_t kHeadersMax = 16UL * 1024;  // names and values
constexpr std::size_t kHeaderCountMax = 100;
constexpr std::string_view kLineEnd("\0\0", 2);  // what is left of CR LF

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_only(std::string_view text, std::string_view punctuation) {
  return std::ranges::all_of(text, [punctuation](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           punctuation.find(c) != std::string_view::npos;
  });
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) { return !text.empty() && has_only(text, kTokenPunctuation); }

// Bytes above 127 are tolerated, as everywhere.
bool is_field_value(std::string_view text) {
  return std::ranges::none_of(text,
                              [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

std::vector<std::string_view> values_of(const std::vector<SentHeader>& headers,
                                        std::string_view name) {
  std::vector<std::string_view> values;
  for (const SentHeader& header : headers) {
    if (same_header_name(header.name, name)) values.push_back(header.value);
  }
  return values;
}

Refusal bad_request(std::string reason) { return {.status = 400, .reason = std::move(reason)}; }

std::optional<Refusal> refuse_size(const RequestLine& line,
                                   const std::vector<SentHeader>& headers) {
  if (line.target.size() > kTargetMax) {
    return Refusal{.status = 414, .reason = "The request target is longer than 16 KiB."};
  }
  std::size_t size = 0;
  for (const SentHeader& header : headers) size += header.name.size() + header.value.size();
  if (headers.size() > kHeaderCountMax || size > kHeadersMax) {
    return Refusal{.status = 431, .reason = "There are more than 100 headers, or 16 KiB of them."};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse_request(const RequestLine& line,
                                      const std::vector<SentHeader>& headers) {
  if (auto refusal = refuse_size(line, headers)) return refusal;
  if (!is_token(line.method)) {
    return bad_request("The method is empty or has a character that no method may have.");
  }
  if (std::ranges::any_of(line.target, [](unsigned char c) { return c <= 0x20 || c == 0x7F; })) {
    return bad_request("The request target has a space or a control character in it.");
  }
  for (const SentHeader& header : headers) {
    if (!is_token(header.name)) {
      return bad_request("A header's name is empty or has a character that no name may have.");
    }
    if (!is_field_value(header.value)) {
      return bad_request("A header's value has a control character in it.");
    }
  }
  const auto hosts = values_of(headers, "Host");
  if (hosts.size() > 1) return bad_request("There is more than one Host header.");
  if (hosts.empty() && line.version != "HTTP/1.0") return bad_request("There is no Host header.");
  if (!hosts.empty() && !has_only(hosts.front(), kHostPunctuation)) {
    return bad_request("The Host header is not one host.");
  }
  const auto lengths = values_of(headers, "Content-Length");
  const auto codings = values_of(headers, "Transfer-Encoding");
  if (lengths.size() > 1) return bad_request("There is more than one Content-Length header.");
  if (!lengths.empty() && !codings.empty()) {
    return bad_request("Content-Length and Transfer-Encoding exclude each other.");
  }
  if (!lengths.empty() &&
      (lengths.front().empty() || !std::ranges::all_of(lengths.front(), is_digit))) {
    return bad_request("Content-Length is not a number.");
  }
  if (!codings.empty() && (codings.size() > 1 || codings.front() != "chunked")) {
    return bad_request("The only Transfer-Encoding understood is one time chunked.");
  }
  if ((line.method == "GET" || line.method == "HEAD") && announces_body(headers)) {
    return bad_request("A GET or HEAD request must not have a body here.");
  }
  return std::nullopt;
}

bool announces_body(const std::vector<SentHeader>& headers) {
  if (!values_of(headers, "Transfer-Encoding").empty()) return true;
  return std::ranges::any_of(values_of(headers, "Content-Length"), [](std::string_view digits) {
    return std::ranges::any_of(digits, [](char digit) { return digit != '0'; });
  });
}

std::optional<Refusal> refuse_header_block(std::string_view block) {
  const auto refusal = [] {
    return bad_request(
        "The header lines are not plain lines of name, colon and value ending in CR LF.");
  };
  // The first line here is the rest of the request line, the HTTP version.
  std::size_t end = block.find('\0');
  while (end != std::string_view::npos && block.substr(end, 2) == kLineEnd) {
    const std::size_t line = end + kLineEnd.size();
    if (block.substr(line) == kLineEnd) return std::nullopt;
    const std::size_t colon = block.find('\0', line);
    if (colon == std::string_view::npos || !is_token(block.substr(line, colon - line))) {
      return refusal();
    }
    end = block.find('\0', colon + 1);
  }
  return refusal();
}

}  // namespace pce
