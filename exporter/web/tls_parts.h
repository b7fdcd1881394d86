#pragma once
// Certificate, key, authorities and priorities, read and fit for GnuTLS. For tls_credentials.cc.
#include <memory>
#include <string>
#include <vector>

#include <gnutls/gnutls.h>

#include "exporter/base/clock.h"
#include "exporter/base/gnutls_owned.h"
#include "exporter/settings/section.h"
#include "exporter/web/tls_settings.h"

namespace pce {

using GnutlsPriority = GnutlsOwned<gnutls_priority_t, gnutls_priority_deinit>;

struct TlsParts {
  GnutlsOwned<gnutls_certificate_credentials_t, gnutls_certificate_free_credentials> credentials;
  GnutlsPriority up_to_12;  // null: not offered
  GnutlsPriority of_13;     // likewise
  ClientAuth client_auth = ClientAuth::kNone;
  std::vector<std::string> allowed_sans;
  WallTime not_before;
  WallTime not_after;
};

// Null, and complaints where the configuration names what cannot be used.
std::unique_ptr<const TlsParts> load_tls_parts(const TlsSettings& settings,
                                               SettingComplaints& complaints);

}  // namespace pce
