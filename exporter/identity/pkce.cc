#include "exporter/identity/pkce.h"

#include <stdexcept>

#include "exporter/base/base64url.h"
#include "exporter/base/random_bytes.h"
#include "exporter/base/sha256.h"

namespace pce {

std::string random_word() {
  const auto bytes = random_bytes(32);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return base64url(*bytes);
}

Pkce new_pkce() {
  Secret verifier(random_word());
  std::string challenge = s256_challenge(verifier.reveal());
  return {.verifier = std::move(verifier), .challenge = std::move(challenge)};
}

std::string s256_challenge(std::string_view verifier) { return base64url(sha256(verifier)); }

}  // namespace pce
