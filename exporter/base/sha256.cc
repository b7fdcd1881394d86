#include "exporter/base/sha256.h"

#include <stdexcept>

#include <gnutls/crypto.h>

namespace pce {
namespace {

// It fails only where the library refuses to work at all, as in FIPS mode after a failed self-test.
void must_work(int failed) {
  if (failed != 0)
    throw std::runtime_error(std::string("GnuTLS computes no SHA-256: ") + gnutls_strerror(failed));
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  must_work(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.data(), bytes.size(), digest.data()));
  return digest;
}

std::string hmac_sha256(const Secret& key, std::string_view bytes) {
  std::string digest(32, '\0');
  must_work(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.reveal().data(), key.reveal().size(),
                             bytes.data(), bytes.size(), digest.data()));
  return digest;
}

}  // namespace pce
