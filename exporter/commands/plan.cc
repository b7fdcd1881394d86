#include "exporter/commands/plan.h"

#include <cstdio>
#include <stop_token>
#include <utility>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/commands/account.h"
#include "exporter/commands/account_choice.h"
#include "exporter/commands/account_survey.h"
#include "exporter/commands/interruption.h"
#include "exporter/commands/plan_report.h"
#include "exporter/commands/terminal.h"
#include "exporter/commands/version.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// Everything an account needs, and nothing of the daemon: nobody listens, nothing is polled.
class Surveyor {
 public:
  Surveyor(const Settings& settings, std::size_t sample, Terminal& terminal)
      : settings_(settings), sample_(sample), terminal_(terminal) {}

  PlannedAccount survey(const AccountSettings& settings, std::stop_token stop) {
    Account account({version_, clock_, labels_, store_, registry_}, settings, settings_);
    if (const Status begun = account.entra().begin(); !begun)
      return {.facts = {.name = settings.name, .failure = begun.error()}};
    AccountSurvey survey(
        {account.client(), account.calls(), registry_, labels_, clock_}, *account.poller().plan(),
        sample_, [&](const std::string& line) { terminal_.progress(settings.name + ": " + line); });
    PlannedAccount planned{.facts = survey.run(std::move(stop))};
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
  LabelPool labels_;
  SnapshotStore store_{static_cast<std::size_t>(settings_.limits.series)};
};

int wrong(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 2;
}

}  // namespace

int plan(const CommandLine& command_line) {
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  const auto settings = load_settings(command_line.config_file);
  if (!settings) return wrong(settings.error());
  std::vector<const AccountSettings*> accounts;
  if (command_line.account.empty()) {
    for (const AccountSettings& account : settings->accounts) accounts.push_back(&account);
  } else {
    const auto chosen = chosen_account(*settings, command_line.account);
    if (!chosen) return wrong(chosen.error());
    accounts.push_back(*chosen);
  }

  const Interruption interruption;
  Terminal terminal;
  Surveyor surveyor(*settings, static_cast<std::size_t>(command_line.sample), terminal);
  PlanReport report;
  std::vector<AccountReckoning> reckoned;
  for (const AccountSettings* account : accounts) {
    report.accounts.push_back(surveyor.survey(*account, interruption.token()));
    if (const auto& reckoning = report.accounts.back().reckoning) reckoned.push_back(*reckoning);
  }
  report.series = reckon_series(reckoned, *settings);
  terminal.print(command_line.output == CommandLine::Output::kJson
                     ? plan_json(report, *settings)
                     : plan_text(report, *settings, terminal));
  return report.fits() ? 0 : 1;
}

}  // namespace pce
