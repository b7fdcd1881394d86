#include "exporter/web/client_names.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <type_traits>

#include <arpa/inet.h>
#include <gnutls/x509.h>

namespace pce {
namespace {

struct ReleaseCertificate {
  void operator()(gnutls_x509_crt_t handle) const { gnutls_x509_crt_deinit(handle); }
};
using Certificate = std::unique_ptr<std::remove_pointer_t<gnutls_x509_crt_t>, ReleaseCertificate>;

std::string address_text(const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  const bool known = bytes.size() == 4 || bytes.size() == 16;
  if (!known || inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return "";
  return text.data();
}

// The name at `index`; nullopt behind the last one. Empty: of a kind that nobody can name.
std::optional<std::string> name_at(gnutls_x509_crt_t certificate, unsigned index) {
  std::size_t size = 0;
  int kind = gnutls_x509_crt_get_subject_alt_name(certificate, index, nullptr, &size, nullptr);
  if (kind != GNUTLS_E_SHORT_MEMORY_BUFFER && kind < 0) {
    return kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? std::nullopt : std::optional("");
  }
  std::string name(size, '\0');
  kind = gnutls_x509_crt_get_subject_alt_name(certificate, index, name.data(), &size, nullptr);
  name.resize(size);
  switch (kind) {
    case GNUTLS_SAN_DNSNAME:
    case GNUTLS_SAN_RFC822NAME:
    case GNUTLS_SAN_URI:
      return name;
    case GNUTLS_SAN_IPADDRESS:
      return address_text(name);
    default:
      return "";
  }
}

}  // namespace

bool has_any_name(const gnutls_datum_t& der, const std::vector<std::string>& names) {
  gnutls_x509_crt_t handle = nullptr;
  if (gnutls_x509_crt_init(&handle) != 0) return false;
  const Certificate certificate(handle);
  if (gnutls_x509_crt_import(handle, &der, GNUTLS_X509_FMT_DER) != 0) return false;
  for (unsigned index = 0;; ++index) {
    const auto name = name_at(handle, index);
    if (!name) return false;
    if (!name->empty() && std::ranges::find(names, *name) != names.end()) return true;
  }
}

}  // namespace pce
