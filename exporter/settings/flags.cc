#include "exporter/settings/flags.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pce {
namespace {

constexpr std::size_t kColumn = 32;

constexpr std::array<FlagInfo, 28> kFlags{{
    {"Configuration", "--config.file", "FILE", "The configuration. Default: partner_center.yml",
     "run check login doctor plan"},
    {"Configuration", "--config.check", "",
     "Read the configuration, print a verdict and exit: 0 good, 2 bad.", "run"},
    {"Web", "--web.listen-address", "ADDR",
     "Where to listen, HOST:PORT or unix:/PATH; repeatable. Default: :10365", "run"},
    {"Web", "--web.systemd-socket", "",
     "Listen on the sockets that systemd hands over, and nowhere else.", "run"},
    {"Web", "--web.telemetry-path", "PATH", "Where the metrics are. Default: /metrics", "run"},
    {"Web", "--web.max-requests", "N",
     "Scrapes of one address answered at once; 0: no limit. Default: 40", "run"},
    {"Web", "--web.config.file", "FILE",
     "TLS, passwords and headers, as Prometheus and its exporters have them.", "run check"},
    {"Storage", "--storage.path", "DIR",
     "Keep the last answers in this folder and show them again after a restart.", "run"},
    {"Logs", "--log.level", "LEVEL", "debug, info, warn or error. Default: info", "run"},
    {"Logs", "--log.format", "FORMAT", "logfmt or json. Default: logfmt", "run"},
    {"Sharing the work", "--shard", "N",
     "Which part of the customers is ours. Only 0 is supported yet.", "run"},
    {"Sharing the work", "--total-shards", "M",
     "How many parts there are. Only 1 is supported yet.", "run"},
    {"Flags of the commands", "--account", "NAME",
     "doctor, plan, explain: this account only; login needs it if there are several",
     "login doctor plan explain"},
    {"Flags of the commands", "--output", "FORMAT",
     "check, doctor, plan, explain: text or json. Default: text", "check doctor plan explain"},
    {"Flags of the commands", "--device-code", "",
     "login: type a code on another device instead of returning to this one.", "login"},
    {"Flags of the commands", "--no-browser", "", "login: print the address and open nothing.",
     "login"},
    {"Flags of the commands", "--port", "PORT",
     "login: where the browser comes back to. Default: any free port", "login"},
    {"Flags of the commands", "--allow-no-mfa", "",
     "login: store the token even if it shows no multi-factor sign-in.", "login"},
    {"Flags of the commands", "--customer", "ID",
     "doctor: the customer to read. Default: the first of the list", "doctor"},
    {"Flags of the commands", "--sample", "N",
     "plan: how many customers to read before reckoning. Default: 100", "plan"},
    {"Flags of the commands", "--exporter.url", "URL",
     "explain, healthcheck: where the exporter is. Default: http://localhost:10365",
     "explain healthcheck"},
    {"Flags of the commands", "--exporter.ca-file", "FILE",
     "explain, healthcheck: whom to trust, instead of the system's authorities.",
     "explain healthcheck"},
    {"Flags of the commands", "--exporter.login-file", "FILE",
     "explain, healthcheck: holds NAME:PASSWORD, where a password is wanted.",
     "explain healthcheck"},
    {"Flags of the commands", "--exporter.cert-file", "FILE",
     "explain, healthcheck: our certificate, where one is wanted.", "explain healthcheck"},
    {"Flags of the commands", "--exporter.key-file", "FILE", "explain, healthcheck: its key.",
     "explain healthcheck"},
    {"About", "--version", "", "Print the version and exit.", "run"},
    {"About", "--help", "", "Print this text and exit; -h does the same.", "run"},
    {"About", "-h", "", "", "run"},
}};

constexpr std::array<CommandInfo, 7> kCommands{{
    {"login", "", "Sign in once and store the token the exporter lives on."},
    {"check", "", "Say whether the configuration is right, and where it is not."},
    {"doctor", "", "Try every step from the network to the metrics and say what to mend."},
    {"plan", "", "Reckon calls, time and series of a round before anything starts."},
    {"explain", "CUSTOMER", "Ask the running exporter why a customer has, or lacks, series."},
    {"healthcheck", "", "Ask the running exporter whether it is healthy; says nothing if it is."},
    {"metrics", "", "Print the reference of all metrics (METRICS.md)."},
}};

constexpr std::string_view kPurpose =
    "Prometheus exporter for Microsoft Partner Center licence insights";
constexpr std::string_view kExitStatus = "0 fine, 1 it failed, 2 wrong usage or configuration.";

constexpr std::array<std::string_view, 4> kLogLevels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kLogFormats{"logfmt", "json"};
constexpr std::array<std::string_view, 2> kOutputs{"text", "json"};

std::string line(std::string_view left, std::string_view right) {
  std::string out = "  " + std::string(left);
  out.append(out.size() < kColumn ? kColumn - out.size() : 2, ' ');
  return out + std::string(right) + "\n";
}

}  // namespace

std::span<const FlagInfo> flags() { return kFlags; }
std::span<const CommandInfo> commands() { return kCommands; }
std::string_view purpose() { return kPurpose; }
std::string_view exit_status() { return kExitStatus; }

std::span<const std::string_view> choices(std::string_view flag) {
  if (flag == "--log.level") return kLogLevels;
  if (flag == "--log.format") return kLogFormats;
  if (flag == "--output") return kOutputs;
  return {};
}

bool takes(std::string_view command, const FlagInfo& flag) {
  const std::string all = " " + std::string(flag.commands) + " ";
  return all.find(" " + std::string(command) + " ") != std::string::npos;
}

std::string help_text() {
  std::string out(kPurpose);
  out +=
      ".\n"
      "\n"
      "Usage:\n"
      "  partner_center_exporter [FLAG]...            run the exporter\n"
      "  partner_center_exporter COMMAND [FLAG]...    see below\n";
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
  for (const CommandInfo& command : kCommands) {
    const std::string operand = command.operand.empty() ? "" : " " + std::string(command.operand);
    out += line(std::string(command.name) + operand, command.help);
  }
  out += "\nExit status: ";
  out += kExitStatus;
  out += '\n';
  return out;
}

}  // namespace pce
