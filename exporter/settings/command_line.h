#pragma once
// What was asked for on the command line, read and judged.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exporter/settings/listen_address.h"

namespace pce {

struct CommandLine {
  enum class Command { kRun, kCheck, kLogin, kDoctor, kPlan, kExplain, kHealthcheck, kMetrics };
  enum class LogLevel { kDebug, kInfo, kWarn, kError };
  enum class LogFormat { kLogfmt, kJson };

  Command command = Command::kRun;
  std::filesystem::path config_file = "partner_center.yml";
  bool config_check = false;
  std::vector<ListenAddress> listen_addresses{
      {.host = "", .port = 10365}};  // at least one, none twice
  bool systemd_socket = false;       // instead of them
  std::optional<std::filesystem::path> web_config_file{};
  std::string telemetry_path = "/metrics";
  int max_requests = 40;  // scrapes of one address at once; 0: no limit
  std::optional<std::filesystem::path> storage_path{};  // a folder, which may be missing
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
  int shard = 0;
  int total_shards = 1;

  // Of the commands.
  enum class Output { kText, kJson };
  std::string account{};  // login, doctor, plan, explain; empty: not said
  Output output = Output::kText;
  bool device_code = false;                             // login
  bool no_browser = false;                              // login
  std::uint16_t callback_port = 0;                      // login; 0: any free port
  bool allow_no_mfa = false;                            // login
  std::string customer{};                               // doctor, explain: an id or a name
  int sample = 100;                                     // plan: customers, at least 1
  std::string exporter_url = "http://localhost:10365";  // of the running one; no slash at its end
  // What it is asked with: explain, healthcheck. Empty: the system's authorities, no password, no
  // certificate of ours; certificate and key are both there or neither is.
  std::filesystem::path exporter_ca_file{};
  std::filesystem::path exporter_login_file{};
  std::filesystem::path exporter_cert_file{};
  std::filesystem::path exporter_key_file{};
};

// Print `text` and exit: with status 0 it goes to standard output (help, version), else to standard
// error.
struct Farewell {
  std::string text;  // ends in a line feed
  int exit_status;
};

// `version_text`: what --version prints, with or without a line feed at its end.
std::variant<CommandLine, Farewell> parse_command_line(int argc, const char* const* argv,
                                                       std::string_view version_text);

}  // namespace pce
