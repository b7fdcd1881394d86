#include "exporter/identity/client_certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <span>
#include <utility>
#include <vector>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

#include "exporter/base/gnutls_owned.h"

namespace pce {
namespace {

constexpr unsigned kKeyBitsMin = 2048;
constexpr std::size_t kSha256Bytes = 32;
constexpr auto kPs256 = GNUTLS_SIGN_RSA_PSS_RSAE_SHA256;  // its salt is as long as the hash
constexpr std::string_view kPemBegin = "-----BEGIN ";

using Certificate = GnutlsOwned<gnutls_x509_crt_t, gnutls_x509_crt_deinit>;
using PrivateKey = GnutlsOwned<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;
using Pkcs12 = GnutlsOwned<gnutls_pkcs12_t, gnutls_pkcs12_deinit>;
using PublicKey = GnutlsOwned<gnutls_pubkey_t, gnutls_pubkey_deinit>;
using SigningKey = GnutlsOwned<gnutls_privkey_t, gnutls_privkey_deinit>;

struct Pair {
  PrivateKey key;
  std::vector<Certificate> certificates;
};

Error refused(std::string message) {
  return {.kind = ErrorKind::kSettings, .message = std::move(message)};
}
std::string in_words(int code) { return std::string(" (") + gnutls_strerror(code) + ")"; }

gnutls_datum_t datum_of(std::string_view bytes) {
  // The library's inputs are not const, but it does not write to them.
  auto* const data = const_cast<char*>(bytes.data());
  return {reinterpret_cast<unsigned char*>(data), static_cast<unsigned>(bytes.size())};
}

// A Secret's text ends in a zero byte, like every std::string's.
const char* text_of(const std::optional<Secret>& password) {
  return password ? password->reveal().data() : nullptr;
}

void adopt(std::vector<Certificate>& into, gnutls_x509_crt_t* list, unsigned size) {
  for (const gnutls_x509_crt_t handle : std::span(list, list == nullptr ? 0 : size))
    into.emplace_back(handle);
  gnutls_free(list);
}

bool holds(const Secret& pem, std::string_view text) {
  return pem.reveal().find(text) != std::string_view::npos;
}

Error refused_password(const std::optional<Secret>& password, int why) {
  const char* const words =
      password ? "the password in client_certificate_password_file does not open its key"
               : "its key is encrypted, wanted the password in client_certificate_password_file";
  return refused(words + in_words(why));
}

Result<PrivateKey> read_pem_key(const ClientCertificate::Content& content) {
  const Secret& pem = content.key ? *content.key : content.certificate;
  if (!holds(pem, "PRIVATE KEY-----")) {
    const std::string none = "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)";
    return refused(content.key ? "client_key_file " + none
                               : none + ", wanted it there or in a file named by client_key_file");
  }
  gnutls_x509_privkey_t handle = nullptr;
  if (gnutls_x509_privkey_init(&handle) != 0) return refused("no memory for its key");
  PrivateKey key(handle);
  const bool encrypted = holds(pem, "ENCRYPTED");
  const gnutls_datum_t bytes = datum_of(pem.reveal());
  const int status = gnutls_x509_privkey_import2(
      handle, &bytes, GNUTLS_X509_FMT_PEM, encrypted ? text_of(content.password) : nullptr, 0);
  if (status == 0) return key;
  if (encrypted) return refused_password(content.password, status);
  return refused("its private key cannot be read" + in_words(status));
}

Result<Pair> read_pem(const ClientCertificate::Content& content) {
  const gnutls_datum_t bytes = datum_of(content.certificate.reveal());
  gnutls_x509_crt_t* list = nullptr;
  unsigned size = 0;
  const int status = gnutls_x509_crt_list_import2(&list, &size, &bytes, GNUTLS_X509_FMT_PEM, 0);
  if (status < 0) {
    return refused("holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)" +
                   in_words(status));
  }
  Pair pair;
  adopt(pair.certificates, list, size);
  auto key = read_pem_key(content);
  if (!key) return key.error();
  pair.key = std::move(*key);
  return pair;
}

// Without a password there are two ways to have none, and programs differ in which they mean.
std::vector<const char*> passwords_to_try(const std::optional<Secret>& password) {
  if (password) return {text_of(password)};
  return {nullptr, ""};
}

Result<Pair> read_pkcs12(const ClientCertificate::Content& content) {
  gnutls_pkcs12_t handle = nullptr;
  if (gnutls_pkcs12_init(&handle) != 0) return refused("no memory for it");
  const Pkcs12 store(handle);
  const gnutls_datum_t bytes = datum_of(content.certificate.reveal());
  if (gnutls_pkcs12_import(handle, &bytes, GNUTLS_X509_FMT_DER, 0) != 0)
    return refused("is neither PEM nor PKCS#12");
  if (content.key)
    return refused("is PKCS#12, which holds the key itself, wanted no client_key_file");
  int why = GNUTLS_E_MAC_VERIFY_FAILED;
  for (const char* const password : passwords_to_try(content.password)) {
    int status = gnutls_pkcs12_verify_mac(handle, password);
    if (status == GNUTLS_E_MAC_VERIFY_FAILED) continue;
    gnutls_x509_privkey_t key = nullptr;
    gnutls_x509_crt_t* chain = nullptr;
    gnutls_x509_crt_t* others = nullptr;
    unsigned chain_size = 0;
    unsigned others_size = 0;
    status = gnutls_pkcs12_simple_parse(handle, password, &key, &chain, &chain_size, &others,
                                        &others_size, nullptr, 0);
    if (status < 0) {
      why = status;
      continue;
    }
    Pair pair{.key = PrivateKey(key), .certificates = {}};
    adopt(pair.certificates, chain, chain_size);
    adopt(pair.certificates, others, others_size);
    return pair;
  }
  if (why == GNUTLS_E_MAC_VERIFY_FAILED || why == GNUTLS_E_DECRYPTION_FAILED)
    return refused_password(content.password, why);
  if (why == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return refused("is PKCS#12 that holds no certificate with its key");
  return refused("is PKCS#12 that cannot be read" + in_words(why));
}

using KeyId = std::array<unsigned char, kSha256Bytes>;

template <typename Handle>
KeyId key_id(int (*get)(Handle, unsigned, unsigned char*, std::size_t*), Handle handle) {
  KeyId id{};
  std::size_t size = id.size();
  if (get(handle, GNUTLS_KEYID_USE_SHA256, id.data(), &size) != 0) id.fill(0);
  return id;
}

std::optional<Error> refuse_key(gnutls_x509_privkey_t key) {
  unsigned bits = 0;
  const int algorithm = gnutls_x509_privkey_get_pk_algorithm2(key, &bits);
  const std::string wanted = ", wanted RSA of at least " + std::to_string(kKeyBitsMin) +
                             " bits, because the client assertion is signed with PS256";
  if (algorithm != GNUTLS_PK_RSA) {
    return refused(std::string("its key is of the kind ") +
                   gnutls_pk_get_name(static_cast<gnutls_pk_algorithm_t>(algorithm)) + wanted);
  }
  if (bits < kKeyBitsMin)
    return refused("its RSA key has " + std::to_string(bits) + " bits" + wanted);
  return std::nullopt;
}

// Whoever compares the halves by their modulus only takes a damaged key for a good one.
std::optional<Error> refuse_unfit_key(const ClientCertificate& certificate,
                                      gnutls_x509_crt_t public_half) {
  constexpr std::string_view kTrial = "Does the certificate verify what its key signs?";
  const auto signature = certificate.sign(kTrial);
  if (!signature) return refused("its key is damaged: " + signature.error().message);
  gnutls_pubkey_t handle = nullptr;
  if (gnutls_pubkey_init(&handle) != 0) return refused("no memory for its key");
  const PublicKey key(handle);
  const gnutls_datum_t data = datum_of(kTrial);
  const gnutls_datum_t sealed = datum_of(*signature);
  if (gnutls_pubkey_import_x509(handle, public_half, 0) != 0 ||
      gnutls_pubkey_verify_data2(handle, kPs256, 0, &data, &sealed) < 0) {
    return refused("its key is damaged: the certificate does not verify what it signs");
  }
  return std::nullopt;
}

WallTime wall_time(std::time_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

}  // namespace

struct ClientCertificate::Key {
  SigningKey handle;
};

ClientCertificate::ClientCertificate() = default;
ClientCertificate::ClientCertificate(ClientCertificate&&) noexcept = default;
ClientCertificate& ClientCertificate::operator=(ClientCertificate&&) noexcept = default;
ClientCertificate::~ClientCertificate() = default;

Result<ClientCertificate> ClientCertificate::load(const Content& content) {
  const bool pem = holds(content.certificate, kPemBegin);
  auto pair = pem ? read_pem(content) : read_pkcs12(content);
  if (!pair) return pair.error();
  if (auto error = refuse_key(pair->key.get())) return std::move(*error);
  const KeyId wanted = key_id(gnutls_x509_privkey_get_key_id, pair->key.get());
  const auto found = std::ranges::find_if(pair->certificates, [&](const Certificate& one) {
    return key_id(gnutls_x509_crt_get_key_id, one.get()) == wanted;
  });
  if (found == pair->certificates.end()) {
    return refused("holds no certificate of this key: certificate and key are not from one pair");
  }
  ClientCertificate out;
  out.not_before_ = wall_time(gnutls_x509_crt_get_activation_time(found->get()));
  out.not_after_ = wall_time(gnutls_x509_crt_get_expiration_time(found->get()));
  std::array<char, kSha256Bytes> digest{};
  std::size_t size = digest.size();
  if (gnutls_x509_crt_get_fingerprint(found->get(), GNUTLS_DIG_SHA256, digest.data(), &size) != 0)
    return refused("its thumbprint cannot be computed");
  out.thumbprint_.assign(digest.data(), size);

  gnutls_privkey_t handle = nullptr;
  if (gnutls_privkey_init(&handle) != 0) return refused("no memory for its key");
  SigningKey key(handle);
  if (const int status =
          gnutls_privkey_import_x509(handle, pair->key.get(), GNUTLS_PRIVKEY_IMPORT_COPY)) {
    return refused("its key cannot be used" + in_words(status));
  }
  out.key_ = std::make_unique<const Key>(Key{std::move(key)});
  if (auto error = refuse_unfit_key(out, found->get())) return std::move(*error);
  return out;
}

Result<std::string> ClientCertificate::sign(std::string_view data) const {
  const gnutls_datum_t content = datum_of(data);
  gnutls_datum_t signature{};
  const int status = gnutls_privkey_sign_data2(key_->handle.get(), kPs256, 0, &content, &signature);
  if (status != 0) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = "the client certificate's key does not sign" + in_words(status)};
  }
  std::string out(reinterpret_cast<const char*>(signature.data), signature.size);
  gnutls_free(signature.data);
  return out;
}

}  // namespace pce
