#pragma once
// What the service manager's watchdog is fed: proof that every account's poller gets on with it.
#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/heart.h"
#include "exporter/commands/service_manager.h"

namespace pce {

struct Watched {
  std::string account;
  const Heart* heart;
};

// The accounts whose pollers are overdue by more than `patience`, a line each without a line feed
// at the end; empty: none.
std::string who_hangs(std::span<const Watched> accounts, SteadyTime::duration patience);

// A duty: feeds the watchdog until `stop`, and lets it starve while a heart is overdue by more than
// half its interval, so that we are restarted. Returns at once where there is no watchdog.
// `who_hangs`: as above, about whoever is watched at that time.
using WhoHangs = std::function<std::string(SteadyTime::duration patience)>;
void feed_watchdog(const ServiceManager& manager, const WhoHangs& who_hangs, Clock& clock,
                   std::stop_token stop);

}  // namespace pce
