#include "exporter/base/sha256.h"

#include <stdexcept>

#include <gnutls/crypto.h>

namespace pce {

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  // It fails only where the library refuses to work at all, as in FIPS mode after a failed
  // self-test.
  const int failed = gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.data(), bytes.size(), digest.data());
  if (failed != 0)
    throw std::runtime_error(std::string("GnuTLS computes no SHA-256: ") + gnutls_strerror(failed));
  return digest;
}

}  // namespace pce
