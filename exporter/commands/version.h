#pragma once
// What this program was built from. The version number stands in the top CMakeLists.txt and nowhere
// else.
#include <string>

#include "exporter/telemetry/process_telemetry.h"

namespace pce {

BuildInfo build_info();

// What --version prints.
std::string version_text();

}  // namespace pce
