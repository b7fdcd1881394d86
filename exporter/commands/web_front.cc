#include "exporter/commands/web_front.h"

#include <memory>
#include <string>
#include <utility>

#include "exporter/base/file_stamp.h"
#include "exporter/base/utc_text.h"
#include "exporter/settings/message_text.h"
#include "exporter/telemetry/log.h"
#include "exporter/web/tls_renewal.h"
#include "exporter/web/web_config.h"
#include "exporter/web/web_config_watch.h"

namespace pce {
namespace {

void warn(const std::string& file, const std::vector<SettingMistake>& doubts) {
  for (const SettingMistake& doubt : doubts) {
    log_warn("Web configuration", {{"warning", mistake_text(file, doubt)}});
  }
}

}  // namespace

Result<HttpServerFront> web_front(const std::optional<std::filesystem::path>& file,
                                  const Clock& clock) {
  HttpServerFront front;
  if (!file) return front;
  const std::string name = path_text(*file);
  std::string stamp = file_stamp(*file);
  WebConfigReading reading = read_web_config(*file, clock.wall());
  if (!reading.config) return settings_error(name, reading.mistakes);
  warn(name, reading.doubts);
  WebConfig& config = *reading.config;
  front.doorkeeper = std::make_shared<Doorkeeper>(config, clock);
  std::shared_ptr<TlsRenewal> renewal;
  if (config.tls) {
    renewal = std::make_shared<TlsRenewal>(
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
  }
  const auto watch = std::make_shared<WebConfigWatch>(
      *file, std::move(stamp), WebConfigWatch::Parts{front.doorkeeper, renewal}, clock,
      [name](const Result<std::vector<SettingMistake>>& doubts) {
        if (!doubts) {
          return log_error("The web configuration cannot be used, the one before stays in use",
                           {{"error", doubts.error().message}});
        }
        warn(name, *doubts);
        log_info("The web configuration was read again", {{"web_config", name}});
      });
  front.renew = [watch] { watch->look(); };
  if (renewal) {
    front.tls = [watch, renewal] {
      watch->look();
      return renewal->current();
    };
  }
  return front;
}

}  // namespace pce
