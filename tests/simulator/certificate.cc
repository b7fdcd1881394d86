#include "tests/simulator/certificate.h"

#include <array>
#include <ctime>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

namespace simulator {
namespace {

gnutls_datum_t datum_of(std::string_view bytes) {
  // The library's inputs are not const, but it does not write to them.
  auto* data = const_cast<char*>(bytes.data());
  return {reinterpret_cast<unsigned char*>(data), static_cast<unsigned>(bytes.size())};
}

std::string fingerprint(gnutls_x509_crt_t certificate, gnutls_digest_algorithm_t digest) {
  std::array<unsigned char, 64> out{};
  std::size_t size = out.size();
  if (gnutls_x509_crt_get_fingerprint(certificate, digest, out.data(), &size) != 0) return "";
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

struct Certificate::Handles {
  gnutls_x509_crt_t certificate = nullptr;
  gnutls_pubkey_t key = nullptr;
  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (key != nullptr) gnutls_pubkey_deinit(key);
    if (certificate != nullptr) gnutls_x509_crt_deinit(certificate);
  }
};

std::string sha256(std::string_view bytes) {
  std::string out(32, '\0');
  gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.data(), bytes.size(), out.data());
  return out;
}

Certificate::Certificate(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Certificate::~Certificate() = default;

std::shared_ptr<const Certificate> Certificate::read(std::string_view pem, std::string& problem) {
  auto handles = std::make_unique<Handles>();
  const gnutls_datum_t text = datum_of(pem);
  int status = gnutls_x509_crt_init(&handles->certificate);
  if (status == 0)
    status = gnutls_x509_crt_import(handles->certificate, &text, GNUTLS_X509_FMT_PEM);
  if (status == 0) status = gnutls_pubkey_init(&handles->key);
  if (status == 0) status = gnutls_pubkey_import_x509(handles->key, handles->certificate, 0);
  if (status != 0) {
    problem = std::string("no certificate in PEM form: ").append(gnutls_strerror(status));
    return nullptr;
  }
  if (gnutls_pubkey_get_pk_algorithm(handles->key, nullptr) != GNUTLS_PK_RSA) {
    problem = "the certificate's key is not RSA";
    return nullptr;
  }
  return std::shared_ptr<const Certificate>(new Certificate(std::move(handles)));
}

std::string Certificate::sha256_thumbprint() const {
  return fingerprint(handles_->certificate, GNUTLS_DIG_SHA256);
}
std::string Certificate::sha1_thumbprint() const {
  return fingerprint(handles_->certificate, GNUTLS_DIG_SHA1);
}

bool Certificate::is_valid_at(Instant when) const {
  const std::time_t now = std::chrono::system_clock::to_time_t(when);
  return gnutls_x509_crt_get_activation_time(handles_->certificate) <= now &&
         now <= gnutls_x509_crt_get_expiration_time(handles_->certificate);
}

bool Certificate::verifies(std::string_view algorithm, std::string_view data,
                           std::string_view signature) const {
  gnutls_sign_algorithm_t kind = GNUTLS_SIGN_UNKNOWN;
  if (algorithm == "PS256") kind = GNUTLS_SIGN_RSA_PSS_RSAE_SHA256;
  if (algorithm == "RS256") kind = GNUTLS_SIGN_RSA_SHA256;
  if (kind == GNUTLS_SIGN_UNKNOWN) return false;
  const gnutls_datum_t content = datum_of(data);
  const gnutls_datum_t sealed = datum_of(signature);
  return gnutls_pubkey_verify_data2(handles_->key, kind, 0, &content, &sealed) >= 0;
}

}  // namespace simulator
