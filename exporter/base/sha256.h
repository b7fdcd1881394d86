#pragma once
// The hash SHA-256, and the keyed one made of it. Source: FIPS 180-4, FIPS 198-1.
#include <string>
#include <string_view>

#include "exporter/base/secret.h"

namespace pce {

std::string sha256(std::string_view bytes);  // 32 bytes

std::string hmac_sha256(const Secret& key, std::string_view bytes);  // 32 bytes

}  // namespace pce
