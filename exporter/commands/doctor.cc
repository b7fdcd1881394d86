#include "exporter/commands/doctor.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/base/guid.h"
#include "exporter/commands/account.h"
#include "exporter/commands/account_choice.h"
#include "exporter/commands/customer_privacy.h"
#include "exporter/commands/doctor_access.h"
#include "exporter/commands/doctor_customer.h"
#include "exporter/commands/doctor_network.h"
#include "exporter/commands/doctor_report.h"
#include "exporter/commands/terminal.h"
#include "exporter/commands/version.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

constexpr std::chrono::seconds kCallTimeout{30};

// One account's walk. Whatever fails, the steps behind it are skipped.
class Walk {
 public:
  // `flags`: what belongs behind a command that somebody is told to type.
  Walk(const Settings& settings, const CustomerNaming& naming, std::string flags,
       std::function<void(const StepReport&)> taken, std::function<void(const std::string&)> begins)
      : settings_(settings),
        naming_(naming),
        flags_(std::move(flags)),
        taken_(std::move(taken)),
        begins_(std::move(begins)) {}

  AccountReport through(const AccountSettings& account_settings, const std::string& customer);

 private:
  // Takes the step unless an earlier one failed.
  void step(const char* name, const std::function<Finding()>& look) {
    if (ended_) return take({.step = name, .finding = {.verdict = StepVerdict::kSkipped}});
    begins_(name);
    const SteadyTime begin = clock_.steady();
    Finding finding = look();
    const std::chrono::duration<double> seconds = clock_.steady() - begin;
    take({.step = name, .finding = std::move(finding), .seconds = seconds.count()});
  }
  void take(StepReport report) {
    complete_command(report.finding.fix);
    ended_ = ended_ || report.finding.verdict == StepVerdict::kFailed;
    taken_(report);
    report_.steps.push_back(std::move(report));
  }

  void complete_command(std::string& fix) const {
    constexpr std::string_view kLogin = "partner_center_exporter login";
    if (const auto at = fix.find(kLogin); at != std::string::npos)
      fix.insert(at + kLogin.size(), flags_);
  }

  const Settings& settings_;
  const CustomerNaming& naming_;
  const std::string flags_;
  const std::function<void(const StepReport&)> taken_;
  const std::function<void(const std::string&)> begins_;
  const std::string version_ = build_info().version;
  SystemClock clock_;
  prometheus::Registry registry_;
  LabelPool labels_;
  SnapshotStore store_;
  AccountReport report_;
  bool ended_ = false;
};

AccountReport Walk::through(const AccountSettings& settings, const std::string& customer) {
  report_ = {.name = settings.name};
  ended_ = false;
  Account account({.version = version_,
                   .clock = clock_,
                   .labels = labels_,
                   .store = store_,
                   .registry = registry_,
                   .naming = naming_},
                  settings, settings_);
  // The daemon's client but for its patience: a human waits for the first answer, good or bad.
  PartnerCenterClient client(account.transport(), account.tokens(), account.governor(), clock_,
                             account.calls(),
                             {.api_base = settings.endpoints.api,
                              .application = "partner_center_exporter",
                              .retry = {.attempts = 1},
                              .timeout = kCallTimeout});
  const std::string correlation_id = new_guid();

  begins_("the way to the services");
  for (StepReport& step : look_at_network(account.transport(), settings.endpoints, clock_.wall()))
    take(std::move(step));
  TokenLook token;
  step("token", [&] {
    token = look_at_token(account, clock_.wall());
    return token.finding;
  });
  AccessLook access;
  const auto take_access = [&](const char* name, Finding AccessLook::*finding) {
    step(name, [&] { return access.*finding; });
  };
  step("consent and role", [&] {
    access = look_at_access(account, client, token.claims, correlation_id);
    return access.consent;
  });
  take_access("mfa", &AccessLook::mfa);
  take_access("customer list", &AccessLook::list);
  CustomerLook look({client, account.calls(), labels_, clock_}, *account.poller().plan());
  step("customer",
       [&] { return look.look_at_customer(access.customers.customers, customer, correlation_id); });
  step("preview", [&] { return look.preview(settings_.metrics.prefix); });
  return std::move(report_);
}

int wrong(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 2;
}

}  // namespace

int doctor(const CommandLine& command_line) {
  // A full disk and a broken pipe are errors of the call that meets them, not the end of the
  // process.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  // What is wrong stands in the report; the log would say it again.
  set_up_log(LogLevel::kNone, LogFormat::kLogfmt);
  const auto settings = load_settings(command_line.config_file);
  if (!settings) return wrong(settings.error().message);
  const auto privacy = customer_privacy(settings->metrics);
  if (!privacy) return wrong(privacy.error().message);
  std::vector<const AccountSettings*> wanted;
  if (command_line.account.empty()) {
    for (const AccountSettings& account : settings->accounts) wanted.push_back(&account);
  } else {
    const auto account = chosen_account(*settings, command_line.account);
    if (!account) return wrong("partner_center_exporter: " + account.error().message);
    wanted.push_back(*account);
  }

  Terminal terminal;
  const bool as_text = command_line.output == CommandLine::Output::kText;
  std::vector<AccountReport> reports;
  for (const AccountSettings* account : wanted) {
    if (as_text) terminal.line(terminal.coloured(Colour::kBold, account->name));
    Walk walk(
        *settings, privacy->naming, account_flags(command_line.config_file, account->name),
        [&](const StepReport& step) {
          if (as_text) terminal.print(step_text(step, terminal));
        },
        [&](const std::string& what) { terminal.progress(account->name + ": " + what + " …"); });
    reports.push_back(walk.through(*account, command_line.customer));
    if (as_text) terminal.print(verdict_text(reports.back(), terminal));
  }
  if (!as_text) terminal.print(doctor_json(reports));
  return std::ranges::all_of(reports, all_is_well) ? 0 : 1;
}

}  // namespace pce
