#pragma once
// All that the status page and /api/v1/status tell, as one value.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "exporter/polling/customer_ranking.h"
#include "exporter/polling/status.h"
#include "exporter/store/series_budget.h"

namespace pce {

struct SiteStatus {
  WallTime now{};
  WallTime started{};
  std::string version{};      // free text
  std::string ailing{};       // why only a restart helps; empty: healthy
  std::string waiting_for{};  // why not ready; empty: ready
  SeriesCount series{};
  std::vector<AccountStatus> accounts{};             // in the order of the configuration
  std::shared_ptr<const CustomerRanking> ranking{};  // never null
  std::int64_t spare_licenses = 0;                   // see RankingRules
};

}  // namespace pce
