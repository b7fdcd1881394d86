#include "exporter/web/tls_credentials.h"

#include <array>
#include <ctime>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "exporter/base/utc_text.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/regular_file.h"
#include "exporter/web/client_names.h"

namespace pce {
namespace {

constexpr std::size_t kPemBytesMax = 1024UL * 1024;

template <auto kRelease>
struct Release {
  template <typename T>
  void operator()(T* handle) const {
    kRelease(handle);
  }
};
template <typename Handle, auto kRelease>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Release<kRelease>>;

using PrivateKey = Owned<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;
using Credentials = Owned<gnutls_certificate_credentials_t, gnutls_certificate_free_credentials>;
using Priority = Owned<gnutls_priority_t, gnutls_priority_deinit>;

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

}  // namespace

struct TlsCredentials::Parts {
  Credentials credentials;
  Priority up_to_12;  // null: not offered
  Priority of_13;     // likewise
  ClientAuth client_auth = ClientAuth::kNone;
  std::vector<std::string> allowed_sans;
  WallTime not_before;
  WallTime not_after;

  // Of the session, on the thread that does its handshake. Negative: the handshake fails.
  static int on_client_hello(gnutls_session_t session) noexcept;
  static int on_certificate(gnutls_session_t session) noexcept;
  std::optional<gnutls_alert_description_t> refuse_client(gnutls_session_t session) const;
};

// Reads the parts one after the other; each complains where the configuration names it.
class TlsCredentials::Loader {
 public:
  Loader(const TlsSettings& settings, SettingComplaints& complaints)
      : settings_(settings), complaints_(complaints) {}
  std::unique_ptr<const Parts> load();

 private:
  std::optional<Secret> content(const PemSource& source);
  std::optional<Chain> chain();
  PrivateKey key();
  bool use_pair(Parts& parts, const Chain& chain, gnutls_x509_privkey_t key);
  bool use_authorities(Parts& parts);
  bool use_policy(Parts& parts, gnutls_x509_privkey_t key);
  Priority priority(const std::string& text);
  void complain(const PemSource& source, const std::string& what);

