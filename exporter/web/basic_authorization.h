#pragma once
// The value of an Authorization header. Source: RFC 7617.
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/secret.h"

namespace pce {

struct NamedPassword {
  std::string name;  // may be empty, has no colon; any bytes
  Secret password;   // likewise, colons too
};

// nullopt for everything that is not exactly "Basic ", in any case, and base64 of NAME:PASSWORD
// with its padding; two headers joined by a comma are none, nor is anything longer than 2 KiB.
std::optional<NamedPassword> read_basic_authorization(std::string_view value);

}  // namespace pce
