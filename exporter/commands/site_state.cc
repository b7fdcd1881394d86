#include "exporter/commands/site_state.h"

#include "exporter/settings/settings_yaml.h"

namespace pce {

SiteStatus SiteState::status() {
  const auto settings = fleet_.settings();
  const TargetSettings& targets = settings->targets;
  SiteStatus status{.now = clock_.wall(),
                    .started = started_,
                    .version = version_,
                    .series = store_.series(),
                    .ranking = ranker_.ranking({.spare_licenses = targets.spare_licenses,
                                                .ignored_products = targets.ignored_products}),
                    .spare_licenses = targets.spare_licenses};
  for (const auto& account : fleet_.accounts())
    status.accounts.push_back(account->reporter().status());
  return status;
}

std::string SiteState::config() const { return settings_yaml(*fleet_.settings()); }

}  // namespace pce
