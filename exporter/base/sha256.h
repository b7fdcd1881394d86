#pragma once
// The hash SHA-256. Source: FIPS 180-4.
#include <string>
#include <string_view>

namespace pce {

std::string sha256(std::string_view bytes);  // 32 bytes

}  // namespace pce
