#pragma once
// How the accounts are that are polled now, for our own pages and the watchdog. Any thread.
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/commands/fleet.h"
#include "exporter/polling/explainer.h"
#include "exporter/web/routes.h"

namespace pce {

// Ready: every account's first round has ended, and none waits for a human.
Readiness readiness(const Fleet& fleet);
// See who_hangs().
std::string hanging(const Fleet& fleet, SteadyTime::duration patience);
CustomerAnswer explained(const Fleet& fleet, const CustomerQuestion& question);
std::vector<std::string> names_of(const Fleet& fleet);

}  // namespace pce
