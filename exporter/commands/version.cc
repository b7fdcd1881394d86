#include "exporter/commands/version.h"

namespace pce {

std::string version_text() {
  const BuildInfo build = build_info();
  return "partner_center_exporter, version " + build.version + " (branch: " + build.branch +
         ", revision: " + build.revision + ")\n  compiler:   " + build.compiler +
         "\n  platform:   " + build.os + "/" + build.arch + "\n";
}

}  // namespace pce
