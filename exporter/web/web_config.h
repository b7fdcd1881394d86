#pragma once
// The file of --web.config.file, which exporters share: TLS, headers, passwords, a rate. Source:
// exporter-toolkit docs/web-configuration.md.
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http/transport.h"
#include "exporter/settings/mistake.h"
#include "exporter/web/password_book.h"
#include "exporter/web/tls_credentials.h"
#include "exporter/web/tls_settings.h"
#include "exporter/web/token_bucket.h"

namespace pce {

struct WebConfig {
  std::optional<TlsSettings> tls{};                     // nullopt: plain HTTP
  std::shared_ptr<const TlsCredentials> credentials{};  // where there is `tls`
  std::vector<Header> headers{};                        // of every answer
  std::vector<WebUser> users{};                         // empty: no password is asked for
  std::optional<Rate> rate_limit{};                     // of all requests together
};

struct WebConfigReading {
  std::optional<WebConfig> config{};       // whole and judged; nullopt: there are mistakes
  std::vector<SettingMistake> mistakes{};  // in the order of the file
  std::vector<SettingMistake> doubts{};    // what is allowed and hardly meant
};

// Reads the files it names as well. Relative paths start at the folder of `file`.
WebConfigReading read_web_config(const std::filesystem::path& file, WallTime now);

}  // namespace pce
