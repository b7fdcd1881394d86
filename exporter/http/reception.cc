#include "exporter/http/reception.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace pce {
namespace {

std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "HTTP/1.1 200 Reason" gives 200; 0: not a status line. libcurl itself is content with less.
int status_of(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  if (line.size() < kVersion.size() + 5 || !line.starts_with(kVersion)) return 0;
  line.remove_prefix(kVersion.size());
  int status = 0;
  const auto [end, error] = std::from_chars(line.data() + 2, line.data() + 5, status);
  const bool ends = line.size() == 5 || line[5] == ' ' || line[5] == '\r' || line[5] == '\n';
  const bool well_formed = (line[0] == '0' || line[0] == '1') && line[1] == ' ' && ends;
  return well_formed && error == std::errc() && end == line.data() + 5 && status >= 100 ? status
                                                                                        : 0;
}

}  // namespace

bool Reception::take_body(std::string_view bytes) {
  if (bytes.size() > limits.body_bytes - response.body.size()) {
    body_too_large = true;
    return false;
  }
  response.body.append(bytes);
  return true;
}

bool Reception::take_header(std::string_view line) {
  if (line.size() > limits.header_bytes - header_bytes) {
    headers_too_large = true;
    return false;
  }
  header_bytes += line.size();
  if (headers_done) return true;
  if (line.starts_with("HTTP/")) {
    response.headers.clear();
    response.status = status_of(line);
    interim = response.status < 200;
    not_http = response.status == 0;
    return !not_http;
  }
  line = without_spaces(line);
  if (line.empty()) {
    headers_done = !interim;
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response.headers.push_back({.name = std::string(without_spaces(line.substr(0, colon))),
                              .value = std::string(without_spaces(line.substr(colon + 1)))});
  return true;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kSeparators = "\"(),/:;<=>?@[\\]{}";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

}  // namespace pce
