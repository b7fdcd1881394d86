#include "exporter/base/seal.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include <gnutls/crypto.h>

#include "exporter/base/random_bytes.h"
#include "exporter/base/sha256.h"

namespace pce {
namespace {

constexpr std::string_view kMark = "pce sealed v1\n";
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Cipher = std::unique_ptr<std::remove_pointer_t<gnutls_aead_cipher_hd_t>,
                               decltype(&gnutls_aead_cipher_deinit)>;

std::runtime_error refusal(int failed) {
  return std::runtime_error(std::string("GnuTLS does no AES-256-GCM: ") + gnutls_strerror(failed));
}

Cipher cipher_with(const Secret& key) {
  const std::string_view bytes = key.reveal();
  // The library only reads it.
  auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  const gnutls_datum_t datum{.data = data, .size = static_cast<unsigned>(bytes.size())};
  gnutls_aead_cipher_hd_t handle = nullptr;
  const int failed = gnutls_aead_cipher_init(&handle, GNUTLS_CIPHER_AES_256_GCM, &datum);
  if (failed != 0) throw refusal(failed);
  return {handle, &gnutls_aead_cipher_deinit};
}

}  // namespace

Seal::Seal(const Secret& key, std::string_view purpose) : key_(hmac_sha256(key, purpose)) {}

Result<std::string> Seal::close(std::string_view bytes) const {
  const auto nonce = random_bytes(kNonceBytes);
  if (!nonce) return nonce.error();
  std::string sealed;
  sealed.append(kMark).append(*nonce);
  const std::size_t at = sealed.size();
  sealed.resize(at + bytes.size() + kTagBytes);
  std::size_t size = sealed.size() - at;
  const Cipher cipher = cipher_with(key_);
  const int failed = gnutls_aead_cipher_encrypt(cipher.get(), nonce->data(), nonce->size(),
                                                kMark.data(), kMark.size(), kTagBytes, bytes.data(),
                                                bytes.size(), sealed.data() + at, &size);
  if (failed != 0) throw refusal(failed);
  return sealed;
}

std::optional<std::string> Seal::open(std::string_view sealed) const {
  if (!is_sealed(sealed)) return std::nullopt;
  const std::string_view nonce = sealed.substr(kMark.size(), kNonceBytes);
  const std::string_view closed = sealed.substr(kMark.size() + kNonceBytes);
  std::string bytes(closed.size() - kTagBytes, '\0');
  std::size_t size = bytes.size();
  const Cipher cipher = cipher_with(key_);
  const int failed = gnutls_aead_cipher_decrypt(cipher.get(), nonce.data(), nonce.size(),
                                                kMark.data(), kMark.size(), kTagBytes,
                                                closed.data(), closed.size(), bytes.data(), &size);
  if (failed == GNUTLS_E_DECRYPTION_FAILED) return std::nullopt;
  if (failed != 0) throw refusal(failed);
  return bytes;
}

bool is_sealed(std::string_view bytes) {
  return bytes.starts_with(kMark) && bytes.size() >= kMark.size() + kNonceBytes + kTagBytes;
}

}  // namespace pce
