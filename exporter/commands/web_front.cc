#include "exporter/commands/web_front.h"

#include <memory>
#include <string>
#include <utility>

#include "exporter/base/utc_text.h"
#include "exporter/settings/message_text.h"
#include "exporter/telemetry/log.h"
#include "exporter/web/tls_renewal.h"
#include "exporter/web/web_config.h"

namespace pce {

Result<HttpServerFront> web_front(const std::optional<std::filesystem::path>& file,
                                  const Clock& clock) {
  HttpServerFront front;
  if (!file) return front;
  const std::string name = path_text(*file);
  WebConfigReading reading = read_web_config(*file, clock.wall());
  if (!reading.config) return settings_error(name, reading.mistakes);
  for (const SettingMistake& doubt : reading.doubts) {
    log_warn("Web configuration", {{"warning", mistake_text(name, doubt)}});
  }
  WebConfig& config = *reading.config;
  front.doorkeeper = std::make_shared<Doorkeeper>(config, clock);
  if (!config.tls) return front;
  auto renewal = std::make_shared<TlsRenewal>(
      *std::move(config.tls), std::move(config.credentials), name, [](const Status& status) {
        if (status) {
          log_info("TLS certificate read again");
        } else {
          log_error("TLS certificate cannot be used, the one before stays in use",
                    {{"error", status.error().message}});
        }
      });
  log_info("TLS certificate read",
           {{"not_after", utc_text(renewal->current()->not_after())}, {"web_config", name}});
  front.tls = [renewal] { return renewal->current(); };
  return front;
}

}  // namespace pce
