#pragma once
// Proof Key for Code Exchange: whoever redeems a code shows that he asked for it. Source: RFC 7636.
#include <string>
#include <string_view>

#include "exporter/base/secret.h"

namespace pce {

// 256 bits from the kernel, as 43 characters that need no encoding anywhere.
std::string random_word();

struct Pkce {
  Secret verifier;        // told at the redemption only
  std::string challenge;  // what everybody may see, of the method S256
};
Pkce new_pkce();

std::string s256_challenge(std::string_view verifier);

}  // namespace pce
