#pragma once
// The configuration file as it is judged at start, and at every reload in the same way.
#include <filesystem>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/commands/customer_privacy.h"
#include "exporter/settings/settings.h"

namespace pce {

struct Configuration {
  Settings settings{};
  std::string digest{};  // SHA-256 of the file
  CustomerPrivacy privacy{};
};

// Reads the file and those named in it; contacts nobody. Errors: kSettings, one mistake a line.
Result<Configuration> load_configuration(const std::filesystem::path& file, WallTime now);

}  // namespace pce
