#pragma once
// Base64 with "-" and "_", without padding. Source: RFC 4648 section 5, as RFC 7515 (JWS) and RFC
// 7636 (PKCE) use it.
#include <optional>
#include <string>
#include <string_view>

namespace pce {

std::string base64url(std::string_view bytes);
// The bytes behind `text`; nullopt for anything base64url() never writes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace pce
