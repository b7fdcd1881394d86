#include "exporter/web/web_config_watch.h"

#include <utility>

#include "exporter/base/file_stamp.h"
#include "exporter/settings/message_text.h"
#include "exporter/web/web_config.h"

namespace pce {

WebConfigWatch::WebConfigWatch(std::filesystem::path file, std::string stamp, Parts parts,
                               const Clock& clock, Told told)
    : file_(std::move(file)),
      parts_(std::move(parts)),
      clock_(clock),
      told_(std::move(told)),
      stamp_(std::move(stamp)) {}

void WebConfigWatch::look() {
  const std::scoped_lock lock(mutex_);
  // Before the file is read: what changes in between changes the stamp once more.
  std::string now = file_stamp(file_);
  if (now == stamp_) return;
  stamp_ = std::move(now);
  const std::string name = path_text(file_);
  WebConfigReading reading = read_web_config(file_, clock_.wall());
  if (!reading.config) return told_(settings_error(name, reading.mistakes));
  WebConfig& config = *reading.config;
  if (config.tls.has_value() != (parts_.tls != nullptr)) {
    return told_(
        Error{.kind = ErrorKind::kSettings,
              .message = name + ": tls_server_config: TLS is turned on or off by a restart"});
  }
  if (parts_.tls) parts_.tls->adopt(*std::move(config.tls), std::move(config.credentials));
  parts_.doorkeeper->adopt(config);
  told_(std::move(reading.doubts));
}

}  // namespace pce
