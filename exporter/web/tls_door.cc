#include "exporter/web/tls_door.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

namespace pce {
namespace {

int no_certificate(gnutls_session_t, const gnutls_datum_t*, int, const gnutls_pk_algorithm_t*, int,
                   gnutls_pcert_st**, unsigned*, gnutls_privkey_t*) {
  return -1;  // the handshake fails
}

}  // namespace

std::array<MHD_OptionItem, 2> tls_options() {
  return {{{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, reinterpret_cast<void*>(&no_certificate)},
           {MHD_OPTION_END, 0, nullptr}}};
}

bool equip(MHD_Connection* connection, const TlsCredentials& credentials) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info != nullptr && info->tls_session != nullptr &&
         credentials.equip(static_cast<gnutls_session_t>(info->tls_session));
}

}  // namespace pce
