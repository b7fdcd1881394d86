#include "exporter/web/basic_authorization.h"

#include <algorithm>
#include <utility>

#include "exporter/base/base64url.h"

namespace pce {
namespace {

constexpr std::size_t kValueBytesMax = 2048;

// Of RFC 4648 section 4: the one with "+" and "/", and padding.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  if (text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  std::string other(text);
  std::ranges::replace(other, '+', '-');
  std::ranges::replace(other, '/', '_');
  const Secret wiped(std::move(other));
  return from_base64url(wiped.reveal());
}

}  // namespace

std::optional<NamedPassword> read_basic_authorization(std::string_view value) {
  constexpr std::string_view kScheme = "basic ";
  if (value.size() > kValueBytesMax || value.size() < kScheme.size()) return std::nullopt;
  const auto letter = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  if (!std::ranges::equal(value.substr(0, kScheme.size()), kScheme, {}, letter))
    return std::nullopt;
  value.remove_prefix(kScheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  auto decoded = from_base64(value);
  if (!decoded) return std::nullopt;
  const Secret pair(std::move(*decoded));
  const std::string_view text = pair.reveal();
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return NamedPassword{.name = std::string(text.substr(0, colon)),
                       .password = Secret(std::string(text.substr(colon + 1)))};
}

}  // namespace pce
