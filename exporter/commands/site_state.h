#pragma once
// What the running exporter says of itself on its pages: of the accounts there are now, and of the
// configuration they were made from.
#include <string>

#include "exporter/commands/fleet.h"
#include "exporter/polling/customer_ranking.h"
#include "exporter/web/site_status.h"

namespace pce {

// The references must outlive it. Any thread.
class SiteState {
 public:
  SiteState(const Fleet& fleet, const SnapshotStore& store, const Clock& clock, std::string version)
      : fleet_(fleet),
        store_(store),
        clock_(clock),
        version_(std::move(version)),
        started_(clock.wall()),
        ranker_(store) {}

  SiteStatus status();         // without `ailing` and `waiting_for`
  std::string config() const;  // in YAML, see settings_yaml()

 private:
  const Fleet& fleet_;
  const SnapshotStore& store_;
  const Clock& clock_;
  const std::string version_;
  const WallTime started_;
  CustomerRanker ranker_;
};

}  // namespace pce
