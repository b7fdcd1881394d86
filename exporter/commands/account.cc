#include "exporter/commands/account.h"

#include <algorithm>

#include "exporter/commands/account_choice.h"
#include "exporter/commands/transport_options.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/partner_center/resellers.h"

namespace pce {
namespace {

std::vector<std::string> collectors_of(const Settings& settings) {
  std::vector<std::string> names = settings.collectors;
  // Who reads partner-wide insights only reads no customer list.
  const auto about_customers = [](const std::string& collector) {
    return find_data_set(collector)->scope == Scope::kCustomer;
  };
  if (std::ranges::any_of(names, about_customers)) names.emplace_back(customer_info().collector);
  return names;
}

std::vector<std::string> operations_of(const Settings& settings) {
  std::vector<std::string> names = collectors_of(settings);
  names.emplace_back("token");
  if (settings.resellers) names.emplace_back(kRelationshipsOperation);
  return names;
}

EntraTokenSource::Account entra_account(const AccountSettings& account) {
  return {.login = account.endpoints.login,
          .tenant_id = std::string(account.tenant_id.text()),
          .client_id = account.client_id,
          .resource = account.endpoints.resource,
          .refresh_token_file = account.refresh_token_file};
}

std::vector<std::string> token_states() {
  std::vector<std::string> names;
  for (const TokenState state : kTokenStates) names.emplace_back(name_of(state));
  return names;
}

CachedTokenSource::Options token_options(const std::filesystem::path& config_file,
                                         const std::string& account) {
  const std::string flags = account_flags(config_file, account);
  return {.partner = account,
          .login_command = "partner_center_exporter login" + flags,
          .doctor_command = "partner_center_exporter doctor" + flags};
}

SourceRules source_rules(const Settings& settings) {
  SourceRules rules{
      .fixed = std::nullopt, .reexamine = settings.reexamine, .patience = settings.interval};
  if (settings.source == InsightSource::kClassic) rules.fixed = Source::kClassic;
  if (settings.source == InsightSource::kCommercial) rules.fixed = Source::kCommercial;
  return rules;
}

AccountPoller::Plan plan_of(const AccountSettings& account, const Settings& settings,
                            const CustomerNaming& naming) {
  AccountPoller::Plan plan{
      .partner = account.name,
      .data_sets = {},
      .interval = settings.interval,
      .stale_after = settings.stale_after,
      .concurrency = settings.limits.concurrency,
      .requests_per_minute = settings.limits.requests_per_minute,
      .source = source_rules(settings),
      .guard = {.min_rows_percent = settings.guard.min_rows_percent,
                .confirmations = settings.guard.confirmations,
                .over = settings.guard.over},
      .customers = CustomerFilter(settings.customers_include, settings.customers_exclude),
      .resellers = settings.resellers,
      .targets = TargetChoice(settings.targets.customers),
      .processed_date = settings.processed_date,
      .tenant = std::string(account.tenant_id.text()),
      .naming = naming,
      .collectors = collectors_of(settings),
      .operations = operations_of(settings)};
  for (const std::string& collector : settings.collectors)
    plan.data_sets.push_back(find_data_set(collector));
  return plan;
}

Governor::Limits limits_of(const Settings& settings) {
  return {.requests_per_minute = settings.limits.requests_per_minute,
          .concurrency = settings.limits.concurrency};
}

bool proves_itself(const AccountSettings& account) {
  return ClientCredential(account.client_id, account.credential).is_confidential();
}

}  // namespace

Account::Account(const House& house, const AccountSettings& account, const Settings& settings)
    : name_(account.name),
      version_(house.version),
      calls_(house.registry, account.name, operations_of(settings)),
      polls_(house.registry, account.name, collectors_of(settings)),
      token_telemetry_(house.registry, account.name, token_states()),
      heart_(house.clock),
      beating_clock_(house.clock, heart_),
      governor_(beating_clock_, limits_of(settings)),
      transport_(transport_options(account.network, house.version)),
      beating_transport_(transport_, house.clock, heart_),
      credential_(account.client_id, account.credential),
      entra_({beating_transport_, governor_, house.clock, calls_}, credential_,
             entra_account(account)),
      tokens_(entra_, house.clock, token_options(house.config_file, account.name)),
      client_(beating_transport_, tokens_, governor_, beating_clock_, calls_,
              {.api_base = account.endpoints.api,
               .application = "partner_center_exporter",
               .words =
                   house.naming.shows_names() ? ServiceWords::kRepeated : ServiceWords::kKeptBack}),
      poller_({client_, house.store, house.labels, calls_, polls_, beating_clock_, tokens_,
               house.keeper},
              plan_of(account, settings, house.naming)),
      explainer_({.poller = poller_,
                  .store = house.store,
                  .clock = house.clock,
                  .paused_for = [this] { return governor_.paused_for(); },
                  .token_trouble = [this] { return no_token(); }}),
      reporter_({.poller = poller_,
                 .clock = house.clock,
                 .sign_in = [this] { return tokens_.status(); },
                 .credentials = [this] { return entra_.ends(); },
                 .throttling = [this] { return throttling(); }}) {}

bool Account::is_same(const AccountSettings& account, const AccountSettings& other) {
  return account.name == other.name && account.tenant_id == other.tenant_id &&
         account.client_id == other.client_id && account.endpoints.api == other.endpoints.api &&
         account.endpoints.login == other.endpoints.login &&
         account.endpoints.resource == other.endpoints.resource &&
         proves_itself(account) == proves_itself(other);
}

void Account::adopt(const AccountSettings& account, const Settings& settings) {
  governor_.limits_are(limits_of(settings));
  transport_.options_are(transport_options(account.network, version_));
  credential_.files_are(account.credential);
  entra_.refresh_token_file_is(account.refresh_token_file);
  poller_.change(plan_of(account, settings, poller_.plan()->naming));
}

void Account::show_state() {
  const Throttling now = throttling();
  calls_.api_budget(now.calls_left, now.paused_for, now.pace, now.retries_left);
  show_token();
}

std::optional<std::string> Account::no_token() const {
  const TokenStatus status = tokens_.status();
  if (status.served) return std::nullopt;
  return status.message + (status.command.empty() ? "" : ". Run: " + status.command);
}

Throttling Account::throttling() const {
  return {.paused_for = governor_.paused_for(),
          .pace = governor_.pace(),
          .calls_left = governor_.tokens(),
          .retries_left = governor_.retries_left()};
}

void Account::show_token() {
  const TokenStatus status = tokens_.status();
  const CredentialEnds ends = entra_.ends();
  token_telemetry_.show({.state = name_of(status.state),
                         .refresh_token_ends = ends.refresh_token,
                         .client_certificate_ends = ends.client_certificate,
                         .access_token_ends = status.access_token_ends,
                         .mfa_compliant = status.mfa_compliant,
                         .refresh_token_stored = ends.refresh_token_stored});
}

}  // namespace pce
