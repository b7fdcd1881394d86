#include "exporter/commands/account.h"

#include <algorithm>

#include "exporter/commands/transport_options.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/partner_center/resellers.h"
#include "exporter/settings/secret_file.h"

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
  std::function<Result<Secret>()> secret;
  if (account.client_secret_file)
    secret = [file = *account.client_secret_file] { return read_secret_file(file); };
  return {.login = account.endpoints.login,
          .tenant_id = account.tenant_id.text(),
          .client_id = account.client_id,
          .resource = account.endpoints.resource,
          .refresh_token_file = account.refresh_token_file,
          .client_secret = std::move(secret)};
}

SourceRules source_rules(const Settings& settings) {
  SourceRules rules{
      .fixed = std::nullopt, .reexamine = settings.reexamine, .patience = settings.interval};
  if (settings.source == InsightSource::kClassic) rules.fixed = Source::kClassic;
  if (settings.source == InsightSource::kCommercial) rules.fixed = Source::kCommercial;
  return rules;
}

AccountPoller::Plan plan_of(const AccountSettings& account, const Settings& settings) {
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
      .processed_date = settings.processed_date};
  for (const std::string& collector : settings.collectors)
    plan.data_sets.push_back(find_data_set(collector));
  return plan;
}

}  // namespace

Account::Account(const House& house, const AccountSettings& account, const Settings& settings)
    : name_(account.name),
      calls_(house.registry, account.name, operations_of(settings)),
      polls_(house.registry, account.name, collectors_of(settings)),
      governor_(house.clock, {.requests_per_minute = settings.limits.requests_per_minute,
                              .concurrency = settings.limits.concurrency}),
      transport_(transport_options(account.network, house.version)),
      entra_({transport_, governor_, house.clock, calls_}, entra_account(account)),
      tokens_(entra_, house.clock),
      client_(transport_, tokens_, governor_, house.clock, calls_,
              {.api_base = account.endpoints.api, .application = "partner_center_exporter"}),
      poller_({client_, house.store, house.labels, calls_, polls_, house.clock},
              plan_of(account, settings)),
      explainer_({.poller = poller_,
                  .store = house.store,
                  .clock = house.clock,
                  .paused_for = [this] { return governor_.paused_for(); },
                  .token_trouble = [] { return std::optional<std::string>(); }}) {
  house.telemetry.before_collect([this] {
    calls_.api_budget(governor_.tokens(), governor_.paused_for(), governor_.pace(),
                      governor_.retries_left());
  });
}

}  // namespace pce
