#pragma once
// The section tls_server_config of exporter-toolkit's web configuration. Source: exporter-toolkit
// docs/web-configuration.md.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"
#include "exporter/settings/section.h"
#include "exporter/web/tls_policy.h"

namespace pce {

// Where certificates or a key are to be read: a file, which may change, or the configuration's own
// text.
struct PemSource {
  TextPlace place{};             // in the configuration
  std::string path{};            // the key's, "tls_server_config.cert_file"
  std::filesystem::path file{};  // empty: `text` is it
  Secret text{};
};

enum class ClientAuth { kNone, kRequest, kRequireAny, kVerifyIfGiven, kRequireAndVerify };

struct TlsSettings {
  PemSource certificate{};
  PemSource key{};
  std::optional<PemSource> client_ca{};  // nullopt: the system's, where clients are verified
  ClientAuth client_auth = ClientAuth::kNone;
  std::vector<std::string> client_allowed_sans{};  // empty: any
  TlsPolicy policy{};
  TextPlace policy_place{};  // of cipher_suites, or of the section
  std::string policy_path{};
};

// nullopt: without TLS, or the section has mistakes, which are complained of. `doubts` gets what is
// allowed and hardly meant.
std::optional<TlsSettings> read_tls_settings(const SettingField& field,
                                             const std::filesystem::path& folder,
                                             SettingComplaints& complaints,
                                             SettingComplaints& doubts);

}  // namespace pce
