#include "deploy/package/documents.h"
#include "exporter/settings/flags.h"

namespace pce {

std::string defaults_file() {
  std::string out =
      "# Flags for the service partner-center-exporter, beside --config.file and --storage.path, "
      "which its\n"
      "# unit gives. systemd splits the value at blanks; quotes inside the value hold words "
      "together, and a\n"
      "# backslash is written twice. After a change: systemctl restart partner-center-exporter\n"
      "ARGS=\"\"\n"
      "\n"
      "# All there is:\n";
  for (const FlagInfo& flag : flags()) {
    const bool of_unit = flag.name == "--config.file" || flag.name == "--storage.path";
    const bool prints_and_exits = flag.group == "About" || flag.name == "--config.check";
    if (flag.help.empty() || !takes("run", flag) || of_unit || prints_and_exits) continue;
    out += "#  " + std::string(flag.name) +
           (flag.value.empty() ? "" : "=" + std::string(flag.value)) + "\n#      " +
           std::string(flag.help) + "\n";
  }
  return out;
}

}  // namespace pce
