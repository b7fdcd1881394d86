#include "exporter/commands/reload.h"

#include <exception>
#include <utility>
#include <vector>

#include "exporter/base/file_stamp.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/settings_change.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// What no reload can change; empty: nothing of that is different.
std::string needs_a_restart(const Configuration& before, const Configuration& after) {
  const Settings& running = before.settings;
  const Settings& next = after.settings;
  const auto refusal = [](const std::string& key, const char* why) {
    return key + ": a reload cannot change it, because " + why + ": restart the exporter";
  };
  if (running.metrics.prefix != next.metrics.prefix)
    return refusal("metrics.prefix", "every series would have another name");
  if (running.metrics.customer_label != next.metrics.customer_label)
    return refusal("metrics.customer_label", "every series would have other labels");
  if (before.privacy != after.privacy) {
    return refusal("metrics.customer_key_file",
                   "hashes are made and kept answers are sealed with what is in it");
  }
  return {};
}

// As systemd wants it: RELOADING=1, and READY=1 when it is over, well or badly.
class ReloadNotice {
 public:
  ReloadNotice(const ServiceManager& manager, const Clock& clock) : manager_(manager) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        clock.steady().time_since_epoch());  // CLOCK_MONOTONIC, which the steady clock is
    manager_.tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
  }
  ~ReloadNotice() { manager_.tell("READY=1"); }
  ReloadNotice(const ReloadNotice&) = delete;
  ReloadNotice& operator=(const ReloadNotice&) = delete;

 private:
  const ServiceManager& manager_;
};

}  // namespace

Reload::Reload(Parts parts, Configuration running)
    : parts_(std::move(parts)),
      running_(std::move(running)),
      stamps_(stamps_of(running_.settings)) {}

Reload::Stamps Reload::stamps_of(const Settings& settings) {
  Stamps stamps;
  for (const SettingLine& line : setting_lines(settings)) {
    if (line.kind == SettingLine::Kind::kFile)
      stamps[line.key] = {line.value, file_stamp(line.value)};
  }
  return stamps;
}

Status Reload::now() {
  const std::scoped_lock lock(mutex_);
  return reload();
}

std::optional<Status> Reload::now_unless_busy() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return std::nullopt;
  return reload();
}

Status Reload::reload() {
  const ReloadNotice notice(parts_.manager, parts_.clock);
  Status done = try_to_reload();
  if (!done) {
    parts_.telemetry.config_refused();
    log_error("The configuration is not reloaded, the one of before stays",
              {{"error", done.error().message}});
  }
  return done;
}

Status Reload::try_to_reload() {
  try {
    auto next = load_configuration(parts_.file, parts_.clock.wall());
    return next ? bring_in(std::move(*next)) : Status(next.error());
  } catch (const std::exception& failure) {  // no memory, or no thread for a new account
    return Error{.kind = ErrorKind::kInternal,
                 .message = std::string(failure.what()) +
                            ": there is no room for it; restart the exporter, some of the accounts "
                            "may be without their threads"};
  }
}

Status Reload::bring_in(Configuration next) {
  const std::string refusal = needs_a_restart(running_, next);
  if (!refusal.empty()) {
    return Error{.kind = ErrorKind::kSettings, .message = path_text(parts_.file) + ": " + refusal};
  }
  std::vector<std::string> changes = changes_between(running_.settings, next.settings);
  Stamps stamps = stamps_of(next.settings);
  for (const auto& [key, stamp] : stamps) {
    const auto before = stamps_.find(key);
    if (before == stamps_.end() || before->second.first != stamp.first) continue;
    if (before->second.second != stamp.second) changes.push_back(key + ": the file changed");
  }
  for (const std::string& change : changes)
    log_info("Reloading the configuration", {{"change", change}});
  if (Status applied = parts_.fleet.apply(next.settings); !applied) return applied;
  parts_.telemetry.config_loaded(parts_.clock.wall(), next.digest);
  parts_.telemetry.series_limit(next.settings.limits.series);
  log_info("The configuration is reloaded", {{"changes", changes.size()}});
  running_ = std::move(next);
  stamps_ = std::move(stamps);
  return Done{};
}

}  // namespace pce
