#pragma once
// The part of an account's configuration that says how its calls leave the machine: `proxy`,
// `proxy_credentials_file`, `ca_file`.
#include <filesystem>
#include <optional>
#include <string_view>

#include "exporter/settings/account_settings.h"
#include "exporter/settings/section.h"
#include "exporter/settings/settings.h"

namespace pce {

inline constexpr const char* kProxyCredentialsWanted =
    "the path of a file with USER:PASSWORD for the proxy";

// `credentials_file`: what the key names, already judged as a secret file. With
// SecretFiles::kCheck its content and that of ca_file are judged, too. Mistakes are in
// `complaints`; what is returned then is of no use.
NetworkSettings read_network_settings(const SettingSection& account,
                                      const std::filesystem::path& folder,
                                      const std::optional<std::filesystem::path>& credentials_file,
                                      SecretFiles secret_files, SettingComplaints& complaints);

// http://host:port or https://host:port in lower case. The error says what was found and wanted,
// and repeats nothing of an address that may hold a password.
Result<std::string> parse_proxy_address(std::string_view text);

// Whether PEM text holds a certificate, as far as that can be told without decoding it.
bool holds_certificate(std::string_view pem);

}  // namespace pce
