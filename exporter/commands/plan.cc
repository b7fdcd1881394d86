#include "exporter/commands/plan.h"

#include <algorithm>
#include <cstdio>

#include <prometheus/registry.h>

#include "exporter/commands/account.h"
#include "exporter/commands/account_survey.h"
#include "exporter/commands/plan_report.h"
#include "exporter/commands/terminal.h"
#include "exporter/commands/version.h"
#include "exporter/settings/message_text.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// Everything an account needs, and nothing of the daemon: nobody listens, nothing is polled.
class Surveyor {
 public:
  Surveyor(const Settings& settings, std::size_t sample, Terminal& terminal)
      : settings_(settings), sample_(sample), terminal_(terminal) {}

  PlannedAccount survey(const AccountSettings& settings) {
    Account account({version_, clock_, labels_, store_, registry_, telemetry_}, settings,
                    settings_);
    if (const Status begun = account.entra().begin(); !begun)
      return {.facts = {.name = settings.name, .failure = begun.error()}};
    AccountSurvey survey(
        {account.client(), account.calls(), registry_, labels_, clock_}, account.poller().plan(),
        sample_, [&](const std::string& line) { terminal_.progress(settings.name + ": " + line); });
    PlannedAccount planned{.facts = survey.run({})};
    if (!planned.facts.failure) planned.reckoning = reckon(planned.facts, settings_);
    return planned;
  }

 private:
  const Settings& settings_;
  const std::size_t sample_;
  Terminal& terminal_;
  const std::string version_ = build_info().version;
  SystemClock clock_;
  prometheus::Registry registry_;
  ProcessTelemetry telemetry_{registry_, build_info(), clock_.wall()};
  LabelPool labels_;
  SnapshotStore store_{static_cast<std::size_t>(settings_.limits.series)};
};

int wrong(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 2;
}

std::string names_of(const Settings& settings) {
  std::string names;
  for (const AccountSettings& account : settings.accounts)
    names += (names.empty() ? "" : ", ") + account.name;
  return names;
}

}  // namespace

int plan(const CommandLine& command_line) {
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  const auto settings = load_settings(command_line.config_file);
  if (!settings) return wrong(settings.error().message);
  const auto wanted = [&](const AccountSettings& account) {
    return command_line.account.empty() || account.name == command_line.account;
  };
  if (std::ranges::none_of(settings->accounts, wanted)) {
    return wrong(path_text(command_line.config_file) + ": has no account " +
                 in_quotes(command_line.account) + ", wanted one of: " + names_of(*settings));
  }

  Terminal terminal;
  Surveyor surveyor(*settings, static_cast<std::size_t>(command_line.sample), terminal);
  PlanReport report;
  std::vector<AccountReckoning> reckoned;
  for (const AccountSettings& account : settings->accounts) {
    if (!wanted(account)) continue;
    report.accounts.push_back(surveyor.survey(account));
    if (const auto& reckoning = report.accounts.back().reckoning) reckoned.push_back(*reckoning);
  }
  report.series = reckon_series(reckoned, *settings);
  terminal.print(command_line.output == CommandLine::Output::kJson
                     ? plan_json(report, *settings)
                     : plan_text(report, *settings, terminal));
  return report.fits() ? 0 : 1;
}

}  // namespace pce
