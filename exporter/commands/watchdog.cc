#include "exporter/commands/watchdog.h"

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// Says which poller is not getting on.
bool all_alive(std::span<const Watched> accounts, SteadyTime::duration patience, bool say) {
  bool alive = true;
  for (const Watched& watched : accounts) {
    const auto overdue = watched.heart->overdue();
    if (overdue <= patience) continue;
    alive = false;
    if (!say) continue;
    log_error("A poller has stopped and the watchdog is not fed any more: expecting a restart",
              {{"partner", watched.account},
               {"overdue_seconds", std::chrono::duration<double>(overdue).count()}});
  }
  return alive;
}

}  // namespace

void feed_watchdog(const ServiceManager& manager, std::span<const Watched> accounts, Clock& clock,
                   std::stop_token stop) {
  if (!manager.watchdog()) return;
  const SteadyTime::duration interval = *manager.watchdog();
  bool fed = true;
  do {
    const bool alive = all_alive(accounts, interval / 2, fed);
    if (alive) manager.tell("WATCHDOG=1");
    if (alive && !fed) log_info("All pollers get on again, the watchdog is fed");
    fed = alive;
  } while (clock.wait_until(clock.steady() + interval / 4, stop));
}

}  // namespace pce
