#include "exporter/web/keyed_hash.h"

#include <array>
#include <cstdint>
#include <stdexcept>

#include <gnutls/crypto.h>

namespace pce {

std::string keyed_hash(const Secret& key, std::initializer_list<std::string_view> fields) {
  gnutls_hmac_hd_t handle = nullptr;
  const std::string_view bytes = key.reveal();
  // It fails only where memory is out, or the library refuses to work at all.
  if (gnutls_hmac_init(&handle, GNUTLS_MAC_SHA256, bytes.data(), bytes.size()) != 0) {
    throw std::runtime_error("GnuTLS computes no HMAC");
  }
  for (const std::string_view field : fields) {
    std::array<unsigned char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) {
      length[i] = static_cast<unsigned char>(std::uint64_t{field.size()} >> (8 * i));
    }
    gnutls_hmac(handle, length.data(), length.size());
    gnutls_hmac(handle, field.data(), field.size());
  }
  std::string digest(32, '\0');
  gnutls_hmac_deinit(handle, digest.data());
  return digest;
}

}  // namespace pce