  const TlsSettings& settings_;
  SettingComplaints& complaints_;
};

void TlsCredentials::Loader::complain(const PemSource& source, const std::string& what) {
  const std::string whose = source.file.empty() ? "" : path_text(source.file) + ": ";
  complaints_.add(source.place, source.path, whose + what);
}

std::optional<Secret> TlsCredentials::Loader::content(const PemSource& source) {
  if (source.file.empty()) return source.text;
  const auto file = RegularFile::open(source.file);
  auto text = file ? file->read(kPemBytesMax) : Result<std::string>(file.error());
  if (text) return Secret(std::move(*text));
  complaints_.add(source.place, source.path, text.error().message);
  return std::nullopt;
}

std::optional<Chain> TlsCredentials::Loader::chain() {
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

PrivateKey TlsCredentials::Loader::key() {
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

bool TlsCredentials::Loader::use_pair(Parts& parts, const Chain& chain, gnutls_x509_privkey_t key) {
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

bool TlsCredentials::Loader::use_authorities(Parts& parts) {
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

Priority TlsCredentials::Loader::priority(const std::string& text) {
  if (text.empty()) return nullptr;
  gnutls_priority_t handle = nullptr;
  const char* at = nullptr;
  const int status = gnutls_priority_init(&handle, text.c_str(), &at);
  if (status == 0) return Priority(handle);
  complaints_.add(settings_.policy_place, settings_.policy_path,
                  "this machine's GnuTLS cannot do it" + in_words(status));
  return nullptr;
}

bool TlsCredentials::Loader::use_policy(Parts& parts, gnutls_x509_privkey_t key) {
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

std::unique_ptr<const TlsCredentials::Parts> TlsCredentials::Loader::load() {
  auto parts = std::make_unique<Parts>();
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

std::shared_ptr<const TlsCredentials> TlsCredentials::load(const TlsSettings& settings,
                                                           SettingComplaints& complaints) {
  auto parts = Loader(settings, complaints).load();
  if (!parts) return nullptr;
  return std::shared_ptr<const TlsCredentials>(new TlsCredentials(std::move(parts)));
}

TlsCredentials::TlsCredentials(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
TlsCredentials::~TlsCredentials() = default;

WallTime TlsCredentials::not_before() const { return parts_->not_before; }
WallTime TlsCredentials::not_after() const { return parts_->not_after; }

std::string TlsCredentials::doubt(WallTime now) const {
  if (now > not_after()) {
    return "expired on " + utc_text(not_after()) + ": clients refuse it, wanted a renewed one";
  }
  if (now < not_before()) {
    return "is valid from " + utc_text(not_before()) +
           " on: clients refuse it until then, unless this machine's clock is wrong";
  }
  return "";
}

bool TlsCredentials::equip(gnutls_session_int* session) const noexcept {
  const Parts& parts = *parts_;
  const auto* const priority = parts.up_to_12 ? &parts.up_to_12 : &parts.of_13;
  if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, parts.credentials.get()) != 0 ||
      gnutls_priority_set(session, priority->get()) != 0) {
    return false;
  }
  // The pointer meant for a store of sessions, which we do not have; the session's own belongs to
  // whoever made it.
  gnutls_db_set_ptr(session, const_cast<Parts*>(&parts));
  gnutls_handshake_set_post_client_hello_function(session, &Parts::on_client_hello);
  if (parts.client_auth != ClientAuth::kNone) {
    const bool required = parts.client_auth == ClientAuth::kRequireAny ||
                          parts.client_auth == ClientAuth::kRequireAndVerify;
    gnutls_certificate_server_set_request(session,
                                          required ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
    gnutls_session_set_verify_function(session, &Parts::on_certificate);
  }
  return true;
}

int TlsCredentials::Parts::on_client_hello(gnutls_session_t session) noexcept {
  const auto& parts = *static_cast<const Parts*>(gnutls_db_get_ptr(session));
  const bool is_13 = gnutls_protocol_get_version(session) == GNUTLS_TLS1_3;
  const Priority& fitting = is_13 ? parts.of_13 : parts.up_to_12;
  return fitting ? gnutls_priority_set(session, fitting.get())
                 : GNUTLS_E_UNSUPPORTED_VERSION_PACKET;
}

int TlsCredentials::Parts::on_certificate(gnutls_session_t session) noexcept {
  const auto& parts = *static_cast<const Parts*>(gnutls_db_get_ptr(session));
  const auto alert = parts.refuse_client(session);
  if (!alert) return 0;
  gnutls_alert_send(session, GNUTLS_AL_FATAL, *alert);
  return GNUTLS_E_CERTIFICATE_ERROR;
}

std::optional<gnutls_alert_description_t> TlsCredentials::Parts::refuse_client(
    gnutls_session_t session) const {
  unsigned size = 0;
  const gnutls_datum_t* const given = gnutls_certificate_get_peers(session, &size);
  if (given == nullptr || size == 0) {
    const bool optional =
        client_auth == ClientAuth::kRequest || client_auth == ClientAuth::kVerifyIfGiven;
    return optional ? std::nullopt : std::optional(GNUTLS_A_CERTIFICATE_REQUIRED);
  }
  if (client_auth == ClientAuth::kVerifyIfGiven || client_auth == ClientAuth::kRequireAndVerify) {
    static constexpr std::string_view kPurpose = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st purpose{.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = datum_of(kPurpose).data,
                                  .size = static_cast<unsigned>(kPurpose.size())};
    unsigned status = 0;
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0)
      return GNUTLS_A_BAD_CERTIFICATE;
    if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0) return GNUTLS_A_UNKNOWN_CA;
    if ((status & GNUTLS_CERT_EXPIRED) != 0) return GNUTLS_A_CERTIFICATE_EXPIRED;
    if (status != 0) return GNUTLS_A_BAD_CERTIFICATE;
  }
  if (!allowed_sans.empty() && !has_any_name(given[0], allowed_sans))
    return GNUTLS_A_BAD_CERTIFICATE;
  return std::nullopt;
}

}  // namespace pce
