#include "exporter/settings/endpoint.h"

#include <algorithm>

#include "exporter/settings/message_text.h"
#include "exporter/settings/network_name.h"

namespace pce {
namespace {

Error refused(const std::string& found, const std::string& wanted) {
  return Error{.kind = ErrorKind::kSettings, .message = "found " + found + ", wanted " + wanted};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

Result<std::string> parse_endpoint(std::string_view text) {
  const std::string form = "an address such as https://api.partnercenter.microsoft.com";
  if (text.find('@') != std::string_view::npos) {
    return refused("an address with a user or password in it", form);
  }
  if (text.find_first_of("?#") != std::string_view::npos) {
    return refused("an address with a query or fragment in it", form);
  }
  if (text.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%:/[]") !=
      std::string_view::npos) {
    return refused(in_quotes(text), form);
  }
  const std::size_t colon = text.find("://");
  const std::string scheme = lower(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") return refused(in_quotes(text), form);

  const std::string_view behind = text.substr(colon + 3);
  const std::string_view authority = behind.substr(0, behind.find('/'));
  std::string_view path = behind.substr(authority.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.find_first_of("[]:") != std::string_view::npos) return refused(in_quotes(text), form);

  const auto parsed = parse_authority(authority);
  if (!parsed) return refused(in_quotes(text), form);
  if (scheme == "http" && !is_loopback_host(lower(parsed->host))) {
    return refused(
        in_quotes(text),
        "https: tokens travel in the clear over http, which is for loopback addresses only");
  }
  return scheme + "://" + lower(authority) + std::string(path);
}

}  // namespace pce
