#include "exporter/identity/pkce.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/random.h>

#include "exporter/base/base64url.h"
#include "exporter/identity/sha256.h"

namespace pce {

std::string random_word() {
  std::array<char, 32> bytes{};
  // Up to 256 bytes come whole, once the kernel has gathered enough to begin with.
  ssize_t got = 0;
  do {
    got = getrandom(bytes.data(), bytes.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(bytes.size()))
    throw std::system_error(errno, std::generic_category(), "the kernel gives no random bytes");
  return base64url({bytes.data(), bytes.size()});
}

Pkce new_pkce() {
  Secret verifier(random_word());
  std::string challenge = s256_challenge(verifier.reveal());
  return {.verifier = std::move(verifier), .challenge = std::move(challenge)};
}

std::string s256_challenge(std::string_view verifier) { return base64url(sha256(verifier)); }

}  // namespace pce
