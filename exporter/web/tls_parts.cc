#include "exporter/web/tls_parts.h"

#include <array>
#include <ctime>
#include <new>
#include <optional>
#include <span>
#include <utility>

#include <gnutls/x509.h>

#include "exporter/settings/message_text.h"
#include "exporter/settings/regular_file.h"

namespace pce {
namespace {

constexpr std::size_t kPemBytesMax = 1024UL * 1024;

using PrivateKey = GnutlsOwned<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;

// Owned like the library's own lists.
class Chain {
 public:
  Chain(gnutls_x509_crt_t* list, unsigned size) : list_(list), size_(size) {}
  Chain(Chain&& other) noexcept
      : list_(std::exchange(other.list_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Chain& operator=(Chain&&) = delete;
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;
  ~Chain() {
    for (const gnutls_x509_crt_t one : std::span(list_, size_)) gnutls_x509_crt_deinit(one);
    gnutls_free(list_);
  }
  gnutls_x509_crt_t* list() const { return list_; }
  int size() const { return static_cast<int>(size_); }
  gnutls_x509_crt_t leaf() const { return list_[0]; }

 private:
  gnutls_x509_crt_t* list_;
  unsigned size_;
};

gnutls_datum_t datum_of(std::string_view bytes) {
  // The library's inputs are not const, but it does not write to them.
  auto* const data = const_cast<char*>(bytes.data());
  return {reinterpret_cast<unsigned char*>(data), static_cast<unsigned>(bytes.size())};
}

std::string in_words(int code) { return std::string(" (") + gnutls_strerror(code) + ")"; }

WallTime wall_time(std::time_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

template <typename Handle>
std::array<unsigned char, 32> key_id(int (*get)(Handle, unsigned, unsigned char*, std::size_t*),
                                     Handle handle) {
  std::array<unsigned char, 32> id{};
  std::size_t size = id.size();
  if (get(handle, GNUTLS_KEYID_USE_SHA256, id.data(), &size) != 0) id.fill(0);
  return id;
}

// Reads the parts one after the other; each complains where the configuration names it.
class Loader {
 public:
  Loader(const TlsSettings& settings, SettingComplaints& complaints)
      : settings_(settings), complaints_(complaints) {}
  std::unique_ptr<const TlsParts> load();

 private:
  std::optional<Secret> content(const PemSource& source);
  std::optional<Chain> chain();
  PrivateKey key();
  bool use_pair(TlsParts& parts, const Chain& chain, gnutls_x509_privkey_t key);
  bool use_authorities(TlsParts& parts);
  bool use_policy(TlsParts& parts, gnutls_x509_privkey_t key);
  GnutlsPriority priority(const std::string& text);
  void complain(const PemSource& source, const std::string& what);

  const TlsSettings& settings_;
  SettingComplaints& complaints_;
};

void Loader::complain(const PemSource& source, const std::string& what) {
  const std::string whose = source.file.empty() ? "" : path_text(source.file) + ": ";
  complaints_.add(source.place, source.path, whose + what);
}

std::optional<Secret> Loader::content(const PemSource& source) {
  if (source.file.empty()) return source.text;
  const auto file = RegularFile::open(source.file);
  auto text = file ? file->read(kPemBytesMax) : Result<std::string>(file.error());
  if (text) return Secret(std::move(*text));
  complaints_.add(source.place, source.path, text.error().message);
  return std::nullopt;
}

std::optional<Chain> Loader::chain() {
  const PemSource& source = settings_.certificate;
  const auto pem = content(source);
  if (!pem) return std::nullopt;
  const gnutls_datum_t bytes = datum_of(pem->reveal());
  gnutls_x509_crt_t* list = nullptr;
  unsigned size = 0;
  const int status = gnutls_x509_crt_list_import2(&list, &size, &bytes, GNUTLS_X509_FMT_PEM, 0);
  if (status >= 0 && size > 0) return Chain(list, size);
  const bool key_instead = pem->reveal().find("PRIVATE KEY-----") != std::string_view::npos;
  complain(source, std::string("holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)") +
                       (key_instead ? " but a private key: the two may have been exchanged" : ""));
  return std::nullopt;
}

PrivateKey Loader::key() {
  const PemSource& source = settings_.key;
  const auto pem = content(source);
  if (!pem) return nullptr;
  if (pem->reveal().find("PRIVATE KEY-----") == std::string_view::npos) {
    complain(source, "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    return nullptr;
  }
  if (pem->reveal().find("ENCRYPTED") != std::string_view::npos) {
    complain(source,
             "its key is encrypted, and the web configuration has no place for its password, "
             "wanted it plain; openssl pkey -in FILE -out PLAIN writes it so");
    return nullptr;
  }
  gnutls_x509_privkey_t handle = nullptr;
  if (gnutls_x509_privkey_init(&handle) != 0) throw std::bad_alloc();
  PrivateKey key(handle);
  const gnutls_datum_t bytes = datum_of(pem->reveal());
  const int status = gnutls_x509_privkey_import2(handle, &bytes, GNUTLS_X509_FMT_PEM, nullptr, 0);
  if (status == 0) return key;
  complain(source, "its private key cannot be read" + in_words(status));
  return nullptr;
}

bool Loader::use_pair(TlsParts& parts, const Chain& chain, gnutls_x509_privkey_t key) {
  if (key_id(gnutls_x509_crt_get_key_id, chain.leaf()) !=
      key_id(gnutls_x509_privkey_get_key_id, key)) {
    complain(settings_.key,
             "is not the key of the certificate, which is the first one in " +
                 (settings_.certificate.file.empty() ? settings_.certificate.path
                                                     : path_text(settings_.certificate.file)));
    return false;
  }
  const int status =
      gnutls_certificate_set_x509_key(parts.credentials.get(), chain.list(), chain.size(), key);
  if (status < 0) {
    complain(settings_.certificate, "cannot be used" + in_words(status));
    return false;
  }
  parts.not_before = wall_time(gnutls_x509_crt_get_activation_time(chain.leaf()));
  parts.not_after = wall_time(gnutls_x509_crt_get_expiration_time(chain.leaf()));
  return true;
}

bool Loader::use_authorities(TlsParts& parts) {
  const bool verifies = settings_.client_auth == ClientAuth::kVerifyIfGiven ||
                        settings_.client_auth == ClientAuth::kRequireAndVerify;
  if (!settings_.client_ca) {
    // As Go does. Where the system has no authorities, nobody is verified.
    if (verifies) gnutls_certificate_set_x509_system_trust(parts.credentials.get());
    return true;
  }
  const auto pem = content(*settings_.client_ca);
  if (!pem) return false;
  const gnutls_datum_t bytes = datum_of(pem->reveal());
  const int count =
      gnutls_certificate_set_x509_trust_mem(parts.credentials.get(), &bytes, GNUTLS_X509_FMT_PEM);
  if (count > 0) return true;
  complain(*settings_.client_ca,
           "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----), wanted one at least, "
           "or no client could come in");
  return false;
}

GnutlsPriority Loader::priority(const std::string& text) {
  if (text.empty()) return nullptr;
  gnutls_priority_t handle = nullptr;
  const int status = gnutls_priority_init(&handle, text.c_str(), nullptr);
  if (status != 0) {
    complaints_.add(settings_.policy_place, settings_.policy_path,
                    "this machine's GnuTLS cannot do it" + in_words(status));
    return nullptr;
  }
  GnutlsPriority made(handle);
  // What the system's settings forbid is left out in silence.
  const unsigned* versions = nullptr;
  const int allowed = gnutls_priority_protocol_list(handle, &versions);
  int wanted = 0;
  for (auto at = text.find("+VERS-"); at != std::string::npos; at = text.find("+VERS-", at + 1))
    ++wanted;
  if (allowed >= wanted) return made;
  complaints_.add(settings_.policy_place, settings_.policy_path,
                  "this machine's settings for GnuTLS (/etc/gnutls/config) forbid a version of TLS "
                  "between min_version and max_version");
  return nullptr;
}

bool Loader::use_policy(TlsParts& parts, gnutls_x509_privkey_t key) {
  const int algorithm = gnutls_x509_privkey_get_pk_algorithm(key);
  const bool rsa = algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS;
  const bool curve = algorithm == GNUTLS_PK_ECDSA || algorithm == GNUTLS_PK_EDDSA_ED25519;
  if (!rsa && !curve) {
    complain(settings_.key, std::string("its key is of the kind ") +
                                gnutls_pk_get_name(static_cast<gnutls_pk_algorithm_t>(algorithm)) +
                                ", wanted RSA, ECDSA or Ed25519");
    return false;
  }
  const auto text = priorities_of(settings_.policy, rsa ? TlsKeyKind::kRsa : TlsKeyKind::kEcdsa);
  if (!text) {
    complaints_.add(settings_.policy_place, settings_.policy_path, text.error().message);
    return false;
  }
  parts.up_to_12 = priority(text->up_to_12);
  parts.of_13 = priority(text->of_13);
  return (parts.up_to_12 || text->up_to_12.empty()) && (parts.of_13 || text->of_13.empty());
}

std::unique_ptr<const TlsParts> Loader::load() {
  auto parts = std::make_unique<TlsParts>();
  gnutls_certificate_credentials_t handle = nullptr;
  if (gnutls_certificate_allocate_credentials(&handle) != 0) throw std::bad_alloc();
  parts->credentials.reset(handle);
  parts->client_auth = settings_.client_auth;
  parts->allowed_sans = settings_.client_allowed_sans;
  const auto certificates = chain();
  const PrivateKey private_key = key();
  bool good = use_authorities(*parts);
  good = certificates && private_key && use_pair(*parts, *certificates, private_key.get()) &&
         use_policy(*parts, private_key.get()) && good;
  return good ? std::move(parts) : nullptr;
}

}  // namespace

std::unique_ptr<const TlsParts> load_tls_parts(const TlsSettings& settings,
                                               SettingComplaints& complaints) {
  return Loader(settings, complaints).load();
}

}  // namespace pce
