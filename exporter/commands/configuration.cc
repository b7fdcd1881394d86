#include "exporter/commands/configuration.h"

#include <utility>

#include "exporter/commands/credential_check.h"
#include "exporter/settings/message_text.h"

namespace pce {

Result<Configuration> load_configuration(const std::filesystem::path& file, WallTime now) {
  SettingsReading reading = read_settings(file);
  if (!reading.settings) return settings_error(path_text(file), reading.mistakes);
  const CredentialFindings findings = check_credentials(*reading.settings, now);
  if (!findings.mistakes.empty()) return settings_error(path_text(file), findings.mistakes);
  auto privacy = customer_privacy(reading.settings->metrics);
  if (!privacy) return privacy.error();
  return Configuration{.settings = std::move(*reading.settings),
                       .digest = std::move(reading.digest),
                       .privacy = *std::move(privacy)};
}

}  // namespace pce
