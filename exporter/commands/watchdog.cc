#include "exporter/commands/watchdog.h"

#include "exporter/telemetry/log.h"

namespace pce {

std::string who_hangs(std::span<const Watched> accounts, SteadyTime::duration patience) {
  std::string hanging;
  for (const Watched& watched : accounts) {
    const auto overdue = watched.heart->overdue();
    if (overdue <= patience) continue;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(overdue).count();
    hanging.append(hanging.empty() ? "" : "\n").append(watched.account);
    hanging.append(": its poller has not been heard of for ").append(std::to_string(seconds));
    hanging.append(" s longer than it should");
  }
  return hanging;
}

void feed_watchdog(const ServiceManager& manager, const WhoHangs& who_hangs, Clock& clock,
                   std::stop_token stop) {
  if (!manager.watchdog()) return;
  const SteadyTime::duration interval = *manager.watchdog();
  bool fed = true;
  do {
    const std::string hanging = who_hangs(interval / 2);
    if (hanging.empty()) manager.tell("WATCHDOG=1");
    if (!hanging.empty() && fed)
      log_error("The watchdog is not fed any more: expecting a restart", {{"why", hanging}});
    if (hanging.empty() && !fed) log_info("All pollers get on again, the watchdog is fed");
    fed = hanging.empty();
  } while (clock.wait_until(clock.steady() + interval / 4, stop));
}

}  // namespace pce
