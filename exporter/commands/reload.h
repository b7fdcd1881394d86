#pragma once
// Brings a changed configuration file into the running exporter: wholly, or not at all.
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/commands/configuration.h"
#include "exporter/commands/fleet.h"
#include "exporter/commands/service_manager.h"
#include "exporter/telemetry/process_telemetry.h"

namespace pce {

class Reload {
 public:
  struct Parts {  // outlive it
    std::filesystem::path file;
    Fleet& fleet;
    ProcessTelemetry& telemetry;
    Clock& clock;
    const ServiceManager& manager;
  };
  // `running`: what the fleet was begun with.
  Reload(Parts parts, Configuration running);

  // Reads and judges the file as at start, says in the log what is different, and applies it.
  // Errors: why the configuration of before stays, as log and metrics say, too. Any thread; waits
  // for a reload going on.
  Status now();
  // The same, but nullopt where one is going on.
  std::optional<Status> now_unless_busy();

 private:
  Status reload();  // the following want the mutex held
  Status try_to_reload();
  Status bring_in(Configuration next);

  // Of the files that settings name, by key: path and stamp.
  using Stamps = std::map<std::string, std::pair<std::string, std::string>>;
  static Stamps stamps_of(const Settings& settings);

  const Parts parts_;
  std::mutex mutex_;
  Configuration running_;
  Stamps stamps_;
};

}  // namespace pce
