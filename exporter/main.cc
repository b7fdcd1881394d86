// Reads the command line and hands over to a command.
#include <cstdio>

#include "exporter/commands/check.h"
#include "exporter/commands/doctor.h"
#include "exporter/commands/explain.h"
#include "exporter/commands/healthcheck.h"
#include "exporter/commands/login.h"
#include "exporter/commands/metrics.h"
#include "exporter/commands/plan.h"
#include "exporter/commands/run.h"
#include "exporter/commands/version.h"
#include "exporter/settings/command_line.h"

int main(int argc, char** argv) {
  const auto parsed = pce::parse_command_line(argc, argv, pce::version_text());
  if (const auto* farewell = std::get_if<pce::Farewell>(&parsed)) {
    std::fputs(farewell->text.c_str(), farewell->exit_status == 0 ? stdout : stderr);
    return farewell->exit_status;
  }
  const auto& command_line = std::get<pce::CommandLine>(parsed);
  using Command = pce::CommandLine::Command;
  switch (command_line.command) {
    case Command::kRun:
      return command_line.config_check ? pce::check(command_line) : pce::run(command_line);
    case Command::kCheck:
      return pce::check(command_line);
    case Command::kExplain:
      return pce::explain(command_line);
    case Command::kHealthcheck:
      return pce::healthcheck(command_line);
    case Command::kMetrics:
      std::fputs(pce::metrics_reference().c_str(), stdout);
      return 0;
    case Command::kPlan:
      return pce::plan(command_line);
    case Command::kLogin:
      return pce::login(command_line);
    case Command::kDoctor:
      return pce::doctor(command_line);
  }
  return 2;
}
