#include "exporter/settings/flags.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pce {
namespace {

constexpr std::size_t kColumn = 32;

constexpr std::array<FlagInfo, 13> kFlags{{
    {"Configuration", "--config.file", "FILE", "The configuration. Default: partner_center.yml"},
    {"Configuration", "--config.check", "",
     "Read the configuration, print a verdict and exit: 0 good, 2 bad."},
    {"Web", "--web.listen-address", "ADDR",
     "Where to listen, HOST:PORT; may be given several times. Default: :10365"},
    {"Web", "--web.telemetry-path", "PATH", "Where the metrics are. Default: /metrics"},
    {"Web", "--web.config.file", "FILE", "TLS and passwords. Not supported yet."},
    {"Storage", "--storage.path", "DIR",
     "Keep the last answers for a warm restart. Not supported yet."},
    {"Logs", "--log.level", "LEVEL", "debug, info, warn or error. Default: info"},
    {"Logs", "--log.format", "FORMAT", "logfmt or json. Default: logfmt"},
    {"Sharing the work", "--shard", "N",
     "Which part of the customers is ours. Only 0 is supported yet."},
    {"Sharing the work", "--total-shards", "M",
     "How many parts there are. Only 1 is supported yet."},
    {"About", "--version", "", "Print the version and exit."},
    {"About", "--help", "", "Print this text and exit; -h does the same."},
    {"About", "-h", "", ""},
}};

constexpr std::array<CommandInfo, 6> kCommands{{
    {"metrics", "Print the reference of all metrics (METRICS.md).", true},
    {"check", "Not supported yet.", false},
    {"login", "Not supported yet.", false},
    {"doctor", "Not supported yet.", false},
    {"plan", "Not supported yet.", false},
    {"explain", "Not supported yet.", false},
}};

std::string line(std::string_view left, std::string_view right) {
  std::string out = "  " + std::string(left);
  out.append(out.size() < kColumn ? kColumn - out.size() : 2, ' ');
  return out + std::string(right) + "\n";
}

}  // namespace

std::span<const FlagInfo> flags() { return kFlags; }
std::span<const CommandInfo> commands() { return kCommands; }

std::string help_text() {
  std::string out =
      "Prometheus exporter for Microsoft Partner Center licence insights.\n"
      "\n"
      "Usage:\n"
      "  partner_center_exporter [FLAG]...    run the exporter\n"
      "  partner_center_exporter COMMAND      see below\n";
  std::string_view group;
  for (const FlagInfo& flag : kFlags) {
    if (flag.help.empty()) continue;  // a short form, told beside its long one
    if (flag.group != group) {
      group = flag.group;
      out += "\n" + std::string(group) + ":\n";
    }
    out += line(std::string(flag.name) + (flag.value.empty() ? "" : "=" + std::string(flag.value)),
                flag.help);
  }
  out += "\nCommands:\n";
  for (const CommandInfo& command : kCommands) out += line(command.name, command.help);
  out += "\nExit status: 0 fine, 1 it failed, 2 wrong usage or configuration.\n";
  return out;
}

}  // namespace pce
